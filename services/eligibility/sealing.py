"""Eligibility forgets what a court sealed: with the history that no longer has it, or with the whole subject."""

from collections.abc import Collection, Sequence
from uuid import UUID

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.identifiers import CountKey
from reliefstream_contracts.relief import ReliefSealDue
from reliefstream_contracts.sealing import ConvictionForgotten
from services.chassis.runtime.unit_of_work import Database, Delivery, Work
from services.eligibility import store

CHUNK = 100
TO_FORGET = "SELECT count(*) FROM forgetting"
"""SQL: how many sealed convictions a history still has, as far as was looked."""


async def on_relief(deliveries: Sequence[Delivery[ReliefSealDue]], work: Work) -> None:
    """Notes what is to be forgotten, for the job. A repeat changes nothing."""
    await work.db.executemany(
        "INSERT INTO forgetting VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        [
            (each.event.relief_id, each.event.conviction.subject_id, list(each.event.conviction.counts))
            for each in deliveries
        ],
    )


async def on_erased(keys: Sequence[str], work: Work) -> None:
    """Forgets these subjects, and removes their determinations from the topic."""
    rows = await work.db.fetch(
        "DELETE FROM subjects WHERE subject_id::text = ANY ($1) RETURNING subject_id", list(keys)
    )
    for subject_id in sorted(row["subject_id"] for row in rows):
        work.erase(DeterminationsChanged.TOPIC, str(subject_id))


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
    done = [
        row["relief_id"] for row in rows if not await _in_history(work.db, row["subject_id"], row["counts"])
    ]
    for relief_id in done:
        work.emit(ConvictionForgotten(relief_id=relief_id, service="eligibility"))
    await work.db.execute("DELETE FROM forgetting WHERE relief_id = ANY ($1)", done)
    await work.db.execute(
        "UPDATE forgetting SET looked_at = $2 WHERE relief_id = ANY ($1)",
        [row["relief_id"] for row in rows],
        work.now,
    )
    return len(done) == CHUNK


async def _in_history(db: Database, subject_id: UUID | None, counts: Collection[CountKey]) -> bool:
    """Whether the person's history has one of the counts; a retired id leads to its successor."""
    while subject_id is not None and (subject := await store.one(db, subject_id)):
        history = subject.read_history()
        if any(not set(counts).isdisjoint(one.key for one in each.counts) for each in history.convictions):
            return True
        subject_id = history.retired_into
    return False
