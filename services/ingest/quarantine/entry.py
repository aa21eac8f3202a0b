"""Entries of quarantine: what was refused at intake. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.receipts import Problem
from services.ingest.core.files.file_lines import in_file
from services.ingest.core.intake_decision import IntakeDecision
from services.ingest.core.message import Metadata, SourceMessage
from services.ingest.core.parsed import Parsed, ParsedCase, ParsedRows
from services.ingest.core.profile.profile import Profile
from services.ingest.core.record_identity import RecordIdentity, record_identity
from services.ingest.core.redacted_message import redacted_message
from services.ingest.quarantine.identity import content_id

Kind = Literal["record", "rows"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One refused message (``record``), or the refused rows of a recorded rap sheet (``rows``); ``raw`` is redacted.

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
    metadata: Metadata
    raw: bytes
    again: bool = False


def entry_of(
    message: SourceMessage, parsed: Parsed, decision: IntakeDecision, profile: Profile | None, day: date
) -> Entry | None:
    """The entry that a decision makes; None: nothing was refused. ``day``: today in the county."""
    refused = parsed.unit.refused if isinstance(parsed, ParsedRows) else ()
    if decision.status != "quarantined" and not (decision.status == "recorded" and refused):
        return None
    # With its trace context: what is resubmitted goes on under the same trace.
    metadata = replace(message.metadata, traceparent=message.traceparent)
    form = metadata.format
    raw, problems = message.value, decision.problems
    kind: Kind = "record"
    if decision.status == "recorded":
        raw = b"\n".join(row.raw for row in refused)
        numbers = [row.place.number for row in refused]
        known = tuple(number for number in numbers if number is not None)
        metadata = replace(metadata, rows=known if len(known) == len(numbers) else ())
        problems, kind = tuple(row.problem for row in refused), "rows"
    kept = redacted_message(form, profile, raw)
    # Where all rows are refused, what is on file decides whether it is a record or rows: the content is the same.
    of_rows = kind == "record" and isinstance(parsed, ParsedRows) and not parsed.unit.rows
    content = b"\n".join(row.raw for row in refused) if of_rows else kept
    identity = _identity(message, parsed, profile)
    return Entry(
        quarantine_id=message.resubmitted or content_id(message.county, metadata, parsed, identity, content),
        county=message.county,
        receipt_id=message.receipt_id,
        kind=kind,
        form=form[:20],
        record_id=identity.record_id,
        revision=identity.revision,
        day=day,
        problems=in_file(problems, metadata.line_offset),
        metadata=metadata,
        raw=kept,
        again=message.resubmitted is not None,
    )


def _identity(message: SourceMessage, parsed: Parsed, profile: Profile | None) -> RecordIdentity:
    if isinstance(parsed, ParsedRows):
        return RecordIdentity(parsed.record_id, parsed.extract)
    if isinstance(parsed, ParsedCase):
        return RecordIdentity(parsed.record_id, parsed.case.revision)
    return record_identity(message, profile)
