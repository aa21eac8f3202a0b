"""Decides a parsed message against the stored record: recorded, a repeat, or quarantined. Pure."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from reliefstream_contracts.identifiers import CountId, CountyName, RecordId, Source
from reliefstream_contracts.receipts import Problem
from reliefstream_contracts.records import CaseRecorded, Count, Person, RapSheetRecorded, SourceRecord
from services.ingest.core.counties import CountyIntake
from services.ingest.core.court.cases import case_content, digest
from services.ingest.core.doj.file.unit import Place, PlacedRow
from services.ingest.core.doj.file.uniting import DojRecord, unite
from services.ingest.core.doj.file.withheld import withheld_unit
from services.ingest.core.doj.rap_sheet.rap_sheet import RapSheet, rap_sheet
from services.ingest.core.intake_problems import (
    COUNTY_CONVICTION_SEALED,
    EVENT_LIMIT,
    LEFT_OUT,
    MAY_BE_SEALED,
    OLDER_EXTRACT,
    OLDER_REVISION,
    REVISION_CONFLICT,
    TOO_LARGE,
    no_conviction,
)
from services.ingest.core.parsed import ParsedCase, ParsedRows
from services.ingest.core.sealing.rap_sheet import (
    Read,
    Remaining,
    counts_as_published,
    keeps_conviction,
    without,
)
from services.ingest.core.sealing.seal import Held

NOBODY = Person()
"""Of a withdrawn record: nothing is said of whom it was about."""
_PUBLISHED = "published/"
NOTHING_HELD = Held(frozenset(), in_doubt=frozenset(), was_the_countys=False)


Status = Literal["recorded", "repeat", "quarantined"]


class KnownCase(NamedTuple):
    """The stored facts of a case: the digest of its content, and its place."""

    digest: str
    """Of what was sent; ``published_digest`` of a case that a sealed count was taken out of, until it is sent again."""
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


HoldAgainstSeals = Callable[[Person, Sequence[Count]], Held]
"""Compares a record with the seals on its places."""


def decide(
    stored: StoredRecord | None,
    parsed: ParsedRows | ParsedCase,
    intake: CountyIntake,
    received_on: date,
    hold: HoldAgainstSeals | None = None,
    *,
    above: int = 0,
) -> IntakeDecision:
    """The decision on one more parsed message of a record; ``stored`` None: none is stored yet.

    ``hold`` None: no seal is on a place of the record. What it leaves out is neither stored nor published. ``above``:
    the number from which the events of a record count on of which nothing was recorded (erased_numbers.py).
    """
    if isinstance(parsed, ParsedCase):
        return _decide_case(stored, parsed, intake, hold, above)
    return _decide_rap_sheet(stored, parsed, intake, received_on, hold, above=above)


def _decide_rap_sheet(
    stored: StoredRecord | None,
    parsed: ParsedRows,
    intake: CountyIntake,
    received_on: date,
    hold: HoldAgainstSeals | None,
    *,
    above: int,
) -> IntakeDecision:
    decision = _unite(stored, parsed, intake, received_on, hold, above=above)
    if TOO_LARGE not in decision.problems:
        return decision
    kept_back = replace(parsed, unit=withheld_unit(parsed.unit, TOO_LARGE))
    lacking = _unite(stored, kept_back, intake, received_on, hold, above=above)
    return replace(decision, stored=lacking.stored, event=lacking.event)


def _unite(
    stored: StoredRecord | None,
    parsed: ParsedRows,
    intake: CountyIntake,
    received_on: date,
    hold: HoldAgainstSeals | None,
    *,
    above: int,
) -> IntakeDecision:
    refused = tuple(row.problem for row in parsed.unit.refused)
    held = stored.content if stored and isinstance(stored.content, DojRecord) else None
    record, change = unite(held, parsed.extract, parsed.unit)
    sequence = stored.sequence if stored else 0
    if change == "older_extract" and parsed.unit.rows:
        return IntakeDecision("repeat", stored, problems=(OLDER_EXTRACT, *refused))
    if change == "older_extract":
        return IntakeDecision("quarantined", stored, problems=refused)
    if change == "nothing_new" and sequence > 0 and parsed.unit.rows:
        return IntakeDecision("repeat", stored, problems=refused)
    after = StoredRecord(intake.county, "doj", RecordId(parsed.record_id), record.extract, sequence, record)
    if not record.rows:
        return IntakeDecision("quarantined", after, problems=refused)

    def read(placed: Sequence[PlacedRow]) -> RapSheet:
        return rap_sheet(placed, intake, received_on)

    sheet = read(record.placed)
    if record.published is not None:
        sheet = sheet._replace(counts=counts_as_published(held, record, sheet, read))
        after = replace(after, content=record._replace(published=sheet.counts))
    found = hold(sheet.person, sheet.counts) if hold else NOTHING_HELD
    if found.in_doubt and parsed.unit.rows:
        return IntakeDecision("quarantined", stored, problems=(MAY_BE_SEALED, *refused))
    if found.left_out:
        remaining = without(record, sheet.counts, found.left_out)
        sheet = sheet_without(sheet, remaining, read)
        after = replace(after, content=remaining.record)
        refused = (LEFT_OUT, *refused)
    elif found.was_the_countys and parsed.unit.rows and not sheet.convicted_in(intake):
        refused = (COUNTY_CONVICTION_SEALED, *refused)
    ours = sheet.convicted_in(intake) or (found.was_the_countys and keeps_conviction(sheet.counts))
    nothing_else = found.left_out and after.content == held
    nothing_left = (found.left_out or found.was_the_countys) and not (sequence or ours)
    if parsed.unit.rows and (nothing_else or nothing_left):
        return IntakeDecision("repeat", stored, problems=refused)
    problems = refused if ours or found.was_the_countys else (no_conviction(parsed.unit), *refused)
    if change == "nothing_new" or (sequence == 0 and not ours):
        return IntakeDecision("quarantined", after, problems=problems)
    event = rap_sheet_event(after, sheet, intake.county, ours=ours, above=above)
    if not parsed.unit.rows:  # little more than what was recorded before
        return IntakeDecision("recorded", replace(after, sequence=event.sequence), event, problems)
    return _recorded(stored, after, event, problems)


def sheet_without(sheet: RapSheet, remaining: Remaining, read: Read) -> RapSheet:
    """The rap sheet without the rows that are gone: its person and registrations as the other rows have them."""
    placed = remaining.record.placed
    return (read(placed) if placed else sheet)._replace(counts=remaining.counts)


def rap_sheet_event(
    after: StoredRecord, sheet: RapSheet, county: CountyName, *, ours: bool, above: int = 0
) -> RapSheetRecorded:
    """The next event of a rap sheet, of which this is to be stored. ``ours``: it is the county's to send."""
    return RapSheetRecorded(
        county=county,
        record_id=after.record_id,
        revision=after.revision,
        sequence=(after.sequence or above) + 1,
        # A person without a conviction here is not this county's to know about.
        withdrawn=not ours,
        person=sheet.person if ours else NOBODY,
        counts=sheet.counts if ours else (),
        doubts=sheet.doubts if ours else (),
        registrations=sheet.registrations if ours else (),
        deceased=ours and sheet.deceased,
        deceased_on=sheet.deceased_on if ours else None,
        refused_rows=after.content.refused_rows if isinstance(after.content, DojRecord) else 0,
    )


