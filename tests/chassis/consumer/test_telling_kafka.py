"""What a consumer tells Kafka of its position, for lag tools and ``settle``: at once what moved, now and then all."""

import asyncio
from typing import Any

import pytest
from aiokafka import TopicPartition

from services.chassis.consumer import consumption
from services.chassis.consumer.consumption import Consumption

PARTITION = TopicPartition("toys", 0)


class Client:
    """Stands at an offset, with no record before it, and remembers what it was told."""

    def __init__(self) -> None:
        self.at = self.end = 7
        self.told: list[dict[TopicPartition, int]] = []

    async def position(self, _: TopicPartition) -> int:
        return self.at

    def highwater(self, _: TopicPartition) -> int:
        return max(self.at, self.end)

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        self.told.append(dict(offsets))


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def consumer(client: Client) -> Consumption:
    unused: Any = None
    one = Consumption("toy", unused, unused, unused, unused, dead_letter_limit=1)
    one.client = lambda: client
    one.assigned, one.held = True, {PARTITION: 7}
    return one


async def test_what_did_not_move_is_told_once(consumer: Consumption, client: Client) -> None:
    for _ in range(5):
        await consumer.report()
    assert client.told == [{PARTITION: 7}]


@pytest.mark.parametrize(("held_up", "stalls"), [(False, True), (True, False)])
async def test_records_that_wait_are_a_stall_but_those_of_a_held_up_partition(
    consumer: Consumption, client: Client, held_up: bool, stalls: bool
) -> None:
    client.end = 9
    if held_up:
        consumer.held_up[PARTITION] = float("inf")
    assert await consumer.report() == stalls


async def test_what_moved_is_told_at_once(consumer: Consumption, client: Client) -> None:
    await consumer.report()
    consumer.held[PARTITION] = client.at = 9
    await consumer.report()
    assert client.told == [{PARTITION: 7}, {PARTITION: 9}]


async def test_a_patient_consumer_tells_now_and_then_while_it_moves_and_at_once_when_it_rests(
    consumer: Consumption, client: Client
) -> None:
    consumer.patient = True
    for offset in (8, 9, 10, 10):
        consumer.held[PARTITION] = client.at = offset
        await consumer.report()
    assert client.told == [{PARTITION: 8}, {PARTITION: 10}]


async def test_after_a_rebalance_all_is_told_again(consumer: Consumption, client: Client) -> None:
    await consumer.report()
    await consumer.on_partitions_revoked([PARTITION])
    consumer.held = {PARTITION: 7}
    await consumer.report()
    assert client.told == [{PARTITION: 7}] * 2


async def test_what_kafka_may_have_forgotten_is_told_again_after_a_while(
    consumer: Consumption, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumption, "TOLD_AGAIN_S", 0.01)
    await consumer.report()
    await asyncio.sleep(0.05)
    await consumer.report()
    assert client.told == [{PARTITION: 7}] * 2
