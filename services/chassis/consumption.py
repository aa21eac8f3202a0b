"""The consumer loop that loses nothing: effects and consumed offsets commit in one Postgres transaction.

Kafka's own offsets are committed only so that lag tools work. The position that counts is in Postgres: read
when a partition is assigned, held here, and moved by each batch only from the value held. Whoever holds another
value is a zombie, or has one beside it; it rolls back and reads again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from services.chassis.database import Database, transient
from services.chassis.dead_letters import bury, defect
from services.chassis.telemetry import AGE, BATCH, CONSUMED, DEAD, LAG, RETRIES, log
from services.chassis.work import RawHandler, Received

Gate = Callable[[], Awaitable[None]]  # returns when the batch may go on: backpressure


class Fenced(Exception):
    """Another consumer moved a partition of this batch; its effects are there already."""


class Recreated(RuntimeError):
    """A topic has records below the offset consumed: it was made anew under a database that remembers."""


def received(record: "ConsumerRecord[bytes, bytes]") -> Received:
    """A record without the client's type; a key that is not text counts as none."""
    try:
        key = record.key.decode() if record.key is not None else None
    except UnicodeDecodeError:
        key = None
    return Received(
        record.topic,
        record.partition,
        record.offset,
        key,
        tuple(record.headers),
        record.value or b"",
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
    )


