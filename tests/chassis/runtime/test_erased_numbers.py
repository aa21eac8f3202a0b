"""What comes anew counts on from above the highest number that was erased; on a real Postgres."""

import asyncio
from datetime import UTC, datetime

import asyncpg

from services.chassis.runtime import erased_numbers
from services.chassis.runtime.unit_of_work import Tombstone, Work
from tests.chassis.conftest import Toy

NOW = datetime(2026, 3, 1, tzinfo=UTC)


async def test_the_highest_number_of_a_topic_is_kept_and_no_key(toy: Toy) -> None:
    db = await asyncpg.connect(toy.url)
    try:
        work = Work(db, NOW)
        assert await erased_numbers.highest(db, "one") == 0
        await erased_numbers.erase(work, "one", {})
        await erased_numbers.erase(work, "one", {"b": 2, "a": 7})
        await erased_numbers.erase(work, "one", {"c": 3})
        assert [event for event, *_ in work.emitted] == [Tombstone("one", key, key) for key in "abc"]
        assert [await erased_numbers.highest(db, topic) for topic in ("one", "another")] == [7, 0]
        assert [tuple(row) for row in await db.fetch("SELECT * FROM erased_numbers")] == [("one", 7)]
    finally:
        await db.close()


async def test_of_two_that_erase_at_once_the_higher_number_stays(toy: Toy) -> None:
    one, other = [await asyncpg.connect(toy.url) for _ in range(2)]
    try:
        first = one.transaction()
        await first.start()
        await erased_numbers.erase(Work(one, NOW), "one", {"a": 7})
        waiting = asyncio.create_task(erased_numbers.erase(Work(other, NOW), "one", {"b": 5}))
        await asyncio.sleep(0)
        await first.commit()
        await waiting
        assert await erased_numbers.highest(other, "one") == 7
    finally:
        await one.close()
        await other.close()
