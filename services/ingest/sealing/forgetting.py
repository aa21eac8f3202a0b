"""Ingest forgets a sealed conviction: in its records, in quarantine and in statements, in one transaction."""

from collections.abc import Iterable, Sequence

from reliefstream_contracts.identifiers import CountId, CountKey, ReliefId, record_key_of
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.relief import ReliefSealDue
from reliefstream_contracts.sealing import ConvictionForgotten
from services.chassis.runtime import erased_numbers
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Work
from services.ingest import store
from services.ingest.core.intake_decision import StoredRecord
from services.ingest.core.sealing.facts import (
    CountFacts,
    RecordKey,
    conviction_facts,
    count_facts,
    person_facts,
)
from services.ingest.core.sealing.forgetting import Forgotten
from services.ingest.core.sealing.named import sealed_in
from services.ingest.core.sealing.seal import Seal, hold, keeps, places_of, seal_of
from services.ingest.profiles.counties import SendingCounties
from services.ingest.quarantine import store as quarantine_store
from services.ingest.sealing import store as seal_store
from services.ingest.sealing.statements import Recognising, forget_statements
from services.ingest.sealing.without import without
from services.ingest.statements import store as statement_store


async def forget(
    due: Sequence[ReliefSealDue], work: Work, sending_counties: SendingCounties, keyed_hash: KeyedHash
) -> None:
    """Forgets each conviction, leaves a seal by which it is recognised when it comes again, and reports it.

    A copy of it in a record that came in lately is forgotten as if it came now: relief may not have heard of it.
    """
    if not due:
        return
    await statement_store.lock_out(work)
    named = {key for one in due for key in _records_of(one.conviction.counts)}
    lately = await _came_lately(due, work, keyed_hash)
    wanted = named.union(*lately.values())
    # All at once and with a placeholder for what is not there, as intake locks them.
    records: dict[store.Key, StoredRecord] = await store.lock_records(work.db, wanted)
    if missing := wanted - records.keys():
        await store.delete(work.db, missing)
    before = await seal_store.of_reliefs(work.db, {one.relief_id for one in due})
    seals, places, forgotten = [], set[str](), set(named)
    for one in due:
        forgetting = _Forgetting(one, work, records, sending_counties, keyed_hash)
        copies, others = await forgetting.named(before.get(one.relief_id))
        copies |= await forgetting.copies(lately[one.relief_id] - named)
        seals.append(forgetting.seal())
        places |= forgetting.places()
        forgotten.update(_records_of(copies))
        work.emit(
            ConvictionForgotten(
                relief_id=one.relief_id,
                service="ingest",
                copies=tuple(sorted(map(keyed_hash.of, copies))),
                others=tuple(sorted(map(keyed_hash.of, others))),
            )
        )
    await seal_store.add(work.db, seals)
    await seal_store.forget_came(work.db, forgotten)
    await forget_statements(work, seals, places, Recognising(sending_counties, keyed_hash))
    # After records, as at intake.
    await quarantine_store.erase(
        work.db, [(key.county, key.source, key.record_id) for key in forgotten], work.now
    )


