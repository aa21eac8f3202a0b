"""Reconciliation forgets what a court sealed, and the person's other records stay linked as they were.

What is due names the conviction's counts. The person's records are pinned to each other first; then ingest publishes
them without those counts, or removes them; once no record has one, what else named them goes, and that is reported.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.event import Event
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountKey, SubjectId, record_key_of
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.relief import ReliefSealDue
from reliefstream_contracts.sealing import ConvictionForgotten, LinksPinned
from services.chassis.runtime.unit_of_work import Database, Delivery, Work
from services.reconciliation.handlers import Linker
from services.reconciliation.linkage.identity.decisions import IdentityDecision
from services.reconciliation.store.decisions import keep_decisions
from services.reconciliation.store.locked_records import stored_record

CHUNK = 100
PINNED_BY = "sealing"
TO_FORGET = "SELECT count(*) FROM forgetting"
"""SQL: how many sealed convictions some record still has, as far as was looked."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """The handlers, with what links records."""

    linker: Linker

    async def on_relief(self, deliveries: Sequence[Delivery[Event]], work: Work) -> None:
        """Pins the records of each person of whom something is to be sealed, and says so. A repeat changes nothing."""
        concerned: set[SubjectId] = set()
        for delivery in deliveries:
            event = delivery.event
            if not isinstance(event, ReliefSealDue):
                continue
            counts = event.conviction.counts
            subjects = await _subjects_of(work.db, {record_key_of(count) for count in counts})
            concerned |= subjects
            await work.db.execute(
                "INSERT INTO forgetting VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                event.relief_id,
                sorted({*subjects, event.conviction.subject_id}),
                list(counts),
            )
            work.emit(LinksPinned(relief_id=event.relief_id))
        # All at once and last: who links records takes all locks in one order, and makes others wait until it commits.
        if concerned:
            await self._pin(work, await _records_of(work.db, concerned))

    async def on_erased(self, keys: Sequence[str], work: Work) -> None:
        """Forgets these records and statements; a subject without any record is forgotten, too."""
        await work.db.execute("DELETE FROM statements WHERE statement_key = ANY ($1)", list(keys))
        await work.db.execute("DELETE FROM named_records WHERE statement_key = ANY ($1)", list(keys))
        subjects = await _subjects_of(work.db, keys)
        await self._pin(work, [one for one in await _records_of(work.db, subjects) if one[1] not in keys])
        rows = await work.db.fetch("SELECT type, body FROM records WHERE record_key = ANY ($1)", list(keys))
        await self.linker.on_records([Delivery(_emptied(stored_record(row))) for row in rows], work)
        await work.db.execute("DELETE FROM records WHERE record_key = ANY ($1)", list(keys))
        for table in ("record_identifiers", "named_records"):
            await work.db.execute(f"DELETE FROM {table} WHERE record_key = ANY ($1)", list(keys))  # noqa: S608
        await work.db.execute(
            "DELETE FROM link_decisions WHERE one = ANY ($1) OR other = ANY ($1)", list(keys)
        )
        await _forget_empty(work, subjects)

    async def report(self, work: Work) -> bool:
        """A job: reports each sealed conviction that no record has any more; True when there may be more."""
        rows = await work.db.fetch(
            "SELECT relief_id, subjects, counts FROM forgetting ORDER BY looked_at LIMIT $1 FOR UPDATE SKIP LOCKED",
            CHUNK,
        )
        if not rows:
            return False
        done = [row for row in rows if not await _on_record(work.db, row["counts"])]
        for row in done:
            await _forget_what_named(work, row)
            work.emit(ConvictionForgotten(relief_id=row["relief_id"], service="reconciliation"))
        await work.db.execute(
            "DELETE FROM forgetting WHERE relief_id = ANY ($1)", [row["relief_id"] for row in done]
        )
        await work.db.execute(
            "UPDATE forgetting SET looked_at = $2 WHERE relief_id = ANY ($1)",
            [row["relief_id"] for row in rows],
            work.now,
        )
        return len(done) == CHUNK

    async def _pin(self, work: Work, records: Collection[tuple[SubjectId, str]]) -> None:
        """Decides that neighbours among each subject's records are one person's, where nothing was decided yet."""
        pins = [
            IdentityDecision(one, other, same=True)
            for _, of_one in groupby(sorted(records), key=lambda each: each[0])
            for (_, one), (_, other) in pairwise(of_one)
        ]
        if new := await keep_decisions(work, pins, by=PINNED_BY, reason="", only_where_none=True):
            await self.linker.link_anew(work, sorted({key for one in new for key in (one.one, one.other)}))


def _emptied(record: SourceRecord) -> SourceRecord:
    return record.model_copy(update={"sequence": record.sequence + 1, "withdrawn": True, "counts": ()})


async def _subjects_of(db: Database, records: Collection[str]) -> set[SubjectId]:
    rows = await db.fetch(
        "SELECT DISTINCT subject_id FROM records WHERE record_key = ANY ($1) AND subject_id IS NOT NULL",
        list(records),
    )
    return {SubjectId(row["subject_id"]) for row in rows}


async def _records_of(db: Database, subjects: Collection[SubjectId]) -> list[tuple[SubjectId, str]]:
    rows = await db.fetch(
        "SELECT subject_id, record_key FROM records WHERE subject_id = ANY ($1) AND NOT withdrawn",
        list(subjects),
    )
    return [(SubjectId(row["subject_id"]), row["record_key"]) for row in rows]


async def _on_record(db: Database, counts: Collection[CountKey]) -> bool:
    rows = await db.fetch(
        "SELECT type, body FROM records WHERE record_key = ANY ($1)", sorted(map(record_key_of, counts))
    )
    records = [stored_record(row) for row in rows]
    return any(f"{record.key()}/{count.count_id}" in counts for record in records for count in record.counts)


async def _forget_what_named(work: Work, row: Any) -> None:
    """The ledger's entries, the clocks and the stages of a conviction that is not on record any more."""
    entries = await work.db.fetch(
        "SELECT discrepancy_id, event FROM discrepancies WHERE subject_id = ANY ($1)", row["subjects"]
    )
    counts = set(row["counts"])
    about = [
        entry["discrepancy_id"]
        for entry in entries
        if not counts.isdisjoint(DiscrepancyChanged.model_validate_json(entry["event"]).counts)
    ]
    await _erase_entries(work, about)
    await work.db.execute("DELETE FROM relief_clocks WHERE relief_id = $1", row["relief_id"])
    await work.db.execute("DELETE FROM relief_stages WHERE count_key = ANY ($1)", row["counts"])


