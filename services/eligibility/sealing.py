"""Eligibility forgets what a court sealed: with the history that no longer has it, or with the whole subject."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountKey
from reliefstream_contracts.relief import ReliefSealDue
from reliefstream_contracts.sealing import ConvictionForgotten, SealRemoved
from services.chassis.audit.erasing import erase_reasons
from services.chassis.consumer import dead_letters
from services.chassis.runtime import erased_numbers
from services.chassis.runtime.tombstones import ids_in
from services.chassis.runtime.unit_of_work import Database, Delivery, Work
from services.eligibility.law.input.statute import Statute
from services.eligibility.statistics import sealed

CHUNK = 100
TO_FORGET = "SELECT count(*) FROM forgetting"
"""SQL: how many sealed convictions a history still has, as far as was looked."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """The handler, with what the statistics group convictions by."""

    statute: Statute
    today: Callable[[], date]

    async def on_relief(self, deliveries: Sequence[Delivery[ReliefSealDue]], work: Work) -> None:
        """Notes what is to be forgotten, for the job, and what the statistics count of it. A repeat changes nothing, a
        later request counts: it leaves out what is another conviction."""
        due = [each.event for each in deliveries]
        await work.db.executemany(
            """INSERT INTO forgetting VALUES ($1, $2, $3, $4) ON CONFLICT (relief_id) DO UPDATE SET
                   counts = excluded.counts, sequence = excluded.sequence
               WHERE forgetting.sequence <= excluded.sequence""",
            [
                (one.relief_id, one.conviction.subject_id, list(one.conviction.counts), one.sequence)
                for one in due
            ],
        )
        await sealed.keep(work.db, due, self.statute, self.today())


async def on_seal_removed(deliveries: Sequence[Delivery[SealRemoved]], work: Work) -> None:
    """The statistics count these as sealed no more: they count again once a source sends them again."""
    await sealed.forget(work.db, [each.event.relief_id for each in deliveries])


async def on_erased(keys: Sequence[str], work: Work) -> None:
    """Forgets these subjects, and removes their determinations from the topic."""
    rows = await work.db.fetch(
        "DELETE FROM subjects WHERE subject_id = ANY ($1) RETURNING subject_id, version", ids_in(keys)
    )
    gone = sorted(row["subject_id"] for row in rows)
    await sealed.forget_persons(work.db, gone)
    await erase_reasons(work.db, [f"subject/{subject_id}" for subject_id in gone])
    await erased_numbers.erase(
        work, DeterminationsChanged.TOPIC, {str(row["subject_id"]): row["version"] for row in rows}
    )


async def report(work: Work) -> bool:
    """A job: reports each sealed conviction that its person's history has no more; True when there may be more.

    A conviction that moved to another person's history meanwhile is found by relief, which keeps what a determination
    names.
    """
    rows = await work.db.fetch(
        "SELECT relief_id, subject_id, counts FROM forgetting ORDER BY looked_at LIMIT $1 FOR UPDATE SKIP LOCKED",
        CHUNK,
    )
    if not rows:
        return False
    done = [row for row in rows if not await _in_history(work.db, row["subject_id"], row["counts"])]
    for row in done:
        work.emit(ConvictionForgotten(relief_id=row["relief_id"], service="eligibility"))
    ids = [row["relief_id"] for row in done]
    await work.db.execute("DELETE FROM forgetting WHERE relief_id = ANY ($1)", ids)
    await dead_letters.erase(work.db, HistoryChanged.TOPIC, {str(row["subject_id"]) for row in done})
    await work.db.execute(
        "UPDATE forgetting SET looked_at = $2 WHERE relief_id = ANY ($1)",
        [row["relief_id"] for row in rows],
        work.now,
    )
    return len(rows) == CHUNK and bool(done)


async def _in_history(db: Database, subject_id: UUID | None, counts: Collection[CountKey]) -> bool:
    """Whether the person's history has one of the counts; a retired id leads to its successor."""
    wanted = set(counts)
    while subject_id is not None and (history := await _history(db, subject_id)):
        if any(not wanted.isdisjoint(one.key for one in each.counts) for each in history.convictions):
            return True
        subject_id = history.retired_into
    return False


async def _history(db: Database, subject_id: UUID) -> HistoryChanged | None:
    found: Any = await db.fetchval("SELECT history FROM subjects WHERE subject_id = $1", subject_id)
    return HistoryChanged.from_json(found) if found else None
