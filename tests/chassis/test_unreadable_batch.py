"""A batch that the client cannot read costs the other partitions nothing: aiokafka's own fetcher, without a server."""

import asyncio
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import Fetcher, FetchResult, PartitionRecords
from aiokafka.consumer.subscription_state import SubscriptionState
from aiokafka.errors import UnsupportedCodecError
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords

from services.chassis.turns import AlwaysRoom, TakingTurns

GOOD, BAD, OTHER = TopicPartition("a", 0), TopicPartition("a", 1), TopicPartition("b", 0)
CODEC, ZSTD = 22, 4  # the byte of a batch that says how it is packed


def batch(records: int, *, packed: bool) -> MemoryRecords:
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 1 << 20)
    for offset in range(records):
        builder.append(offset, 1, b"key", b"value", [])
    raw = bytearray(builder.build())
    if packed:
        raw[CODEC] = ZSTD
    return MemoryRecords(bytes(raw))


async def consumer(*partitions: TopicPartition) -> TakingTurns:
    """One that is assigned these, at their beginning, and has ten records of each in hand; BAD's are packed."""
    made: Any = TakingTurns(intake=AlwaysRoom())
    state = SubscriptionState()
    state.assign_from_user(partitions)
    fetcher = Fetcher.__new__(Fetcher)
    fetcher._subscriptions, fetcher._records, fetcher._closed = state, {}, True
    fetcher._wait_consume_future, fetcher._fetch_waiters = None, set()
    made._subscription, made._fetcher = state, fetcher
    made._coordinator = type("Coordinator", (), {"check_errors": lambda _: None})()
    made._closed = False
    for partition in partitions:
        made.seek(partition, 0)
    in_hand(made, *partitions)
    return made  # type: ignore[no-any-return]


def in_hand(made: Any, *partitions: TopicPartition) -> None:
    """As if these had just been fetched from where the client is."""
    assignment = made._subscription.subscription.assignment
    for partition in partitions:
        at = assignment.state_value(partition).position
        records = PartitionRecords(
            partition, batch(10, packed=partition == BAD), [], at, None, None, False, 1
        )
        made._fetcher._records[partition] = FetchResult(
            partition, assignment=assignment, partition_records=records, backoff=0
        )


@pytest.mark.parametrize("partitions", [(GOOD, BAD), (GOOD, BAD, OTHER)])
async def test_what_was_in_hand_beside_it_comes_again(partitions: tuple[TopicPartition, ...]) -> None:
    made = await consumer(*partitions)
    seen: list[tuple[TopicPartition, int]] = []
    for _ in range(3):
        try:
            found = await made.getmany(max_records=500)
        except UnsupportedCodecError:
            made._fetcher._records.pop(BAD, None)
            in_hand(made, *(partition for partition in partitions if partition != BAD))
            found = await made.getmany(max_records=500)
        seen += [(partition, record.offset) for partition, records in found.items() for record in records]
        await asyncio.sleep(0)
    made._closed = True
    assert sorted(set(seen)) == sorted((p, n) for p in partitions if p != BAD for n in range(10))
    assert len(seen) == len(set(seen))
