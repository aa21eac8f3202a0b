"""A stored record without sealed counts, and the counts that are on file."""

from collections.abc import Collection
from datetime import datetime

from reliefstream_contracts.identifiers import CountId
from services.chassis.runtime.unit_of_work import Database
from services.ingest import store
from services.ingest.core.counties import intake
from services.ingest.core.doj.file.uniting import DojRecord
from services.ingest.core.intake_decision import StoredRecord
from services.ingest.core.sealing.facts import CountFacts, RecordKey, count_facts
from services.ingest.core.sealing.forgetting import Forgotten, case_without, rap_sheet_without
from services.ingest.profiles.counties import SendingCounties


async def without(
    db: Database,
    record: StoredRecord,
    sealed: Collection[CountId],
    sending_counties: SendingCounties,
    now: datetime,
) -> Forgotten | None:
    """What becomes of a record without these counts; None: nothing of it was ever published."""
    key = RecordKey(record.county, record.source, record.record_id)
    if isinstance(record.content, DojRecord):
        if not record.content.rows:
            return None
        county = sending_counties.get(record.county)
        own, today = (county.intake, county.day(now)) if county else (intake(key.county), now.date())
        return rap_sheet_without(record, record.content, sealed, own, today)
    last = await store.last_case(db, key)
    return case_without(record, record.content, last, sealed) if last else None


async def counts_on_file(
    db: Database, keys: Collection[RecordKey], sending_counties: SendingCounties, now: datetime
) -> dict[RecordKey, dict[str, CountFacts]]:
    """The counts of each of these records that was published, by their keys."""
    found = {}
    for stored in await store.read_records(db, keys):
        key = RecordKey(stored.county, stored.source, stored.record_id)
        if whole := await without(db, stored, (), sending_counties, now):
            found[key] = {facts.key: facts for facts in (count_facts(count, key) for count in whole.counts)}
    return found
