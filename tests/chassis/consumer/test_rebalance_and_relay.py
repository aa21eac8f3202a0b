"""Moments that are rare in a run: a rebalance in mid-batch, a refused message, a relay that is fenced unawares."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from prometheus_client import REGISTRY

from services.chassis.consumer.consumption import Consumption
from services.chassis.outbox import outbox
from services.chassis.outbox.relay import Relay
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.chassis.runtime.service import Service
from services.chassis.runtime.unit_of_work import Received, Work
from tests.chassis.conftest import Toy
from tests.chassis.toy_service import Number

pytestmark = pytest.mark.servers
ONE = TopicPartition("t", 0)


class Client:
    """Stands for a consumer that is assigned one partition of 100 records."""

    def __init__(self) -> None:
        self.assigned, self.sought, self.paused = {ONE}, list[int](), set[TopicPartition]()

    def assignment(self) -> set[TopicPartition]:
        return self.assigned

    def pause(self, partition: TopicPartition) -> None:
        self.paused.add(partition)

    def resume(self, partition: TopicPartition) -> None:
        self.paused.remove(partition)

    def seek(self, _: TopicPartition, offset: int) -> None:
        self.sought.append(offset)

    async def end_offsets(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 100)

    async def beginning_offsets(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 0)


def records(first: int, end: int) -> list[Any]:
    return [
        SimpleNamespace(
            topic="t", partition=0, offset=n, key=None, headers=(), value=str(n).encode(), timestamp=0
        )
        for n in range(first, end)
    ]


async def keep(batch: Sequence[Received], work: Work) -> None:
    """Counts each record; the third is a poison."""
    if any(record.offset == 3 for record in batch):
        raise ValueError("a defect")
    await work.db.executemany("INSERT INTO seen VALUES ($1)", [(record.offset,) for record in batch])


def interruptions() -> float:
    """How often Kafka's refusal of a message made a relay begin anew."""
    return (
        REGISTRY.get_sample_value(
            "reliefstream_relay_interruptions_total", {"error": "MessageSizeTooLargeError"}
        )
        or 0
    )


async def open_database(toy: Toy) -> Database:
    database = Database(toy.url, "toy", SystemClock())
    await database.open()
    return database


def consumption(database: Database, client: Client, handler: Any = keep, **how: Any) -> Consumption:
    async def gate() -> None:
        pass

    def fail(error: Exception) -> None:
        raise error

    made = Consumption("toy", handler, database, gate, fail, dead_letter_limit=1, **how)
    made.client = lambda: client  # type: ignore[assignment,return-value]
    return made


async def test_a_partition_lost_while_a_poison_is_searched_for_loses_none(toy: Toy) -> None:
    fourth_is_in = asyncio.Event()

    class TakenOver(Database):
        """Once record 4 is in, another replica has the partition, and takes record 5."""

        @asynccontextmanager
        async def transaction(self) -> AsyncIterator[Work]:
            if fourth_is_in.is_set():
                fourth_is_in.clear()
                async with self.pool.acquire() as db:
                    await db.execute("INSERT INTO seen VALUES (5)")
                    await db.execute("UPDATE consumed_offsets SET next_offset = 6")
            async with super().transaction() as work:
                yield work

    async def keep_and_tell(batch: Sequence[Received], work: Work) -> None:
        await keep(batch, work)
        if batch[-1].offset == 4:
            work.on_commit.append(fourth_is_in.set)

    database, client = TakenOver(toy.url, "toy", SystemClock()), Client()
    await database.open()
    ours = consumption(database, client, keep_and_tell)
    await ours.on_partitions_assigned([ONE])
    await ours.consume(records(0, 10))
    assert client.sought[-1] == 6
    await ours.consume(records(6, 10))
    assert [row["value"] for row in await toy.fetch("SELECT value FROM seen ORDER BY 1")] == [
        0, 1, 2, 4, 5, 6, 7, 8, 9,
    ]  # fmt: skip
    assert [row["offset"] for row in await toy.fetch('SELECT "offset" FROM dead_letters')] == [3]
    await database.close()


async def test_a_dead_letter_is_kept_without_what_the_service_takes_out_of_it(toy: Toy) -> None:
    database = await open_database(toy)
    ours = consumption(database, Client(), redact=lambda record: record._replace(value=b"*"))
    await ours.on_partitions_assigned([ONE])
    await ours.consume(records(0, 10))
    (letter,) = await toy.fetch('SELECT "offset", value FROM dead_letters')
    assert (letter["offset"], bytes(letter["value"])) == (3, b"*")
    assert len(await toy.fetch("SELECT value FROM seen")) == 9, "the handler gets records as they came"
    await database.close()