def _decide_case(
    stored: StoredRecord | None,
    parsed: ParsedCase,
    intake: CountyIntake,
    hold: HoldAgainstSeals | None,
    above: int,
) -> IntakeDecision:
    case, place = parsed.case, parsed.place
    known = stored.content if stored and isinstance(stored.content, KnownCase) else None
    if stored and known and case.revision < stored.revision:
        return IntakeDecision("repeat", stored, problems=(OLDER_REVISION,))
    sequence = stored.sequence if stored else above
    left_out: frozenset[CountId] = frozenset()
    problems: tuple[Problem, ...] = ()
    nothing_left = False
    same_revision = stored is not None and case.revision == stored.revision
    if hold and not (same_revision and known and known.digest == digest(case, parsed.unread)):
        event = _case_event(parsed, intake, sequence, left_out)
        found = hold(event.person, event.counts)
        if found.in_doubt:
            return IntakeDecision("quarantined", stored, problems=(MAY_BE_SEALED,))
        left_out = found.left_out
        problems = (LEFT_OUT,) if left_out else ()
        rest = [count for count in event.counts if count.count_id not in left_out]
        if (left_out or found.was_the_countys) and not case.withdrawn and not keeps_conviction(rest):
            # The case of what was sealed, with nothing else to keep it for: what was undecided has ended since.
            nothing_left = True
            problems = problems or (COUNTY_CONVICTION_SEALED,)
            left_out = frozenset(count.count_id for count in event.counts)
    content = _digest_without(parsed, left_out)
    if stored and known and same_revision:
        # The same revision, read by a profile that was corrected since, is read anew.
        anew = parsed.profile not in ("", known.profile)
        same = known.digest == content
        if known.digest.startswith(_PUBLISHED):
            same = known.digest == published_digest(_case_event(parsed, intake, sequence, left_out))
        if not same and not anew:
            return IntakeDecision("quarantined", stored, problems=(REVISION_CONFLICT,))
        if same and known.place.order() <= place.order():
            known = known._replace(digest=content, profile=parsed.profile if anew else known.profile)
            return IntakeDecision("repeat", replace(stored, content=known), problems=problems)
    if nothing_left and stored is None:
        return IntakeDecision("repeat", None, problems=problems)
    event = _case_event(parsed, intake, sequence, left_out)
    if nothing_left:
        event = event.replace(withdrawn=True, person=NOBODY, counts=(), doubts=())
    after = StoredRecord(
        intake.county,
        "court",
        event.record_id,
        case.revision,
        sequence,
        KnownCase(content, place, parsed.profile),
    )
    return _recorded(stored, after, event, problems)


