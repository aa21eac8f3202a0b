"""Decides a parsed message against the stored record: recorded, a repeat, or quarantined. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from reliefstream_contracts.identifiers import CountyName, RecordId, Source
from reliefstream_contracts.receipts import Problem
from reliefstream_contracts.records import CaseRecorded, RapSheetRecorded, SourceRecord
from services.ingest.core.counties import CountyIntake
from services.ingest.core.court.cases import case_content, digest
from services.ingest.core.doj.file.unit import Place, ReadUnit
from services.ingest.core.doj.file.uniting import DojRecord, unite
from services.ingest.core.doj.file.withheld import withheld_unit
from services.ingest.core.doj.rap_sheet.rap_sheet import rap_sheet
from services.ingest.core.parsed import ParsedCase, ParsedRows
from services.ingest.core.source_location import SourceLocation, header_location

EVENT_LIMIT = 900_000
"""Bytes of the largest event, below what Kafka takes by default (1 MiB)."""

Status = Literal["recorded", "repeat", "quarantined"]


class KnownCase(NamedTuple):
    """The stored facts of a case: the digest of its content, and its place."""

    digest: str
    place: Place
    profile: str = ""
    """The fingerprint of the profile that it was read by; empty for the strict JSON."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as ingest stores it. ``sequence`` 0: nothing of it was ever recorded."""

    county: CountyName
    source: Source
    record_id: RecordId
    revision: int
    sequence: int
    content: DojRecord | KnownCase


@dataclass(frozen=True, slots=True)
class IntakeDecision:
    """``stored`` is the record to store, None for none. ``event``: for a recorded message, and for a quarantined one
    that makes the stored record incomplete.
    """

    status: Status
    stored: StoredRecord | None
    event: SourceRecord | None = None
    problems: tuple[Problem, ...] = ()
    encoded: bytes | None = None
    """The event as JSON, where it was encoded to learn its size."""


def decide(
    stored: StoredRecord | None, parsed: ParsedRows | ParsedCase, intake: CountyIntake, received_on: date
) -> IntakeDecision:
    """The decision on one more parsed message of a record; ``stored`` None: none is stored yet."""
    if isinstance(parsed, ParsedCase):
        return _decide_case(stored, parsed, intake)
    return _decide_rap_sheet(stored, parsed, intake, received_on)


def _decide_rap_sheet(
    stored: StoredRecord | None, parsed: ParsedRows, intake: CountyIntake, received_on: date
) -> IntakeDecision:
    decision = _unite(stored, parsed, intake, received_on)
    if _TOO_LARGE not in decision.problems:
        return decision
    kept_back = replace(parsed, unit=withheld_unit(parsed.unit, _TOO_LARGE))
    lacking = _unite(stored, kept_back, intake, received_on)
    return replace(decision, stored=lacking.stored, event=lacking.event)


def _unite(
    stored: StoredRecord | None, parsed: ParsedRows, intake: CountyIntake, received_on: date
) -> IntakeDecision:
    refused = tuple(row.problem for row in parsed.unit.refused)
    before = stored.content if stored else None
    record, change = unite(before if isinstance(before, DojRecord) else None, parsed.extract, parsed.unit)
    sequence = stored.sequence if stored else 0
    if change == "older_extract" and parsed.unit.rows:
        return IntakeDecision("repeat", stored, problems=(_OLDER_EXTRACT, *refused))
    if change == "older_extract":
        return IntakeDecision("quarantined", stored, problems=refused)
    if change == "nothing_new" and sequence > 0 and parsed.unit.rows:
        return IntakeDecision("repeat", stored, problems=refused)
    record_id = RecordId(parsed.record_id)
    after = StoredRecord(intake.county, "doj", record_id, record.extract, sequence, record)
    if not record.rows:
        return IntakeDecision("quarantined", after, problems=refused)
    sheet = rap_sheet(record.placed, intake, received_on)
    ours = sheet.convicted_in(intake)
    problems = refused if ours else (_no_conviction(parsed.unit), *refused)
    if change == "nothing_new" or (sequence == 0 and not ours):
        return IntakeDecision("quarantined", after, problems=problems)
    event = RapSheetRecorded(
        county=intake.county,
        record_id=record_id,
        revision=record.extract,
        sequence=sequence + 1,
        # A person without a conviction here is not this county's to know about.
        withdrawn=not ours,
        person=sheet.person,
        counts=sheet.counts if ours else (),
        doubts=sheet.doubts if ours else (),
        registrations=sheet.registrations if ours else (),
        deceased=sheet.deceased,
        deceased_on=sheet.deceased_on,
        refused_rows=record.refused_rows,
    )
    if not parsed.unit.rows:  # little more than what was recorded before
        return IntakeDecision("recorded", replace(after, sequence=event.sequence), event, problems)
    return _recorded(stored, after, event, problems)


