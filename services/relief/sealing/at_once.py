"""Sealing a conviction at once: with each order that stands on it."""

from collections.abc import Collection, Iterable

from reliefstream_contracts.identifiers import CountKey
from services.chassis.runtime.unit_of_work import Database, Work
from services.relief import store
from services.relief.lifecycle.transitions import Relief, Seal, sealed


async def other_orders(db: Database, relief: Relief, counts: Collection[CountKey]) -> list[Relief]:
    """The other orders that stand on the conviction of these counts, locked."""
    rows = await db.fetch(
        """SELECT * FROM reliefs WHERE state = 'ordered' AND relief_id <> $2 AND relief_id IN (
               SELECT relief_id FROM relief_counts WHERE count_key = ANY ($1)
               UNION SELECT relief_id FROM ordered_counts WHERE count_key = ANY ($1))
           ORDER BY relief_id FOR UPDATE""",
        list(counts),
        relief.relief_id,
    )
    return [store.relief_of(row) for row in rows]


async def seal_all(work: Work, reliefs: Iterable[Relief], seal: Seal, counts: Collection[CountKey]) -> None:
    """Seals these, each with all counts of their conviction. Raises NotPossible where one cannot be sealed."""
    for each in reliefs:
        relief, event = sealed(each, seal, counts)
        await store.save(work.db, [relief])
        work.emit(event, store.carried(relief))
