"""A consumer that a rebuild feeds has no client: what it may not bury must stop it all the same."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from aiokafka import TopicPartition

from services.chassis.consumer.consumption import Consumption
from services.chassis.consumer.dead_letters import Undecodable
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Received, Work

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ONE = TopicPartition("t", 0)


class Positions:
    """Stands for a database with one partition's position and no place for one more dead letter."""

    def __init__(self) -> None:
        self.next_offset = 0

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Work]:
        before = self.next_offset
        try:
            yield Work(cast("Any", self), NOW)
        except BaseException:
            self.next_offset = before
            raise

    async def fetchval(self, *_: object) -> int:
        return 1

    async def execute(
        self, _: str, name: str, topics: list[str], at: list[int], held: list[int], after: list[int]
    ) -> str:
        if held != [self.next_offset]:
            return "UPDATE 0"
        (self.next_offset,) = after
        return "UPDATE 1"


def records(first: int, end: int) -> list[Any]:
    return [
        SimpleNamespace(
            topic="t", partition=0, offset=n, key=None, headers=(), value=str(n).encode(), timestamp=0
        )
        for n in range(first, end)
    ]


def test_without_a_client_too_the_partition_stops_before_the_record_and_says_so() -> None:
    seen: list[int] = []

    async def take(batch: Sequence[Received], _: Work) -> None:
        if any(record.offset == 3 for record in batch):
            raise Undecodable("unknown_event_type", "of a test")
        seen.extend(record.offset for record in batch)

    async def gate() -> None:
        pass

    def fail(error: Exception) -> None:
        raise error

    async def consumed() -> tuple[Consumption, Positions]:
        database = Positions()
        ours = Consumption("toy", take, cast("Database", database), gate, fail, dead_letter_limit=1)
        ours.held = {ONE: 0}
        await ours.consume(records(0, 8))
        await ours.consume(records(8, 12))
        return ours, database

    ours, database = asyncio.run(consumed())
    assert (seen, database.next_offset) == ([0, 1, 2], 3)
    assert set(ours.held_up) == {ONE}
