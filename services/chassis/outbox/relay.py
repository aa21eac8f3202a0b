"""Publishes the outbox, each batch once: one relay at a time, fenced by Kafka (docs/adr/0002).

A Kafka transaction holds batch n and the position n. After a crash the position tells whether n was published. A relay
that was paused is fenced by its successor when it resumes: it cannot write an old snapshot after a newer one.
"""

import asyncio
from collections import Counter as Tally
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from zlib import crc32

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, ProducerFenced

from services.chassis.outbox import heartbeats, outbox
from services.chassis.runtime.database import Database, transient
from services.chassis.runtime.kafka import passes
from services.chassis.runtime.telemetry import FENCED, INTERRUPTED, OUTBOX, PUBLISHED, log
from services.chassis.runtime.unit_of_work import Database as Connection

POSITIONS = "relay-positions-v1-"
IDLE_SECONDS = 0.1  # until another replica's commit is noticed at the latest
PACE_S = (
    0.04  # at least from one batch to the next: small batches cost more than the wait, here and in consumers
)
PACE_PER_EVENT_S = 0.0002  # the more events waited, the more will: then batches are larger
LONGEST_PACE_S = 0.25
BATCH_BYTES = 512 * 1024
"""Of one partition: each topic of ours takes a message of so many bytes, or the relay would try for ever."""


class PositionAhead(RuntimeError):
    """Kafka has a position that this database never numbered: they do not belong to one installation."""


