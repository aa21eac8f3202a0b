"""An aiokafka consumer that shares each poll fairly among its topics, and polls only what admission control admits."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence, Set
from typing import Any, Protocol, TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import (
    CorruptRecordException,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
    UnsupportedCodecError,
)

from services.chassis.runtime.telemetry import HELD_UP, log

T = TypeVar("T")
QUANTUM = 25
"""Records taken from a topic before the next topic is served."""
POLL_MS = 500
"""How long a poll waits where no record is. The first record ends it. FastStream would poll and sleep in turns."""
UNREADABLE = (UnicodeDecodeError, CorruptRecordException, UnsupportedCodecError)
"""What the client raises when it cannot unpack a record: a header name that is no text, a checksum, a codec."""
NO_POSITION = (OffsetOutOfRangeError, NoOffsetForPartitionError)
"""What the client raises where Kafka has no record at its position, or before it was told one. See ``out_of_range``."""
RETRY_S = 60.0
"""Until a partition is tried again whose next record could not be unpacked."""
SHORT_POLL_MS = 50
"""How long a poll waits while partitions are read one by one."""
_NO_PARTITION = TopicPartition("", 0)
Polled = dict[TopicPartition, list["ConsumerRecord[bytes, bytes]"]]


class AdmissionControl(Protocol):
    """Says how many records may come in. While it admits none, records wait in Kafka."""

    def room(self) -> int:
        """Records that may come in now; 0 or less: none."""
        ...

    def taken(self, topic: str, records: int) -> None:
        """Counts records of a topic that came in."""
        ...


class AdmitAll:
    """No admission control: for a service whose records come from no outsider who could flood another."""

    def room(self) -> int:
        """More than any batch holds."""
        return 1_000_000

    def taken(self, topic: str, records: int) -> None:
        """Does nothing."""


async def round_robin(names: Sequence[T], take: Callable[[T, int], Awaitable[int]], room: int) -> int:
    """Takes up to ``room`` records, QUANTUM of each name in turn, until none has more; returns how many.

    ``take`` takes at most so many of a name and returns how many; fewer: it has no more. With room for QUANTUM of
    each, each gets them, however much another has.
    """
    waiting, taken = list(names), 0
    while waiting and taken < room:
        for name in tuple(waiting):
            asked = min(QUANTUM, room - taken)
            if not asked:
                break
            got = await take(name, asked)
            taken += got
            if got < asked:
                waiting.remove(name)
    return taken


class FairConsumer(AIOKafkaConsumer):  # type: ignore[misc]
    """``getmany`` over all partitions, round-robin by topic; skips a partition whose next record cannot be unpacked."""

    def __init__(self, *topics: str, admission: AdmissionControl, **options: Any) -> None:
        super().__init__(*topics, **options)
        self._admission, self._last_first = admission, ""
        self._error: Exception | None = None
        self._next: dict[TopicPartition, int] = {}
        """The offset after the last record returned, or the one last sought."""
        self.unreadable: dict[TopicPartition, float] = {}
        """Partitions held up by a record that cannot be unpacked, and when each is tried again."""
        self.out_of_range: set[TopicPartition] = set()
        """Partitions whose next record Kafka no longer has; each waits until somebody seeks."""
        self._one_by_one_until, self._first = 0.0, 0
        self._told: dict[TopicPartition, int | None] = {}

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """As aiokafka's; a partition that waits for an unreadable or missing record is tried again."""
        super().seek(partition, offset)
        self._next[partition] = offset
        if partition in self.unreadable or partition in self.out_of_range:
            self.out_of_range.discard(partition)
            super().resume(partition)
            self._moves_again(partition)

    def pause(self, *partitions: TopicPartition) -> None:
        """As aiokafka's; the caller resumes it, also where it was held up here."""
        super().pause(*partitions)
        for partition in partitions:
            self.out_of_range.discard(partition)
            self._moves_again(partition)

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> Polled:
        """As aiokafka's, with a longer poll. Returns nothing while admission control admits nothing."""
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        self._try_again(asyncio.get_running_loop().time())
        room = min(max_records or 500, self._admission.room())
        if room <= 0:
            # A poll of a partition that does not exist keeps the group membership alive and fetches nothing.
            await super().getmany(_NO_PARTITION, timeout_ms=timeout_ms)
            return {}
        if timeout_ms:
            timeout_ms = max(timeout_ms, POLL_MS)
        mine = partitions or tuple(self.assignment())
        topics = sorted({partition.topic for partition in mine})
        if len(topics) < 2:
            found = await self._fetched(*partitions, timeout_ms=timeout_ms, max_records=room)
        else:
            found = await self._fairly(topics, mine, room)
            if not found:
                found = await self._fetched(
                    *partitions, timeout_ms=timeout_ms, max_records=min(QUANTUM, room)
                )
        for partition, records in found.items():
            self._admission.taken(partition.topic, len(records))
        return found

    async def _fetched(self, *partitions: TopicPartition, max_records: int, timeout_ms: int = 0) -> Polled:
        """Records from aiokafka's buffer. An error loses none of the records fetched beside it.

        aiokafka raises on a batch that it cannot unpack after it has advanced its position in other partitions:
        their records would be skipped in silence, so each position is set back. The error does not name the
        partition: they are then read one by one until it is found.
        """
        mine = partitions or tuple(self.assignment())
        if asyncio.get_running_loop().time() < self._one_by_one_until:
            one_by_one = await self._one_by_one(mine, max_records)
            if not one_by_one and timeout_ms:
                await super().getmany(_NO_PARTITION, timeout_ms=SHORT_POLL_MS)
            return one_by_one
        try:
            found: Polled = await super().getmany(*partitions, max_records=max_records, timeout_ms=timeout_ms)
        except Exception as error:
            for partition in self._next.keys() & self.assignment() & set(mine):
                super().seek(partition, self._next[partition])
            if isinstance(error, NO_POSITION):
                self._wait_for_a_seek(error)
                return {}
            if not isinstance(error, UNREADABLE):
                raise
            self._one_by_one_until = asyncio.get_running_loop().time() + RETRY_S
            return {}
        for partition, records in found.items():
            self._next[partition] = records[-1].offset + 1
        return found

    async def _one_by_one(self, partitions: Sequence[TopicPartition], room: int) -> Polled:
        """One record at a time, so that an error belongs to the partition that was polled."""
        found: Polled = {}
        getmany = super().getmany

        async def take(partition: TopicPartition, most: int) -> int:
            for taken in range(most):
                try:
                    got: Polled = await getmany(partition, max_records=1)
                except UNREADABLE as error:
                    self._hold_up(partition, error)
                    return taken
                except NO_POSITION as error:
                    self._wait_for_a_seek(error)
                    return taken
                if partition not in got:
                    return taken
                found.setdefault(partition, []).extend(got[partition])
                self._next[partition] = got[partition][-1].offset + 1
                self._moves_again(partition)
            return most

        order = sorted(partitions)
        self._first = (self._first + 1) % max(1, len(order))
        try:
            await round_robin(order[self._first :] + order[: self._first], take, room)
        except Exception as error:
            if not found:
                raise
            self._error = error
        return found

    def _wait_for_a_seek(self, error: OffsetOutOfRangeError | NoOffsetForPartitionError) -> None:
        if isinstance(error, OffsetOutOfRangeError):
            missing = self.assignment() & error.args[0].keys()
            self.out_of_range |= missing
            super().pause(*missing)

    def _hold_up(self, partition: TopicPartition, error: Exception) -> None:
        super().pause(partition)
        now, offset = asyncio.get_running_loop().time(), self._next.get(partition)
        self.unreadable[partition], self._one_by_one_until = now + RETRY_S, 0.0
        HELD_UP.labels(partition.topic, str(partition.partition)).set(1)
        if partition not in self._told or self._told[partition] != offset:
            self._told[partition] = offset
            log().error(
                "partition held up: its next record cannot be unpacked; have its sender mend it, and skip it",
                topic=partition.topic,
                partition=partition.partition,
                offset=offset,
                error=type(error).__name__,
            )

    def _try_again(self, now: float) -> None:
        """Retries each held-up partition once a minute; without another error it is held up no more."""
        for partition in [p for p in self.unreadable if p not in self.assignment()]:
            self._moves_again(partition)
        for partition in [p for p, at in self.unreadable.items() if at <= now]:
            if partition in self.paused():
                super().resume(partition)
                self.unreadable[partition] = self._one_by_one_until = now + RETRY_S
            else:
                self._moves_again(partition)

    def _moves_again(self, partition: TopicPartition) -> None:
        if self.unreadable.pop(partition, None) is not None:
            HELD_UP.labels(partition.topic, str(partition.partition)).set(0)

    async def _fairly(self, topics: list[str], mine: Sequence[TopicPartition], room: int) -> Polled:
        after = [topic for topic in topics if topic > self._last_first]
        order = after + topics[: len(topics) - len(after)]
        self._last_first = order[0]
        found: Polled = {}

        async def take(topic: str, most: int) -> int:
            own = [partition for partition in mine if partition.topic == topic]
            got = await self._fetched(*own, max_records=most)
            for partition, records in got.items():
                found.setdefault(partition, []).extend(records)
            return sum(map(len, got.values()))

        try:
            await round_robin(order, take, room)
        except Exception as error:
            if not found:
                raise
            # aiokafka has moved past the records in hand: return them now, and raise at the next call.
            self._error = error
        return found


def unreadable_of(client: AIOKafkaConsumer | None) -> Collection[TopicPartition]:
    """The partitions of a client that are held up by a record that cannot be unpacked."""
    return client.unreadable.keys() if isinstance(client, FairConsumer) else ()


def out_of_range_of(client: AIOKafkaConsumer | None) -> Set[TopicPartition]:
    """The partitions of a client whose next record Kafka no longer has."""
    return client.out_of_range if isinstance(client, FairConsumer) else frozenset()