class _Forgetting:
    """Forgets one conviction in records that are locked, and learns on the way by what it is recognised."""

    def __init__(
        self,
        due: ReliefSealDue,
        work: Work,
        records: dict[store.Key, StoredRecord],
        sending_counties: SendingCounties,
        keyed_hash: KeyedHash,
    ) -> None:
        self._due, self._work, self._records = due, work, records
        self._sending_counties, self._keyed_hash = sending_counties, keyed_hash
        self._counts = [conviction_facts(due.conviction, key) for key in due.conviction.counts]
        self._beside: list[CountFacts] = []
        self._persons: set[tuple[str, str]] = set()

    def seal(self) -> Seal:
        """The seal by which it is recognised, as far as was learned."""
        stays = {one.key for one in self._beside}  # under the number that the sealed one had
        return seal_of(
            self._due.relief_id,
            self._due.conviction.county,
            [one._replace(key="") if one.key in stays else one for one in self._counts],
            beside=self._beside,
            persons=self._persons,
            hashed=self._keyed_hash.by_each_key,
        )

    def places(self) -> set[str]:
        """Where it stood, in clear."""
        return {place for one in self._counts for place in places_of(one)}

    async def named(self, before: Seal | None) -> tuple[set[CountKey], set[CountKey]]:
        """Forgets the counts that relief named, as far as they are the conviction still; returns those that its sources
        have numbered anew, and the named ones that are other convictions by now. ``before``: the seal of an earlier
        request, which knows what was not sealed."""
        found, others = set[CountKey](), set[CountKey]()
        named = frozenset(self._due.conviction.counts)
        for key in _records_of(self._due.conviction.counts):
            whole = await self._without(key, frozenset())
            if whole:
                on_file = [count_facts(count, key) for count in whole.counts]
                shown = [
                    one
                    for one in on_file
                    if not (before and keeps(before, one, self._keyed_hash.by_each_key))
                ]
                own = next(count for count in named if record_key_of(count) == _name(key))
                conviction = conviction_facts(self._due.conviction, own)
                sealed = sealed_in(conviction, shown, named, moved=before is None)
                await self._leave_out(key, frozenset(map(CountKey, sealed)))
                found |= {CountKey(one) for one in sealed} - named
                others |= named.intersection(CountKey(one.key) for one in on_file) - sealed
        return found, others

    async def copies(self, keys: Iterable[RecordKey]) -> set[CountKey]:
        """Forgets the conviction in records that came lately, where it is one for certain; returns those counts."""
        found: set[CountKey] = set()
        for key in sorted(keys):
            whole = await self._without(key, frozenset())
            if not whole:
                continue
            held = hold((self.seal(),), key, whole.person, whole.counts, self._keyed_hash.by_each_key)
            if held.left_out:
                copies = {CountKey(f"{_name(key)}/{count_id}") for count_id in held.left_out}
                await self._leave_out(key, frozenset(copies))
                found |= copies
        return found

    async def _leave_out(self, key: RecordKey, sealed: frozenset[CountKey]) -> None:
        found = await self._without(key, sealed)
        if not found:
            return
        for facts in (count_facts(count, key) for count in found.counts):
            (self._counts if facts.key in sealed else self._beside).append(facts)
        self._persons |= set(person_facts(found.person, key))
        if found.stored is None:
            last = {_name(key): self._records[key].sequence}
            await erased_numbers.erase(self._work, SourceRecord.TOPIC, last)
            await store.delete(self._work.db, [key])
            del self._records[key]
        elif found.event is not None:
            self._work.emit(found.event)
            body = found.event.to_json()
            await store.write_records(self._work.db, [found.stored], {key: body})
            self._records[key] = found.stored

    async def _without(self, key: RecordKey, sealed: frozenset[CountKey]) -> Forgotten | None:
        """What becomes of a record without these counts; None: it is not there, or nothing of it was ever published."""
        record = self._records.get(key)
        ids = {CountId(count.rsplit("/", 1)[1]) for count in sealed if record_key_of(count) == _name(key)}
        return (
            await without(self._work.db, record, ids, self._sending_counties, self._work.now)
            if record
            else None
        )


async def _came_lately(
    due: Sequence[ReliefSealDue], work: Work, keyed_hash: KeyedHash
) -> dict[ReliefId, set[RecordKey]]:
    """By relief: the records that a case of its conviction came in lately."""
    cases = {
        one.relief_id: {
            hashed
            for count in one.conviction.counts
            for case in conviction_facts(one.conviction, count).cases
            for hashed in keyed_hash.by_each_key(case)
        }
        for one in due
    }
    found = await seal_store.came_lately(work.db, set[str]().union(*cases.values()))
    return {
        relief_id: set[RecordKey]().union(*(found.get(case, ()) for case in own))
        for relief_id, own in cases.items()
    }


def _records_of(counts: Iterable[CountKey]) -> list[RecordKey]:
    """The records of counts, each once; a record's own id may hold a slash."""
    names = dict.fromkeys(map(record_key_of, counts))
    parts = (name.split("/", 2) for name in names)
    return [RecordKey(county, source, record_id) for source, county, record_id in parts]  # type: ignore[arg-type]


def _name(key: RecordKey) -> str:
    """The record's key on its topic."""
    return f"{key.source}/{key.county}/{key.record_id}"
