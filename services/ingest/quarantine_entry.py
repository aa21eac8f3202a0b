"""What is kept of what was refused at the door. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from reliefstream_contracts.identifiers import CountyName, derived
from reliefstream_contracts.receipts import Problem
from services.ingest.claimed import Claimed, claimed
from services.ingest.decision import Decision
from services.ingest.formats.file_lines import in_file
from services.ingest.formats.profile import Profile
from services.ingest.formats.profile_masking import masked_unit
from services.ingest.masking import masked_message
from services.ingest.reading import ReadCase, Reading, ReadRows
from services.ingest.sending import Sending

Kind = Literal["record", "rows"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One refused message (``record``), or the refused rows of a recorded rap sheet (``rows``); ``raw`` is masked.

    ``revision``: as the source counts; None where it could not be read.
    """

    quarantine_id: UUID
    county: CountyName
    receipt_id: str
    kind: Kind
    form: str
    record_id: str | None
    revision: int | None
    day: date
    problems: tuple[Problem, ...]
    headers: Mapping[str, str]
    raw: bytes


def entry_of(
    sending: Sending, reading: Reading, decision: Decision, profile: Profile | None, day: date
) -> Entry | None:
    """The entry that a decision makes; None: nothing was refused. ``day``: today in the county."""
    headers: Mapping[str, str] = sending.headers
    form = headers.get("format", "").strip().lower()
    raw, problems = sending.value, decision.problems
    kind: Kind = "record"
    if decision.status == "recorded" and isinstance(reading, ReadRows) and reading.unit.refused:
        refused = reading.unit.refused
        raw = b"\n".join(row.raw for row in refused)
        numbers = [row.place.number for row in refused]
        headers = {name: value for name, value in headers.items() if name != "rows"}
        if all(number is not None for number in numbers):
            headers = {**headers, "rows": ",".join(map(str, numbers))}
        problems, kind = tuple(row.problem for row in refused), "rows"
    elif decision.status != "quarantined":
        return None
    record_id, revision = _identity(sending, reading, profile)
    return Entry(
        quarantine_id=sending.resubmitted or derived("quarantine", sending.county, sending.receipt_id),
        county=sending.county,
        receipt_id=sending.receipt_id,
        kind=kind,
        form=form[:20],
        record_id=record_id,
        revision=revision,
        day=day,
        problems=in_file(problems, sending.headers),
        headers=headers,
        raw=masked_unit(profile, raw) if form == "court" and profile else masked_message(form, raw),
    )


def _identity(sending: Sending, reading: Reading, profile: Profile | None) -> Claimed:
    if isinstance(reading, ReadRows):
        return Claimed(reading.record_id, reading.extract)
    if isinstance(reading, ReadCase):
        return Claimed(reading.record_id, reading.case.revision)
    return claimed(sending, profile)
