"""A record that the client cannot unpack holds up its partition only: aiokafka's own fetcher, without a server."""

from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import Fetcher, FetchResult, PartitionRecords
from aiokafka.consumer.subscription_state import SubscriptionState
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from prometheus_client import REGISTRY

from services.chassis.consumer import fair_consumer
from services.chassis.consumer.consumption import Consumption
from services.chassis.consumer.fair_consumer import AdmitAll, FairConsumer

GOOD, BAD, OTHER = TopicPartition("a", 0), TopicPartition("a", 1), TopicPartition("b", 0)
CODEC, ZSTD = 22, 4  # the byte of a batch that says how it is packed
FIRST_BAD = {"packing": 0, "checksum": 0, "header": 5}


class Broker:
    """Gives the consumer ten records of each partition, from where it is, as its fetcher would; BAD's are ``wrong``."""

    def __init__(self, wrong: str, *partitions: TopicPartition) -> None:
        made: Any = FairConsumer(admission=AdmitAll())
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
        self.consumer, self.wrong, self.partitions = made, wrong, partitions
        self.seen: list[tuple[TopicPartition, int]] = []

    async def poll(self, times: int, max_records: int = 500) -> None:
        for _ in range(times):
            self._fetch()
            found = await self.consumer.getmany(max_records=max_records)
            self.seen += [(p, record.offset) for p, records in found.items() for record in records]

    def _fetch(self) -> None:
        assignment = self.consumer._subscription.subscription.assignment
        for partition in self.partitions:
            at = assignment.state_value(partition).position
            in_hand = self.consumer._fetcher._records
            if partition in in_hand or partition in self.consumer.paused() or at >= 10:
                continue
            wrong = self.wrong if partition == BAD else ""
            records = PartitionRecords(partition, batch(wrong), [], at, None, None, wrong == "checksum", 1)
            in_hand[partition] = FetchResult(
                partition, assignment=assignment, partition_records=records, backoff=0
            )

    def close(self) -> None:
        self.consumer._closed = True


def batch(wrong: str) -> MemoryRecords:
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 1 << 20)
    for offset in range(10):
        builder.append(offset, 1, b"key", b"value", [("name" if offset == 5 else "n", b"")])
    raw = bytearray(builder.build())
    if wrong == "packing":
        raw[CODEC] = ZSTD
    if wrong == "checksum":
        raw[-1] ^= 1
    if wrong == "header":
        raw = raw.replace(b"name", b"n\xffme")
    return MemoryRecords(bytes(raw))


def metric() -> float | None:
    return REGISTRY.get_sample_value("reliefstream_partition_held_up", {"topic": "a", "partition": "1"})


@pytest.mark.parametrize("wrong", FIRST_BAD)
@pytest.mark.parametrize("partitions", [(BAD,), (GOOD, BAD), (BAD, GOOD), (GOOD, BAD, OTHER)])
@pytest.mark.parametrize("max_records", [1, 7, 500])
async def test_all_others_come_once_and_it_is_held_up_and_told_once(
    wrong: str, partitions: tuple[TopicPartition, ...], max_records: int, capsys: pytest.CaptureFixture[str]
) -> None:
    broker = Broker(wrong, *partitions)
    await broker.poll(60, max_records)
    good = {p: FIRST_BAD[wrong] if p == BAD else 10 for p in partitions}
    assert sorted(broker.seen) == sorted((p, n) for p in partitions for n in range(good[p]))
    assert (set(broker.consumer.unreadable), metric()) == ({BAD}, 1)
    assert capsys.readouterr().out.count("cannot be unpacked") == 1
    broker.close()


async def test_it_is_looked_at_again_and_goes_on_when_it_was_mended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fair_consumer, "RETRY_S", 0.05)
    broker = Broker("header", GOOD, BAD)
    while BAD not in broker.consumer.unreadable:
        await broker.poll(1)
    tries = 0
    while tries < 2:  # not mended yet: it stays held up, and nobody is told again
        paused = BAD in broker.consumer.paused()
        await broker.poll(1)
        tries += paused and BAD not in broker.consumer.paused()
        assert metric() == 1
    broker.wrong = ""
    while len(broker.seen) < 20:
        await broker.poll(1)
    assert sorted(broker.seen) == [(p, n) for p in (GOOD, BAD) for n in range(10)]
    assert (broker.consumer.unreadable, metric()) == ({}, 0)
    assert capsys.readouterr().out.count("cannot be unpacked") == 1
    broker.close()


async def test_who_pauses_or_sends_the_consumer_elsewhere_has_the_partition_from_then_on() -> None:
    broker = Broker("header", GOOD, BAD)
    await broker.poll(20)
    broker.consumer.seek(BAD, 2)
    assert (broker.consumer.unreadable, broker.consumer.paused()) == ({}, set())
    await broker.poll(20)
    assert broker.seen[-3:] == [(BAD, n) for n in (2, 3, 4)]
    broker.consumer.pause(BAD)
    assert (broker.consumer.unreadable, broker.consumer.paused()) == ({}, {BAD})
    broker.close()


async def test_status_and_the_watch_for_a_stall_know_of_it() -> None:
    broker = Broker("header", BAD)
    await broker.poll(20)
    unused: Any = None
    consumption = Consumption("toy", unused, unused, unused, unused, dead_letter_limit=1)
    consumption.client = lambda: broker.consumer
    assert consumption.waiting == {BAD}
    broker.close()