class Relay:
    """The relay of one replica; publishes while it holds the service's advisory lock, else waits for it."""

    def __init__(
        self,
        service: str,
        database: Database,
        kafka: dict[str, Any],
        limit: int,
        heartbeat_s: float = heartbeats.PERIOD_S,
    ) -> None:
        self.topics: list[str] = []
        """The compacted topics of this service, which get a heartbeat."""
        self._heartbeat_s = heartbeat_s
        self._service, self._database, self._kafka, self._limit = service, database, kafka, limit
        self._positions = f"{POSITIONS}{service}"
        self.depth = 0
        """Events in the outbox, as last counted here."""
        self.holding = False
        """Whether this replica publishes."""
        self.draining = asyncio.Event()
        """Set at the stop: ``run`` publishes the rest and returns."""

    async def shallow(self) -> None:
        """Returns when the outbox holds no more events than the limit: back-pressure on the consumers."""
        while self.depth > self._limit and not self.draining.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    async def run(self) -> None:
        """Publishes until it is drained. Raises PositionAhead; tries again after a transient error."""
        while not self.draining.is_set():
            try:
                await self._hold_and_publish()
            except ProducerFenced:
                FENCED.inc()
                log().warning("relay fenced by another replica")
            except Exception as error:
                if not (passes(error) or transient(error)):
                    raise
                INTERRUPTED.labels(type(error).__name__).inc()
                log().warning("relay interrupted", error=type(error).__name__)
                await asyncio.sleep(1)

    async def _hold_and_publish(self) -> None:
        async with self._database.pool.acquire() as lock:
            try:
                if not await self._locked(lock):
                    return
                self.holding = True
                # Counted also while Kafka does not answer: else consumers would go on, however many events wait.
                self.depth = await outbox.depth(lock)
                OUTBOX.set(self.depth)
                await self._publish_all(lock)
            finally:
                self.holding = False
                await _unlock(lock)

    async def _locked(self, lock: Connection) -> bool:
        """Waits for the advisory lock; False: told to stop before it was free."""
        while not await lock.fetchval("SELECT pg_try_advisory_lock($1)", crc32(b"relay")):
            self.depth = await outbox.depth(lock)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.draining.wait(), 1)
            if self.draining.is_set():
                return False
        return True

    async def _publish_all(self, db: Connection) -> None:
        """Publishes on the connection that holds the lock, so that a lost lock ends it."""
        producer = AIOKafkaProducer(
            **self._kafka,
            transactional_id=f"relay-{self._service}",
            transaction_timeout_ms=30_000,
            max_batch_size=BATCH_BYTES,
            max_request_size=8 * 1024 * 1024,
            request_timeout_ms=20_000,
        )
        await producer.start()  # fences the earlier relay, and aborts its open transaction
        try:
            published = await self._position()
            if published > await outbox.last_numbered(db):
                raise PositionAhead(
                    f"{self._positions} says that batch {published} of {self._service} is out, but its database "
                    "never numbered it: Kafka and Postgres are not of one installation"
                )
            first, more, next_at = True, True, 0.0
            next_beat = asyncio.get_running_loop().time() + await heartbeats.due_in(db, self._heartbeat_s)
            while True:
                if asyncio.get_running_loop().time() >= next_beat:
                    next_beat += self._heartbeat_s
                    await heartbeats.beat(producer, self.topics, db)
                if not self.draining.is_set():
                    await asyncio.sleep(next_at - asyncio.get_running_loop().time())
                woken = self._database.committed.is_set()
                self._database.committed.clear()
                # Not woken: another replica may have committed events, and the last batch is still to be deleted.
                asked = woken or more or await outbox.depth(db)
                batch = await outbox.next_batch(db, published) if asked else None
                number, messages = batch or (published, [])
                # The first batch may be one that was numbered before a crash, with more events after it.
                more = len(messages) >= outbox.BATCH_EVENTS or (first and bool(messages))
                first = False
                self.depth = await outbox.depth(db) if more else len(messages)
                OUTBOX.set(self.depth)
                if messages:
                    pace = PACE_S if more else PACE_S + PACE_PER_EVENT_S * len(messages)
                    next_at = asyncio.get_running_loop().time() + min(pace, LONGEST_PACE_S)
                    await self._publish(producer, number, messages)
                    published = number
                elif self.draining.is_set():
                    return
                if not (more or self.draining.is_set()):
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._database.committed.wait(), IDLE_SECONDS)
        finally:
            with suppress(KafkaError, asyncio.TimeoutError):
                await asyncio.wait_for(producer.stop(), 10)

    async def _publish(self, producer: Any, number: int, messages: list[outbox.Outgoing]) -> None:
        async with producer.transaction():
            sent = [
                await producer.send_batch(batch, topic, partition=partition)
                for topic, partition, batch in await _batches(producer, messages)
            ]
            sent.append(
                await producer.send(self._positions, value=str(number).encode(), key=self._service.encode())
            )
            # aiokafka commits although a message failed: wait for each, so that a failed one aborts the transaction.
            await asyncio.gather(*sent)
        for topic, count in Tally(message.topic for message in messages).items():
            PUBLISHED.labels(topic).inc(count)

    async def _position(self) -> int:
        """The number of the last published batch, 0 for none. Read after fencing, so that it is final."""
        consumer = AIOKafkaConsumer(
            **self._kafka,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        await consumer.start()
        try:
            partition = TopicPartition(self._positions, 0)
            consumer.assign([partition])
            end = (await consumer.end_offsets([partition]))[partition]
            await consumer.seek_to_beginning(partition)
            position = 0
            while await consumer.position(partition) < end:
                for record in (await consumer.getmany(partition, timeout_ms=200)).get(partition, []):
                    if record.key == self._service.encode() and record.value:
                        position = int(record.value)
            return position
        finally:
            await consumer.stop()


async def _batches(producer: Any, messages: Sequence[outbox.Outgoing]) -> list[tuple[str, int, Any]]:
    """The messages packed by partition, each partition's in order: topic, partition, and a batch of the producer's.

    Sent one by one, each would cost an await and aiokafka's hash of its key, which is slower than all the rest.
    """
    partitions = {
        topic: len(await producer.partitions_for(topic)) for topic in {message.topic for message in messages}
    }
    packed: list[tuple[str, int, Any]] = []
    last: dict[tuple[str, int], Any] = {}
    for message in messages:
        place = message.topic, crc32(message.partition_key or message.key) % partitions[message.topic]
        content = {"timestamp": None, "key": message.key, "value": message.value, "headers": message.headers}
        if place not in last or last[place].append(**content) is None:  # None: it is full
            last[place] = producer.create_batch()
            last[place].append(**content)
            packed.append((*place, last[place]))
    return packed


async def _unlock(lock: Connection) -> None:
    if not lock.is_closed():
        try:
            await lock.execute("SELECT pg_advisory_unlock($1)", crc32(b"relay"))
        except BaseException:
            lock.terminate()  # else the pooled connection would keep the lock, and no relay could publish
            raise