async def _forget_empty(work: Work, subjects: Collection[SubjectId]) -> None:
    """The subjects of whom no record is left, and the retired ids that lead to them."""
    rows = await work.db.fetch(
        """WITH RECURSIVE empty AS (
               SELECT subject_id FROM subjects WHERE subject_id = ANY ($1) AND NOT EXISTS (
                   SELECT FROM records WHERE records.subject_id = subjects.subject_id)
               UNION
               SELECT retired.subject_id FROM subjects AS retired
               JOIN empty ON retired.retired_into = empty.subject_id)
           DELETE FROM subjects WHERE subject_id IN (SELECT subject_id FROM empty) RETURNING subject_id""",
        list(subjects),
    )
    gone = sorted(row["subject_id"] for row in rows)
    for subject_id in gone:
        work.erase(HistoryChanged.TOPIC, str(subject_id))
    entries = await work.db.fetch(
        "SELECT discrepancy_id FROM discrepancies WHERE subject_id = ANY ($1)", gone
    )
    await _erase_entries(work, [entry["discrepancy_id"] for entry in entries])


async def _erase_entries(work: Work, entries: Sequence[Any]) -> None:
    for table in ("discrepancies", "discrepancy_acts"):
        await work.db.execute(f"DELETE FROM {table} WHERE discrepancy_id = ANY ($1)", entries)  # noqa: S608
    for entry in entries:
        work.erase(DiscrepancyChanged.TOPIC, str(entry))