class Consumption(ConsumerRebalanceListener):  # type: ignore[misc]
    """The positions of one subscriber, and the way of a batch through its handler."""

    def __init__(self, name: str, handler: RawHandler, database: Database, gate: Gate) -> None:
        self.name, self._handler, self._database, self._gate = name, handler, database, gate
        self.held: dict[TopicPartition, int] = {}
        self.client: Callable[[], AIOKafkaConsumer | None] = lambda: None
        """Gives the running client; there is none before the broker starts."""
        self.busy = False
        self.stopping = False
        self._idle: dict[TopicPartition, int] = {}

    # --- positions

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        for partition in revoked:
            self.held.pop(partition, None)
            self._idle.pop(partition, None)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        await self._seek(sorted(assigned))

    async def _seek(self, partitions: Sequence[TopicPartition]) -> None:
        """Reads what Postgres says and goes there; tries until it answers, as nothing can be done without."""
        client = self.client()
        if client is None:
            raise RuntimeError("partitions are assigned to a running client only")
        delay = 0.1
        while partitions and not self.stopping:
            try:
                async with self._database.pool.acquire() as db, db.transaction():
                    await db.executemany(
                        "INSERT INTO consumed_offsets VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING",
                        [(self.name, p.topic, p.partition) for p in partitions],
                    )
                    rows = await db.fetch(
                        "SELECT topic, partition, next_offset FROM consumed_offsets WHERE consumer = $1",
                        self.name,
                    )
            except Exception as error:
                if not transient(error):
                    raise
                await asyncio.sleep(delay)
                delay = min(delay * 2, 5.0)
                continue
            known = {TopicPartition(r["topic"], r["partition"]): r["next_offset"] for r in rows}
            for partition in partitions:
                self.held[partition] = known[partition]
                client.seek(partition, known[partition])
            return

    # --- one batch

    async def consume(self, records: Sequence["ConsumerRecord[bytes, bytes]"]) -> None:
        """Takes a batch through; returns when it is committed, was fenced, or the service stops."""
        batch = [received(r) for r in records if TopicPartition(r.topic, r.partition) in self.held]
        self.busy = True
        try:
            if batch:
                await self._gate()
                await self._until_done(batch)
        finally:
            self.busy = False

    async def _until_done(self, batch: list[Received]) -> None:
        delay = 0.05
        while not self.stopping:
            try:
                with BATCH.labels(batch[0].topic).time():
                    await self._commit(batch, self._handler)
                break
            except Fenced:
                log().warning("fenced: reading the offsets again", consumer=self.name)
                await self._seek(sorted({TopicPartition(r.topic, r.partition) for r in batch}))
                return
            except Exception as error:
                if transient(error):
                    RETRIES.labels(type(error).__name__).inc()
                    await asyncio.sleep(delay)
                    delay = min(delay * 2, 5.0)
                elif isinstance(error, Recreated):
                    raise
                else:
                    await self._one_by_one(batch, error)
                    return

    async def _one_by_one(self, batch: list[Received], error: Exception) -> None:
        """Finds the record that the handler cannot take; it becomes a dead letter, the others go through."""
        if len(batch) > 1:
            for record in batch:
                await self._until_done([record])
            return
        where = defect(error)
        log().error("dead letter", consumer=self.name, topic=batch[0].topic, defect=where)

        async def dead(records: Sequence[Received], work: Any) -> None:
            await bury(work.db, self.name, [(r, "defect", where) for r in records], work.now)

        DEAD.labels(batch[0].topic, "defect").inc()
        await self._commit(batch, dead)

    async def _commit(self, batch: list[Received], handler: RawHandler) -> None:
        ends: dict[TopicPartition, int] = {}
        for record in batch:
            partition = TopicPartition(record.topic, record.partition)
            if partition not in self.held:
                raise Fenced
            if record.offset < self.held[partition]:
                raise Recreated(
                    f"{record.topic}/{record.partition} has offset {record.offset}, but was consumed up to "
                    f"{self.held[partition]}: the topic was made anew; give the service a new database"
                )
            ends[partition] = record.offset + 1
        partitions = sorted(ends)
        async with self._database.transaction() as work:
            # Locked in order, so that two consumers of the same partitions queue up and never deadlock.
            rows = await work.db.fetch(
                """SELECT next_offset FROM consumed_offsets
                   JOIN unnest($2::text[], $3::int[]) AS wanted (topic, partition) USING (topic, partition)
                   WHERE consumer = $1 ORDER BY topic, partition FOR UPDATE OF consumed_offsets""",
                self.name,
                [p.topic for p in partitions],
                [p.partition for p in partitions],
            )
            if [row["next_offset"] for row in rows] != [self.held.get(p) for p in partitions]:
                raise Fenced
            await handler(batch, work)
            await work.db.executemany(
                """UPDATE consumed_offsets SET next_offset = $4
                   WHERE consumer = $1 AND topic = $2 AND partition = $3""",
                [(self.name, p.topic, p.partition, ends[p]) for p in partitions],
            )
            committed_at = work.now
        for partition in partitions:
            if partition in self.held:
                self.held[partition] = ends[partition]
        for record in batch:
            CONSUMED.labels(record.topic).inc()
            AGE.labels(record.topic).observe(max(0.0, (committed_at - record.timestamp).total_seconds()))

    # --- for lag tools and for whoever watches

    async def report(self) -> bool:
        """Tells Kafka how far we are; returns whether records wait here.

        A position that stood still over two calls with no batch at work has nothing before it but the markers
        of transactions, which no batch would ever consume.
        """
        client = self.client()
        if client is None:
            return False
        waiting = False
        offsets: dict[TopicPartition, int] = {}
        for partition in list(self.held):
            try:
                position = await asyncio.wait_for(client.position(partition), 1)
            except (KafkaError, TimeoutError, AssertionError):
                continue
            quiet = not self.busy and self._idle.get(partition) == position
            self._idle[partition] = position
            offsets[partition] = position if quiet else self.held.get(partition, 0)
            end = client.highwater(partition)
            if end is not None:
                LAG.labels(partition.topic, str(partition.partition)).set(max(0, end - offsets[partition]))
                waiting = waiting or end > offsets[partition]
        if offsets:
            try:
                await asyncio.wait_for(client.commit(offsets), 5)
            except (KafkaError, TimeoutError) as error:
                log().info("offsets not told to Kafka", error=type(error).__name__)
        return waiting or self.busy
