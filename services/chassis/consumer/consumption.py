"""The consumer loop that loses nothing: effects and consumed offsets commit in one Postgres transaction.

Offsets are committed to Kafka only for lag tools. The position that counts is a row in Postgres. It is read when a
partition is assigned, kept in memory, and each batch moves the row only if it still has the value in memory. If it has
another, a second consumer moved it: the batch rolls back and the row is read again (docs/adr/0003).
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from services.chassis.consumer.dead_letters import TooMany, store, trace
from services.chassis.consumer.fair_consumer import out_of_range_of, unreadable_of
from services.chassis.consumer.lost_records import Gap, gaps, pass_over
from services.chassis.runtime.database import Database, transient
from services.chassis.runtime.telemetry import (
    AGE,
    BATCH,
    CONSUMED,
    DEAD,
    HELD_UP,
    LAG,
    RETRIES,
    defect,
    log,
    traced,
)
from services.chassis.runtime.unit_of_work import Database as Connection
from services.chassis.runtime.unit_of_work import RawHandler, Received, Unprocessable, Work

Redaction = Callable[[Received], Received]
"""Returns a record without what no dead letter may keep."""

Gate = Callable[[], Awaitable[None]]  # returns when the batch may go on: back-pressure
END_LOOKS = 8  # about 15 seconds
TIMEOUTS = 3  # in a row, before a batch is halved
SINGLE_TRIES = 3  # of a record that fails alone, before it becomes a dead letter
# An offset that moved is committed to Kafka at once, as admission control counts by it; one that did not, this often.
TOLD_AGAIN_S = 5.0
# Between two commits of a patient consumer: nothing counts by it, and each costs Kafka 2 ms.
PATIENT_TELL_S = 1.0
PACE_S = 0.04  # at least from one batch to the next: each has a fixed cost, so small batches are expensive
PACE_PER_RECORD_S = 0.0005  # the more records waited, the more will: then batches are larger
LONGEST_PACE_S = 0.25
HELD_UP_S = 10.0  # until a partition that is held up by too many dead letters is tried again


class Fenced(Exception):
    """Another consumer moved a partition of this batch; its effects are there already."""


class Recreated(RuntimeError):
    """A topic ends before the consumed offset: it was deleted and created again under an older database."""


def received(record: "ConsumerRecord[bytes, bytes]") -> Received:
    """The record in our own type. A key that is not UTF-8 and a header without a value are left out."""
    try:
        key = record.key.decode() if record.key is not None else None
    except UnicodeDecodeError:
        key = None
    return Received(
        record.topic,
        record.partition,
        record.offset,
        key,
        tuple([each for each in record.headers if each[1] is not None]),
        record.value or b"",
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
    )


def as_it_came(record: Received) -> Received:
    """Returns the record unchanged: the platform's own events hold nothing that a dead letter may not keep."""
    return record


