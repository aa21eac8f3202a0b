"""What becomes of a stored record of which a count is sealed. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.identifiers import CountId
from reliefstream_contracts.records import CaseRecorded, Count, Person, SourceRecord
from services.ingest.core.counties import CountyIntake
from services.ingest.core.doj.file.unit import PlacedRow
from services.ingest.core.doj.file.uniting import DojRecord
from services.ingest.core.doj.rap_sheet.rap_sheet import RapSheet, rap_sheet
from services.ingest.core.intake_decision import (
    KnownCase,
    StoredRecord,
    published_digest,
    rap_sheet_event,
    sheet_without,
)
from services.ingest.core.sealing.rap_sheet import counts_as_published, keeps_conviction, without


class Forgotten(NamedTuple):
    """``person`` and ``counts``: of the record as it was. ``stored`` and ``event``: what is stored and published next;
    both None: nothing, as no conviction is left in it."""

    person: Person
    counts: tuple[Count, ...]
    stored: StoredRecord | None
    event: SourceRecord | None


def rap_sheet_without(
    record: StoredRecord, held: DojRecord, sealed: Collection[CountId], intake: CountyIntake, today: date
) -> Forgotten:
    """A rap sheet without these counts; the county keeps it as long as any conviction is in it. Raises ValueError where
    it has no row."""

    def read(placed: Sequence[PlacedRow]) -> RapSheet:
        return rap_sheet(placed, intake, today)

    sheet = read(held.placed)
    sheet = sheet._replace(counts=counts_as_published(held, held, sheet, read))
    present = {count.count_id for count in sheet.counts}.intersection(sealed)
    if not present:
        return Forgotten(sheet.person, sheet.counts, record, None)
    remaining = without(held, sheet.counts, present)
    after = sheet_without(sheet, remaining, read)
    if not keeps_conviction(after.counts):
        return Forgotten(sheet.person, sheet.counts, None, None)
    stored = replace(record, content=remaining.record)
    event = rap_sheet_event(stored, after, intake.county, ours=True)
    return Forgotten(sheet.person, sheet.counts, replace(stored, sequence=event.sequence), event)


def case_without(
    record: StoredRecord, known: KnownCase, last: CaseRecorded, sealed: Collection[CountId]
) -> Forgotten:
    """A court's case, of which ``last`` was published, without these counts."""
    counts = tuple(count for count in last.counts if count.count_id not in sealed)
    if len(counts) == len(last.counts):
        return Forgotten(last.person, last.counts, record, None)
    if not keeps_conviction(counts):
        return Forgotten(last.person, last.counts, None, None)
    event = last.replace(counts=counts, sequence=record.sequence + 1)
    content = known._replace(digest=published_digest(event))
    return Forgotten(
        last.person, last.counts, replace(record, sequence=event.sequence, content=content), event
    )
