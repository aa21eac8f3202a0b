"""What is kept of what was refused at the door. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.receipts import Problem
from services.ingest.claimed import Claimed, claimed
from services.ingest.decision import Decision
from services.ingest.formats.file_lines import in_file
from services.ingest.formats.profile import Profile
from services.ingest.formats.profile_masking import masked_unit
from services.ingest.masking import masked_message
from services.ingest.quarantine_identity import content_id
from services.ingest.reading import ReadCase, Reading, ReadRows
from services.ingest.sending import Sending

Kind = Literal["record", "rows"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One refused message (``record``), or the refused rows of a recorded rap sheet (``rows``); ``raw`` is masked.

    ``revision``: as the source counts; None where it could not be read. ``again``: it was tried again, not sent.
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
    again: bool = False


def entry_of(
    sending: Sending, reading: Reading, decision: Decision, profile: Profile | None, day: date
) -> Entry | None:
    """The entry that a decision makes; None: nothing was refused. ``day``: today in the county."""
    headers: Mapping[str, str] = sending.headers
    form = headers.get("format", "").strip().lower()
    raw, problems = sending.value, decision.problems
    kind: Kind = "record"

    def masked(value: bytes) -> bytes:
        return masked_unit(profile, value) if form == "court" and profile else masked_message(form, value)

    refused = reading.unit.refused if isinstance(reading, ReadRows) else ()
    if decision.status == "recorded" and refused:
        raw = b"\n".join(row.raw for row in refused)
        numbers = [row.place.number for row in refused]
        headers = {name: value for name, value in headers.items() if name != "rows"}
        if all(number is not None for number in numbers):
            headers = {**headers, "rows": ",".join(map(str, numbers))}
        problems, kind = tuple(row.problem for row in refused), "rows"
    elif decision.status != "quarantined":
        return None
    kept = masked(raw)
    # Where all rows are refused, what is on file decides whether it is a record or rows: the content is the same.
    of_rows = kind == "record" and isinstance(reading, ReadRows) and not reading.unit.rows
    content = masked(b"\n".join(row.raw for row in refused)) if of_rows else kept
    identity = _identity(sending, reading, profile)
    return Entry(
        quarantine_id=sending.resubmitted or content_id(sending.county, headers, reading, identity, content),
        county=sending.county,
        receipt_id=sending.receipt_id,
        kind=kind,
        form=form[:20],
        record_id=identity.record_id,
        revision=identity.revision,
        day=day,
        problems=in_file(problems, sending.headers),
        headers=headers,
        raw=kept,
        again=sending.resubmitted is not None,
    )


def _identity(sending: Sending, reading: Reading, profile: Profile | None) -> Claimed:
    if isinstance(reading, ReadRows):
        return Claimed(reading.record_id, reading.extract)
    if isinstance(reading, ReadCase):
        return Claimed(reading.record_id, reading.case.revision)
    return claimed(sending, profile)