class Consumption(ConsumerRebalanceListener):  # type: ignore[misc]
    """The positions of one subscriber, and the processing of a batch by its handler.

    A rebalance waits for the batch at work, so that positions never change under it.
    """

    def __init__(
        self,
        name: str,
        handler: RawHandler,
        database: Database,
        gate: Gate,
        fail: Callable[[Exception], None],
        *,
        dead_letter_limit: int,
        redact: Redaction = as_it_came,
        patient: bool = False,
    ) -> None:
        """``patient``: nobody waits for what follows from these records, so that batches may always be larger."""
        self.name, self.handler, self._database, self._gate, self._fail = name, handler, database, gate, fail
        self._limit, self._redact, self.patient = dead_letter_limit, redact, patient
        self.held: dict[TopicPartition, int] = {}
        self.client: Callable[[], AIOKafkaConsumer | None] = lambda: None
        """Returns the running client; None before the broker starts."""
        self.assigned = False
        """Whether the group assigned partitions; none, when there are more replicas than partitions."""
        self.stopping = False
        self.held_up: dict[TopicPartition, float] = {}
        """Partitions whose next record can neither be processed nor become a dead letter, and when to try again."""
        self._paused: set[TopicPartition] = set()
        self._at_work = asyncio.Lock()
        self._idle: dict[TopicPartition, int] = {}
        self._told: dict[TopicPartition, int] = {}
        self._seen: dict[TopicPartition, int] = {}
        self._told_at = 0.0

    # --- positions

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self.assigned = False
        self._told = {}
        async with self._at_work:
            for partition in revoked:
                self.held.pop(partition, None)
                with suppress(KeyError):
                    LAG.remove(partition.topic, str(partition.partition))
                self._idle.pop(partition, None)
                self._paused.discard(partition)
                self._moves_again(partition)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        async with self._at_work:
            try:
                await self._seek(sorted(assigned))
            except Exception as error:  # the client would only log it
                self._fail(error)
        self.assigned = True

    async def _seek(self, partitions: Sequence[TopicPartition]) -> None:
        """Seeks to the offsets in Postgres; tries again until Postgres and Kafka answer. Raises Recreated.

        Where a topic begins after that offset, the gap is recorded as lost records before the consumer goes on.
        """
        client = self.client()
        if client is None:
            raise RuntimeError("partitions are assigned to a running client only")
        delay, looks = 0.1, 0
        while partitions and not self.stopping:
            try:
                known, ends = await self._offsets(partitions), await client.end_offsets(partitions)
                lost = gaps(known, await client.beginning_offsets(partitions))
                if lost and all(known[p] <= ends[p] for p in partitions):
                    await self._pass_over(lost)
                    continue  # with the offsets as they are now
            except Exception as error:
                if not (transient(error) or isinstance(error, KafkaError)):
                    raise
            else:
                looks += 1
                behind = [p for p in partitions if known[p] > ends[p]]
                if behind and looks == END_LOOKS:  # a broker that just started may not know its end at once
                    raise Recreated(
                        f"{behind[0].topic} ends before what was consumed: it was made anew; give the service a "
                        "new database, or the topic its records"
                    )
                if not behind:
                    for partition in client.assignment() & set(partitions):
                        self.held[partition] = known[partition]
                        client.seek(partition, known[partition])
                    return
            await asyncio.sleep(delay)
            delay = min(delay * 2, 5.0)

    async def _pass_over(self, lost: Mapping[TopicPartition, Gap]) -> None:
        async with self._database.transaction() as work:
            await pass_over(work, self.name, lost)

    async def _offsets(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        async with self._database.pool.acquire() as db:
            known = await self._known(db)
            # Only where there is none: an insert waits for a transaction that holds the row.
            if lacking := [p for p in partitions if p not in known]:
                await db.executemany(
                    "INSERT INTO consumed_offsets VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING",
                    [(self.name, p.topic, p.partition) for p in lacking],
                )
                known = await self._known(db)
        return known

    async def _known(self, db: Connection) -> dict[TopicPartition, int]:
        rows = await db.fetch(
            "SELECT topic, partition, next_offset FROM consumed_offsets WHERE consumer = $1", self.name
        )
        return {TopicPartition(row["topic"], row["partition"]): row["next_offset"] for row in rows}

    # --- one batch

    async def consume(self, records: Sequence["ConsumerRecord[bytes, bytes]"]) -> None:
        """Processes a batch; returns when it is committed, was fenced, or the service stops.

        Skips records of a partition that is no longer assigned, and records below the consumed offset.
        """
        async with self._at_work:
            batch = [
                received(record)
                for record in records
                if record.offset >= self.held.get(TopicPartition(record.topic, record.partition), sys.maxsize)
            ]
            pace = LONGEST_PACE_S if self.patient else PACE_S + PACE_PER_RECORD_S * len(batch)
            next_at = asyncio.get_running_loop().time() + min(pace, LONGEST_PACE_S)
            if batch:
                await self._gate()
                await self._until_done(batch, self.handler)
        await asyncio.sleep(next_at - asyncio.get_running_loop().time())

    async def _until_done(self, batch: list[Received], handler: RawHandler) -> bool:
        """Tries again until the batch is committed, and halves it to find a record that cannot be processed.

        True: it is committed, without the records of held-up partitions. False: it was fenced, or the service stops.
        """
        delay, tries, timeouts = 0.05, 0, 0
        while not self.stopping:
            if self._paused:
                batch = [r for r in batch if TopicPartition(r.topic, r.partition) not in self._paused]
            if not batch:
                return True
            try:
                with BATCH.labels(batch[0].topic).time():
                    await self._commit(batch, handler)
            except Fenced:
                log().warning("fenced: reading the offsets again", consumer=self.name)
                partitions = {TopicPartition(r.topic, r.partition) for r in batch}
                for partition in partitions:
                    self.held.pop(partition, None)
                await self._seek(sorted(partitions))
                return False
            except TooMany:
                self._hold_up(batch[0])
                return True
            except Exception as error:
                timeouts = timeouts + 1 if isinstance(error, TimeoutError) else 0
                too_much = timeouts == TIMEOUTS and len(batch) > 1  # for the time limit of a transaction
                if transient(error) and not too_much:
                    RETRIES.labels(type(error).__name__).inc()
                elif len(batch) > 1:  # to find the record that the handler cannot process
                    middle = len(batch) // 2
                    return await self._until_done(batch[:middle], handler) and await self._until_done(
                        batch[middle:], handler
                    )
                elif handler is not self.handler:
                    raise  # it cannot even be stored as a dead letter
                elif (tries := tries + 1) == SINGLE_TRIES or isinstance(error, Unprocessable):
                    return await self._dead_letter(batch[0], error)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 5.0)
            else:
                return True
        return False

    async def _dead_letter(self, record: Received, error: Exception) -> bool:
        reason, detail = "defect", defect(error)
        if isinstance(error, Unprocessable):
            reason, detail = error.reason, error.detail

        async def dead(_: Sequence[Received], work: Work) -> None:
            await store(work, self.name, self._redact(record), reason, detail, limit=self._limit)

        going_on = await self._until_done([record], dead)
        if TopicPartition(record.topic, record.partition) not in self._paused:
            log().error(
                "dead letter",
                consumer=self.name,
                topic=record.topic,
                reason=reason,
                detail=detail,
                **traced(trace(record)),
            )
            DEAD.labels(record.topic, reason).inc()
        return going_on

    def _hold_up(self, record: Received) -> None:
        """Pauses a partition at a record that may not become a dead letter; the others go on."""
        partition, client = TopicPartition(record.topic, record.partition), self.client()
        if partition in self.held:
            if client is not None:  # a rebuild has no client; it ends when it sees a held-up partition
                client.pause(partition)
                client.seek(partition, self.held[partition])
            self._paused.add(partition)
            self.held_up[partition] = asyncio.get_running_loop().time() + HELD_UP_S
            HELD_UP.labels(partition.topic, str(partition.partition)).set(1)
            log().error(
                "partition held up: too many dead letters are open; mend the defect, or process or discard them",
                consumer=self.name,
                topic=record.topic,
                partition=record.partition,
                **traced(trace(record)),
            )

    @property
    def waiting(self) -> set[TopicPartition]:
        """Partitions that are held up: too many dead letters are open, or the next record cannot be unpacked."""
        return {*self.held_up, *unreadable_of(self.client())}

    def _try_again(self, now: float) -> None:
        client = self.client()
        for partition in [p for p in self._paused if self.held_up[p] <= now]:
            self._paused.remove(partition)
            if client is not None and partition in client.assignment():
                client.resume(partition)

    async def _find_position(self, client: AIOKafkaConsumer) -> None:
        """Seeks again where Kafka has not the next record: the topic lost it while the consumer was running."""
        async with self._at_work:
            if missing := sorted(out_of_range_of(client) & self.held.keys()):
                for partition in missing:
                    self._paused.discard(partition)
                    self._moves_again(partition)
                try:
                    await self._seek(missing)
                except Exception as error:
                    self._fail(error)

    def _moves_again(self, partition: TopicPartition) -> None:
        if self.held_up.pop(partition, None) is not None:
            HELD_UP.labels(partition.topic, str(partition.partition)).set(0)

    async def _commit(self, batch: list[Received], handler: RawHandler) -> None:
        ends = {TopicPartition(record.topic, record.partition): record.offset + 1 for record in batch}
        partitions = sorted(ends)
        async with self._database.transaction() as work:
            # In one order of partitions: a second consumer of the same ones waits here, and finds them moved.
            moved = await work.db.execute(
                """WITH ours AS (
                       SELECT topic, partition, wanted.after FROM consumed_offsets
                       JOIN unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[])
                           AS wanted (topic, partition, held, after) USING (topic, partition)
                       WHERE consumer = $1 AND next_offset = held
                       ORDER BY topic, partition FOR UPDATE OF consumed_offsets)
                   UPDATE consumed_offsets AS stored SET next_offset = ours.after FROM ours
                   WHERE consumer = $1 AND (stored.topic, stored.partition) = (ours.topic, ours.partition)""",
                self.name,
                [p.topic for p in partitions],
                [p.partition for p in partitions],
                [self.held.get(p) for p in partitions],
                [ends[p] for p in partitions],
            )
            if int(moved.split()[-1]) != len(partitions):
                raise Fenced
            await handler(batch, work)
            committed_at = work.now
        self.held |= ends
        for partition in partitions:
            self._moves_again(partition)
        ages: dict[str, list[float]] = {}
        for record in batch:
            ages.setdefault(record.topic, []).append((committed_at - record.timestamp).total_seconds())
        for topic, seconds in ages.items():
            CONSUMED.labels(topic).inc(len(seconds))
            AGE.observe(topic, seconds)

    # --- for lag tools and the watchdog

    async def report(self) -> bool:
        """Commits the offsets to Kafka; returns whether records wait and no batch is at work.

        A position that did not move between two calls with no batch at work has only transaction markers before it,
        which no batch will consume.
        """
        client, busy = self.client(), self._at_work.locked()
        if client is None:
            return False
        now = asyncio.get_running_loop().time()
        self._try_again(now)
        if not busy:
            await self._find_position(client)
        waiting = not self.assigned
        offsets: dict[TopicPartition, int] = {}
        for partition in list(self.held):
            try:
                async with asyncio.timeout(1):  # no task for each, as wait_for would make
                    position = await client.position(partition)
                end = client.highwater(partition)
            except (KafkaError, TimeoutError, AssertionError):  # a rebalance has just taken it from us
                continue
            if partition not in self.held:
                continue
            quiet = not busy and self._idle.get(partition) == position
            self._idle[partition] = position
            offsets[partition] = position if quiet else self.held[partition]
            if end is not None:
                LAG.labels(partition.topic, str(partition.partition)).set(max(0, end - offsets[partition]))
                waiting = waiting or (end > offsets[partition] and partition not in self.waiting)
        resting, self._seen = offsets == self._seen, offsets
        pause = PATIENT_TELL_S if self.patient and not resting else 0.0
        if offsets and now >= self._told_at + (TOLD_AGAIN_S if offsets == self._told else pause):
            try:
                await asyncio.wait_for(client.commit(offsets), 5)
                self._told, self._told_at = offsets, now
            except (KafkaError, TimeoutError) as error:
                log().info("offsets not told to Kafka", error=type(error).__name__)
        return waiting and not busy