def _case_event(
    parsed: ParsedCase, intake: CountyIntake, sequence: int, left_out: frozenset[CountId]
) -> CaseRecorded:
    case = parsed.case
    person, counts, doubts = case_content(case, intake, parsed.place, parsed.unread)
    if case.withdrawn:
        person, counts, doubts = NOBODY, (), ()
    if left_out:
        counts = tuple(count for count in counts if count.count_id not in left_out)
    return CaseRecorded(
        county=intake.county,
        record_id=RecordId(parsed.record_id),
        revision=case.revision,
        sequence=sequence + 1,
        withdrawn=case.withdrawn,
        person=person,
        counts=counts,
        doubts=doubts,
        record_status=case.record_status,
    )


def _digest_without(parsed: ParsedCase, left_out: frozenset[CountId]) -> str:
    if not left_out:
        return digest(parsed.case, parsed.unread)
    charges = tuple(charge for charge in parsed.case.charges if charge.charge_number not in left_out)
    unread = tuple(each for each in parsed.unread if each.charge not in left_out)
    return digest(parsed.case.model_copy(update={"charges": charges}), unread)


def published_digest(event: CaseRecorded) -> str:
    """The digest of what a case's event says, but for its sequence and its place in a file."""
    counts = tuple(count.replace(file_sha256=None, file_row=None) for count in event.counts)
    return _PUBLISHED + hashlib.sha256(event.replace(sequence=1, counts=counts).to_json()).hexdigest()


def _recorded(
    stored: StoredRecord | None, after: StoredRecord, event: SourceRecord, problems: tuple[Problem, ...]
) -> IntakeDecision:
    encoded = event.to_json()
    if len(encoded) > EVENT_LIMIT:
        return IntakeDecision("quarantined", stored, problems=(TOO_LARGE, *problems))
    after = StoredRecord(
        after.county, after.source, after.record_id, after.revision, event.sequence, after.content
    )
    return IntakeDecision("recorded", after, event, problems, encoded)