async def test_a_rebalance_in_mid_batch_waits_for_it_and_repeats_nothing(toy: Toy) -> None:
    database, client, entered, go = await open_database(toy), Client(), asyncio.Event(), asyncio.Event()

    async def slow(batch: Sequence[Received], work: Work) -> None:
        entered.set()
        await go.wait()
        await keep(batch, work)

    ours = consumption(database, client, slow)
    await ours.on_partitions_assigned([ONE])
    batch = asyncio.create_task(ours.consume(records(10, 20)))
    await entered.wait()
    revoked = asyncio.create_task(ours.on_partitions_revoked([ONE]))
    await asyncio.sleep(0.05)
    assert not revoked.done()
    go.set()
    await batch
    await revoked
    await ours.on_partitions_assigned([ONE])
    assert client.sought == [0, 20]
    await ours.consume(records(15, 21))  # what was fetched before: only record 20 is new
    assert len(await toy.fetch("SELECT value FROM seen")) == 11
    await database.close()


async def test_a_partition_that_moved_away_while_a_batch_waited_ends_nothing(toy: Toy) -> None:
    database, client = await open_database(toy), Client()
    ours = consumption(database, client)
    await ours.on_partitions_assigned([ONE])
    async with database.pool.acquire() as db:
        await db.execute("UPDATE consumed_offsets SET next_offset = 50")
    client.assigned = set()
    await ours.consume(records(10, 20))
    assert ours.held == {} and not await toy.fetch("SELECT value FROM seen")
    await database.close()


async def test_a_record_that_an_event_too_large_follows_from_is_a_dead_letter_that_says_so(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def larger(batch: Sequence[Received], work: Work) -> None:
        for record in batch:
            work.emit(Number(value=10 ** (1000 if record.offset == 3 else 1), to=toy.topic_out))

    monkeypatch.setattr(outbox, "LARGEST", 500)
    database = await open_database(toy)
    ours = consumption(database, Client(), larger)
    await ours.on_partitions_assigned([ONE])
    await ours.consume(records(0, 6))
    (letter,) = await toy.fetch('SELECT "offset", reason FROM dead_letters')
    assert (letter["offset"], letter["reason"]) == (3, "event_too_large")
    assert (await toy.fetch("SELECT sum(events) AS waiting FROM outbox"))[0]["waiting"] == 5
    await database.close()


async def test_a_message_that_kafka_refuses_aborts_its_batch_and_loses_nothing(toy: Toy) -> None:
    small = f"{toy.topic_out}-small"
    admin = AIOKafkaAdminClient(**toy.kafka)
    await admin.start()
    await admin.create_topics([NewTopic(small, 1, 1, topic_configs={"max.message.bytes": "50"})])
    await admin.close()
    database = await open_database(toy)
    async with database.transaction() as work:
        work.emit(Number(value=1, to=toy.topic_out))
        work.emit(Number(value=10**100, to=small))
    relay = Relay(toy.topic_in, database, toy.kafka, 1000)
    before = interruptions()
    running = asyncio.create_task(relay.run())
    async with asyncio.timeout(180):
        while interruptions() == before:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    relay.draining.set()
    await running
    assert (await toy.fetch("SELECT sum(events) AS waiting FROM outbox"))[0]["waiting"] == 2
    assert await toy.published(0) == []
    await database.close()


async def test_rows_that_a_fenced_relay_numbers_are_published_before_later_ones(toy: Toy) -> None:
    database = await open_database(toy)
    async with database.transaction() as work:
        work.emit(Number(value=1, to=toy.topic_out))
    async with database.pool.acquire() as fenced, database.pool.acquire() as successor:
        number, _ = await outbox.next_batch(fenced, 0) or (0, [])
        async with database.transaction() as work:
            work.emit(Number(value=2, to=toy.topic_out))
        again, messages = await outbox.next_batch(successor, 0) or (0, [])
        assert (again, len(messages)) == (number, 1)
        later, messages = await outbox.next_batch(successor, number) or (0, [])
        assert (later, len(messages)) == (number + 1, 1)
    await database.close()


async def test_a_topic_that_is_added_is_read_after_a_restart(toy: Toy) -> None:
    """As a county is: its topic joins those that ingest reads under one name."""
    both = [toy.topic_in, toy.topic_out]
    for topics in ([toy.topic_in], both):
        await toy.send([len(topics)])
        service = Service(toy.topic_in, toy.settings(), SystemClock())
        taken: list[str] = []

        async def take(batch: Sequence[Received], _: Work, into: list[str] = taken) -> None:
            into += [record.topic for record in batch]

        service.consume_raw(topics, take, name="records")
        running = asyncio.create_task(service.run())
        async with asyncio.timeout(180):
            while not taken:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            if topics == both:
                producer = AIOKafkaProducer(**toy.kafka)
                await producer.start()
                for partition in range(2):
                    await producer.send_and_wait(toy.topic_out, b"{}", partition=partition)
                await producer.stop()
                while taken.count(toy.topic_out) < 2:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        service.stop()
        await running
