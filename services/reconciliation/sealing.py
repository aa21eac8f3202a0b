"""Reconciliation forgets what a court sealed, and the person's other records stay linked as they were.

What is due names the conviction's counts. The person's records are pinned to each other first; then ingest publishes
them without those counts, or removes them; once no record has one, what else named them goes, and that is reported.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from reliefstream_contracts.event import Event
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountKey, SubjectId, record_key_of
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.relief import ReliefSealDue
from reliefstream_contracts.sealing import ConvictionForgotten, LinksPinned
from services.chassis.audit.erasing import erase_reasons
from services.chassis.consumer import dead_letters
from services.chassis.runtime import erased_numbers
from services.chassis.runtime.unit_of_work import Database, Delivery, Work
from services.reconciliation.forgotten_entries import forget_about, forget_naming, forget_of
from services.reconciliation.handlers import Linker
from services.reconciliation.linkage.identity.decisions import IdentityDecision
from services.reconciliation.store import erased_sheets
from services.reconciliation.store.decisions import keep_decisions
from services.reconciliation.store.locked_records import stored_record
from services.reconciliation.store.records import subjects_of
from services.reconciliation.told_apart import PINNED_BY, records_of, unlink

CHUNK = 100
TO_FORGET = "SELECT count(*) FROM forgetting"
"""SQL: how many sealed convictions some record still has, as far as was looked."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """The handlers, with what links records."""

    linker: Linker

    async def on_relief(self, deliveries: Sequence[Delivery[Event]], work: Work) -> None:
        """Pins the records of each person of whom something is to be sealed, and says so. A repeat changes nothing;
        a later request counts: it adds what came meanwhile, and leaves out what is another conviction."""
        due = [each.event for each in deliveries if isinstance(each.event, ReliefSealDue)]
        if not due:
            return
        records = {record_key_of(count) for one in due for count in one.conviction.counts}
        subject_of = await subjects_of(work.db, records)
        await work.db.executemany(
            """INSERT INTO forgetting VALUES ($1, $2, $3) ON CONFLICT (relief_id) DO UPDATE SET
                   counts = excluded.counts, sequence = excluded.sequence
               WHERE forgetting.sequence <= excluded.sequence""",
            [(one.relief_id, list(one.conviction.counts), one.sequence) for one in due],
        )
        for one in due:
            work.emit(LinksPinned(relief_id=one.relief_id))
        # All at once and last: who links records takes all locks in one order, and makes others wait until it commits.
        await self._pin(work, await records_of(work.db, set(subject_of.values())))

    async def on_erased(self, keys: Sequence[str], work: Work) -> None:
        """Forgets these records and statements; a subject without any record is forgotten, too."""
        await erase_reasons(work.db, keys)
        await work.db.execute("DELETE FROM statements WHERE statement_key = ANY ($1)", list(keys))
        await work.db.execute("DELETE FROM named_records WHERE statement_key = ANY ($1)", list(keys))
        subjects = set((await subjects_of(work.db, keys)).values())
        remaining = [one for one in await records_of(work.db, subjects) if one[1] not in keys]
        await self._pin(work, remaining)
        await erased_sheets.keep(work.db, keys, dict(sorted(remaining, reverse=True)))
        await unlink(work, self.linker, keys, {key: subject_id for subject_id, key in remaining})
        await work.db.execute("DELETE FROM records WHERE record_key = ANY ($1)", list(keys))
        for table in ("record_identifiers", "named_records"):
            await work.db.execute(f"DELETE FROM {table} WHERE record_key = ANY ($1)", list(keys))  # noqa: S608
        await work.db.execute(
            "DELETE FROM link_decisions WHERE one = ANY ($1) OR other = ANY ($1)", list(keys)
        )
        await forget_naming(work, keys)
        await _forget_empty(work, subjects)

    async def report(self, work: Work) -> bool:
        """A job: reports each sealed conviction that no record has any more; True when there may be more."""
        rows = await work.db.fetch(
            "SELECT relief_id, counts FROM forgetting ORDER BY looked_at LIMIT $1 FOR UPDATE SKIP LOCKED",
            CHUNK,
        )
        if not rows:
            return False
        standing = await _on_record(work.db, {count for row in rows for count in row["counts"]})
        done = [row for row in rows if standing.isdisjoint(row["counts"])]
        if done:
            await _forget_what_named(work, done)
        for row in done:
            work.emit(ConvictionForgotten(relief_id=row["relief_id"], service="reconciliation"))
        await work.db.execute(
            "DELETE FROM forgetting WHERE relief_id = ANY ($1)", [row["relief_id"] for row in done]
        )
        await work.db.execute(
            "UPDATE forgetting SET looked_at = $2 WHERE relief_id = ANY ($1)",
            [row["relief_id"] for row in rows],
            work.now,
        )
        return len(rows) == CHUNK and bool(done)

    async def _pin(self, work: Work, records: Collection[tuple[SubjectId, str]]) -> None:
        """Decides that neighbours among each subject's records are one person's, where nothing was decided yet."""
        pins = [
            IdentityDecision(one, other, same=True)
            for _, of_one in groupby(sorted(records), key=lambda each: each[0])
            for (_, one), (_, other) in pairwise(of_one)
        ]
        if new := await keep_decisions(work, pins, by=PINNED_BY, reason="", only_where_none=True):
            await self.linker.link_anew(work, sorted({key for one in new for key in (one.one, one.other)}))


async def _on_record(db: Database, counts: Collection[CountKey]) -> set[CountKey]:
    """Those that a record has."""
    rows = await db.fetch(
        "SELECT type, body FROM records WHERE record_key = ANY ($1)", sorted(set(map(record_key_of, counts)))
    )
    records = [stored_record(row) for row in rows]
    found = (CountKey(f"{record.key()}/{count.count_id}") for record in records for count in record.counts)
    return set(found).intersection(counts)


async def _forget_what_named(work: Work, rows: Sequence[Any]) -> None:
    """Ledger entries, clocks, stages and dead letters of convictions that are not on record any more."""
    counts = {count for row in rows for count in row["counts"]}
    await forget_about(work, counts)
    reliefs = [row["relief_id"] for row in rows]
    await work.db.execute("DELETE FROM relief_clocks WHERE relief_id = ANY ($1)", reliefs)
    await work.db.execute("DELETE FROM relief_stages WHERE count_key = ANY ($1)", sorted(counts))
    await dead_letters.erase(work.db, SourceRecord.TOPIC, set(map(record_key_of, counts)))


async def _forget_empty(work: Work, subjects: Collection[SubjectId]) -> None:
    """The subjects of whom no record is left, and the retired ids that lead to them."""
    rows = await work.db.fetch(
        """WITH RECURSIVE empty AS (
               SELECT subject_id FROM subjects WHERE subject_id = ANY ($1) AND NOT EXISTS (
                   SELECT FROM records WHERE records.subject_id = subjects.subject_id)
               UNION
               SELECT retired.subject_id FROM subjects AS retired
               JOIN empty ON retired.retired_into = empty.subject_id)
           DELETE FROM subjects WHERE subject_id IN (SELECT subject_id FROM empty) RETURNING subject_id, version""",
        list(subjects),
    )
    gone = sorted(row["subject_id"] for row in rows)
    await erased_numbers.erase(
        work, HistoryChanged.TOPIC, {str(row["subject_id"]): row["version"] for row in rows}
    )
    await erase_reasons(work.db, [f"subject/{subject_id}" for subject_id in gone])
    await forget_of(work, gone)
