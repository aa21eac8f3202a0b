"""The records of an identity in doubt, as each source gives its person, with how much the sides resemble each other."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import SubjectId
from reliefstream_contracts.records import Count, PersonName, SourceRecord
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.http.discrepancy_documents import CaseSaid, RecordSaid, Side
from services.reconciliation.linkage.identity.explanation import likeness
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.weights import Model
from services.reconciliation.store.locked_records import stored_record

NO_NAME = PersonName()
MOST_SIDES = 20
MOST_RECORDS = 50
"""Records of one side that are shown; a rap sheet and a case each is the usual."""


async def sides(db: Database, entry: DiscrepancyChanged, model: Model[Description] | None) -> list[Side]:
    """The subjects that hold the records which the entry names, in that order; those that are seen.

    Of an entry that names one record, as its other holders are too many to look at, that one alone.
    """
    named = [key for _, key in entry.values]
    rows = await db.fetch(
        "SELECT record_key, subject_id FROM records WHERE record_key = ANY ($1) AND NOT withdrawn", named
    )
    subject_of = {row["record_key"]: row["subject_id"] for row in rows}
    subjects = list(dict.fromkeys(subject_of[key] for key in named if key in subject_of))[:MOST_SIDES]
    held = [(subject, await _records(db, subject)) for subject in subjects]
    first = held[0][1] if held else []
    return [
        Side(
            subject_id=SubjectId(subject),
            records=[_said(record) for record in records[:MOST_RECORDS]],
            likeness=likeness(first, records, model) if at and model else None,
        )
        for at, (subject, records) in enumerate(held)
    ]


async def records_said(db: Database, subject: SubjectId) -> list[RecordSaid]:
    """What each record of a subject says of its person, as far as it is seen."""
    return [_said(record) for record in (await _records(db, subject))[:MOST_RECORDS]]


async def _records(db: Database, subject: UUID) -> list[SourceRecord]:
    rows = await db.fetch(
        "SELECT type, body FROM records WHERE subject_id = $1 AND NOT withdrawn ORDER BY record_key", subject
    )
    return [stored_record(row) for row in rows]


def _said(record: SourceRecord) -> RecordSaid:
    person = record.person
    name = person.name or NO_NAME
    return RecordSaid(
        record=record.key(),
        source=record.source,
        county=record.county,
        surname=name.surname,
        given_name=name.given,
        middle_name=name.middle,
        suffix=name.suffix,
        birth_date=person.birth_date,
        sex=person.sex,
        race=person.race,
        cii_numbers=list(person.cii_numbers),
        source_subject_id=person.source_subject_id,
        cases=list(_cases(record.counts)),
    )


def _cases(counts: Sequence[Count]) -> Iterable[CaseSaid]:
    """Each case of a record once, with its charges as they are shown."""
    by_case: dict[tuple[str | None, str | None], list[Count]] = {}
    for count in counts:
        by_case.setdefault((count.case_number, count.court), []).append(count)
    for (_, court), its in by_case.items():
        days = [one.conviction_date for one in its if one.conviction_date]
        yield CaseSaid(
            case_number=its[0].case_number,
            court=court,
            charges=list(dict.fromkeys(one.offense.shown for one in its)),
            conviction_date=min(days, default=None),
        )
