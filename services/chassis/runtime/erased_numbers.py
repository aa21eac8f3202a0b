"""What is erased takes its number with it: from where a key counts that comes anew.

Nothing remembers what was erased, so an erased id may come again: a record, a person, an entry of the ledger. If it
counted from 1 then, an event would stand twice under one id; and a reader that was behind would take the new one for an
old one, as compaction removes a tombstone once its key has another record. So whatever is new on a topic counts on from
the highest number that anything erased there had, which is all that is kept.
"""

from collections.abc import Mapping

from services.chassis.runtime.unit_of_work import Database, Work


async def erase(work: Work, topic: str, numbers: Mapping[str, int]) -> None:
    """Publishes a tombstone of each key once the transaction has committed. ``numbers``: the last of each key."""
    for key in sorted(numbers):
        work.erase(topic, key)
    last = max(numbers.values(), default=0)
    if last > await highest(work.db, topic):  # asked first: writing makes others wait until it commits
        await work.db.execute(
            """INSERT INTO erased_numbers VALUES ($1, $2) ON CONFLICT (topic) DO UPDATE
               SET highest = greatest(erased_numbers.highest, excluded.highest)""",
            topic,
            last,
        )


async def highest(db: Database, topic: str) -> int:
    """The number from which the events of a key that is not there count on; 0: nothing was erased on the topic.

    To be read behind what says that the key is not there.
    """
    found: int | None = await db.fetchval("SELECT highest FROM erased_numbers WHERE topic = $1", topic)
    return found or 0