def _decide_case(stored: StoredRecord | None, parsed: ParsedCase, intake: CountyIntake) -> IntakeDecision:
    case, place = parsed.case, parsed.place
    content = digest(case, parsed.unread)
    sequence = stored.sequence if stored else 0
    if stored is not None and isinstance(stored.content, KnownCase):
        if case.revision < stored.revision:
            return IntakeDecision("repeat", stored, problems=(_OLDER_REVISION,))
        if case.revision == stored.revision:
            # The same revision, read by a profile that was corrected since, is read anew.
            anew = parsed.profile not in ("", stored.content.profile)
            if stored.content.digest != content and not anew:
                return IntakeDecision("quarantined", stored, problems=(_REVISION_CONFLICT,))
            if stored.content.digest == content and stored.content.place.order() <= place.order():
                known = stored.content._replace(profile=parsed.profile) if anew else stored.content
                return IntakeDecision("repeat", replace(stored, content=known))
    record_id = RecordId(parsed.record_id)
    after = StoredRecord(
        intake.county, "court", record_id, case.revision, sequence, KnownCase(content, place, parsed.profile)
    )
    person, counts, doubts = case_content(case, intake, place, parsed.unread)
    event = CaseRecorded(
        county=intake.county,
        record_id=record_id,
        revision=case.revision,
        sequence=sequence + 1,
        withdrawn=case.withdrawn,
        person=person,
        counts=counts,
        doubts=doubts,
        record_status=case.record_status,
    )
    return _recorded(stored, after, event, ())


def _recorded(
    stored: StoredRecord | None, after: StoredRecord, event: SourceRecord, problems: tuple[Problem, ...]
) -> IntakeDecision:
    encoded = event.model_dump_json().encode()
    if len(encoded) > EVENT_LIMIT:
        return IntakeDecision("quarantined", stored, problems=(_TOO_LARGE, *problems))
    after = StoredRecord(
        after.county, after.source, after.record_id, after.revision, event.sequence, after.content
    )
    return IntakeDecision("recorded", after, event, problems, encoded)


def _no_conviction(unit: ReadUnit) -> Problem:
    """Names the rows where they have numbers, as no text may name the person."""
    numbers = sorted(placed.place.number for placed in unit.rows if placed.place.number is not None)
    first = numbers[0] if numbers else None
    where = SourceLocation(row=first, other_rows=tuple(numbers[1:]), column="STP_ORI_CNTY_NAME")
    return where.problem(
        "no_conviction_in_county",
        "no row of this person is a conviction in this county",
        "correct the refused rows first: the conviction may stand in one of them"
        if unit.refused
        else "send the person through the county of conviction; if it is this one, correct the rows",
    )


_OLDER_EXTRACT = header_location("extract").problem(
    "older_extract",
    "a later extract of this person is on file; this one changes nothing",
    "nothing to do; if this is the newer one, send it with a later --extract DATE",
)
_OLDER_REVISION = SourceLocation(path="revision").problem(
    "older_revision",
    "a higher revision of this case is on file; this one changes nothing",
    "nothing to do; if this is the newer one, send it with a higher revision",
)
_REVISION_CONFLICT = SourceLocation(path="revision").problem(
    "revision_conflict",
    "another content of this case came with the same revision",
    "send what is right with a higher revision",
)
_TOO_LARGE = SourceLocation("record").problem(
    "record_too_large",
    f"the record makes more than {EVENT_LIMIT:,} bytes",
    "split it at its source; a court case by defendant or case number",
)
