"""A topic that ends before what was consumed was made anew; a broker that just started may not know its end at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from aiokafka import TopicPartition

from services.chassis.consumer.consumption import END_LOOKS, Consumption, Recreated
from services.chassis.runtime.database import Database

PARTITION = TopicPartition("toys", 0)
CONSUMED = 7


class Consumed:
    """Stands for a database that has consumed up to an offset; it is its own pool and its own connection."""

    def __init__(self) -> None:
        self.pool = self

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator["Consumed"]:
        yield self

    async def fetch(self, *_: object) -> list[dict[str, Any]]:
        return [{"topic": PARTITION.topic, "partition": PARTITION.partition, "next_offset": CONSUMED}]


class Client:
    """Tells one end after the other, the last one from then on."""

    def __init__(self, *ends: int) -> None:
        self.ends, self.looks, self.at = ends, 0, 0

    async def beginning_offsets(self, _: object) -> dict[TopicPartition, int]:
        return {PARTITION: 0}

    async def end_offsets(self, _: object) -> dict[TopicPartition, int]:
        self.looks += 1
        return {PARTITION: self.ends[min(self.looks, len(self.ends)) - 1]}

    def assignment(self) -> set[TopicPartition]:
        return {PARTITION}

    def seek(self, _: TopicPartition, offset: int) -> None:
        self.at = offset


async def assigned(client: Client, monkeypatch: pytest.MonkeyPatch) -> tuple[Consumption, list[Exception]]:
    own, failed, unused = asyncio.sleep, list[Exception](), cast("Any", None)
    monkeypatch.setattr(asyncio, "sleep", lambda _: own(0))
    consumption = Consumption(
        "toy", unused, cast("Database", Consumed()), unused, failed.append, dead_letter_limit=1
    )
    consumption.client = lambda: client
    await consumption.on_partitions_assigned([PARTITION])
    return consumption, failed


async def test_an_end_that_the_broker_learns_late_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(*[3] * (END_LOOKS - 1), CONSUMED)
    consumption, failed = await assigned(client, monkeypatch)
    assert (consumption.held, client.at, failed) == ({PARTITION: CONSUMED}, CONSUMED, [])


async def test_an_end_that_stays_behind_stops_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(3)
    consumption, failed = await assigned(client, monkeypatch)
    assert [type(error) for error in failed] == [Recreated]
    assert (consumption.held, client.looks) == ({}, END_LOOKS)
