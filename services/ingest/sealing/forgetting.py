"""Ingest forgets a sealed conviction: in its records, in quarantine and in statements, in one transaction."""

from collections.abc import Iterable, Sequence

from reliefstream_contracts.identifiers import CountId, CountKey, record_key_of
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.relief import ReliefSealDue
from reliefstream_contracts.sealing import ConvictionForgotten
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Work
from services.ingest import store
from services.ingest.core.counties import intake
from services.ingest.core.doj.file.uniting import DojRecord
from services.ingest.core.intake_decision import StoredRecord
from services.ingest.core.sealing.facts import (
    CountFacts,
    RecordKey,
    conviction_facts,
    count_facts,
    person_facts,
)
from services.ingest.core.sealing.forgetting import Forgotten, case_without, rap_sheet_without
from services.ingest.core.sealing.seal import Seal, seal_of
from services.ingest.profiles.counties import SendingCounties
from services.ingest.quarantine import store as quarantine_store
from services.ingest.sealing import store as seal_store
from services.ingest.statements import store as statement_store


async def forget(
    due: Sequence[ReliefSealDue], work: Work, sending_counties: SendingCounties, keyed_hash: KeyedHash
) -> None:
    """Forgets each conviction, leaves a seal by which it is recognised when it comes again, and reports it."""
    if not due:
        return
    await statement_store.lock_out(work)
    wanted = {key for one in due for key in _records_of(one.conviction.counts)}
    # All at once and with a placeholder for what is not there, as intake locks them.
    records: dict[store.Key, StoredRecord] = await store.lock_records(work.db, wanted)
    if missing := wanted - records.keys():
        await store.delete(work.db, missing)
    seals = [await _forget(one, work, records, sending_counties, keyed_hash) for one in due]
    await seal_store.add(work.db, seals)
    await _forget_statements(frozenset(count for one in due for count in one.conviction.counts), work)
    for one in due:
        work.emit(ConvictionForgotten(relief_id=one.relief_id, service="ingest"))
    # After records, as at intake.
    await quarantine_store.erase(
        work.db, [(key.county, key.source, key.record_id) for key in wanted], work.now
    )


async def _forget(
    due: ReliefSealDue,
    work: Work,
    records: dict[store.Key, StoredRecord],
    sending_counties: SendingCounties,
    keyed_hash: KeyedHash,
) -> Seal:
    """Forgets one in its records; returns the seal by which it is recognised."""
    sealed = frozenset(due.conviction.counts)
    counts = [conviction_facts(due.conviction, key) for key in due.conviction.counts]
    beside: list[CountFacts] = []
    persons: set[tuple[str, str]] = set()
    for key in _records_of(due.conviction.counts):
        record = records.get(key)
        found = await _without(record, key, sealed, work, sending_counties) if record else None
        if record is None or found is None:
            continue
        for facts in (count_facts(count, key) for count in found.counts):
            (counts if facts.key in sealed else beside).append(facts)
        persons |= set(person_facts(found.person, key))
        if found.stored is None:
            work.erase(SourceRecord.TOPIC, _name(key))
            await store.delete(work.db, [key])
            del records[key]
        elif found.event is not None:
            work.emit(found.event)
            body = found.event.model_dump_json().encode()
            await store.write_records(work.db, [found.stored], {key: body})
            records[key] = found.stored
    return seal_of(
        due.relief_id,
        due.conviction.county,
        counts,
        beside=beside,
        persons=persons,
        hashed=keyed_hash.by_each_key,
    )


async def _without(
    record: StoredRecord,
    key: RecordKey,
    sealed: frozenset[CountKey],
    work: Work,
    sending_counties: SendingCounties,
) -> Forgotten | None:
    """What becomes of a record; None: nothing of it was ever published."""
    ids = {CountId(count.rsplit("/", 1)[1]) for count in sealed if record_key_of(count) == _name(key)}
    county = sending_counties.get(record.county)
    if isinstance(record.content, DojRecord):
        if not record.content.rows:
            return None
        own, today = (
            (county.intake, county.day(work.now)) if county else (intake(key.county), work.now.date())
        )
        return rap_sheet_without(record, record.content, ids, own, today)
    last = await store.last_case(work.db, key)
    return case_without(record, record.content, last, ids) if last else None


async def _forget_statements(sealed: frozenset[CountKey], work: Work) -> None:
    """Deletes the statements that name these counts alone; another goes on as a revision that names the others."""
    for statement in await statement_store.naming(work, sealed):
        await statement_store.delete(work, statement)
        others = tuple(seen for seen in statement.counts if seen.count not in sealed)
        if others:
            revised = statement.model_copy(update={"counts": others, "revision": statement.revision + 1})
            await statement_store.add(work, [revised])
            work.emit(revised)
        else:
            work.erase(statement.topic(), statement.key())


def _records_of(counts: Iterable[CountKey]) -> list[RecordKey]:
    """The records of counts, each once; a record's own id may hold a slash."""
    names = dict.fromkeys(map(record_key_of, counts))
    parts = (name.split("/", 2) for name in names)
    return [RecordKey(county, source, record_id) for source, county, record_id in parts]  # type: ignore[arg-type]


def _name(key: RecordKey) -> str:
    """The record's key on its topic."""
    return f"{key.source}/{key.county}/{key.record_id}"
