"""A consumer whose topics take turns, so that a flood on one holds back no other, and only while there is room."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import CorruptRecordException, UnsupportedCodecError
from faststream.kafka import KafkaBroker

from services.chassis.runtime.telemetry import HELD_UP, log

T = TypeVar("T")
QUANTUM = 25
"""Records that a topic gives before the next one has its turn."""
PATIENCE_MS = 500
"""How long a poll waits where nothing is. A record ends it at once; FastStream would poll and sleep in short turns."""
UNREADABLE = (UnicodeDecodeError, CorruptRecordException, UnsupportedCodecError)
"""What the client raises where it cannot unpack a record: a header's name that is no text, a checksum, a packing."""
LOOK_AGAIN_S = 60.0
"""Until a partition is tried again whose next record could not be unpacked."""
SHORTLY_MS = 50
"""How long a poll waits while partitions are read one by one."""
_NO_PARTITION = TopicPartition("", 0)
Polled = dict[TopicPartition, list["ConsumerRecord[bytes, bytes]"]]


class Intake(Protocol):
    """Says how much may come in. While there is no room, records wait in Kafka."""

    def room(self) -> int:
        """Records that may come in now; 0 or less: none."""
        ...

    def taken(self, topic: str, records: int) -> None:
        """Hears what came in."""
        ...


class AlwaysRoom:
    """The intake of a service whose records come from nobody who could flood another."""

    def room(self) -> int:
        """More than any batch holds."""
        return 1_000_000

    def taken(self, topic: str, records: int) -> None:
        """Forgets it."""


async def in_turns(names: Sequence[T], take: Callable[[T, int], Awaitable[int]], room: int) -> int:
    """Takes up to ``room`` records, QUANTUM of each name in turn, until nobody has more; returns how many.

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


class TakingTurns(AIOKafkaConsumer):  # type: ignore[misc]
    """``getmany`` of all partitions, by turns; a partition whose next record cannot be unpacked is left out."""

    def __init__(self, *topics: str, intake: Intake, **options: Any) -> None:
        super().__init__(*topics, **options)
        self._intake, self._last_first = intake, ""
        self._error: Exception | None = None
        self._next: dict[TopicPartition, int] = {}
        """Behind the last record that was given out, or where somebody sent us."""
        self.unreadable: dict[TopicPartition, float] = {}
        """Partitions that wait before a record that cannot be unpacked, and when they are tried again."""
        self._one_by_one_until, self._turn = 0.0, 0
        self._told: dict[TopicPartition, int | None] = {}

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """As the client's; and what could not be unpacked is tried again."""
        super().seek(partition, offset)
        self._next[partition] = offset
        if partition in self.unreadable:
            super().resume(partition)
            self._moves_again(partition)

    def pause(self, *partitions: TopicPartition) -> None:
        """As the client's: from now on it is the caller's to resume."""
        super().pause(*partitions)
        for partition in partitions:
            self._moves_again(partition)

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> Polled:
        """As the client's, with more patience; nothing, after the timeout, while the intake has no room."""
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        self._try_again(asyncio.get_running_loop().time())
        room = min(max_records or 500, self._intake.room())
        if room <= 0:
            # Asks for a partition that nobody has: the group sees that we live, and the records stay where they are.
            await super().getmany(_NO_PARTITION, timeout_ms=timeout_ms)
            return {}
        if timeout_ms:
            timeout_ms = max(timeout_ms, PATIENCE_MS)
        mine = partitions or tuple(self.assignment())
        topics = sorted({partition.topic for partition in mine})
        if len(topics) < 2:
            found = await self._fetched(*partitions, timeout_ms=timeout_ms, max_records=room)
        else:
            found = await self._by_turns(topics, mine, room)
            if not found:
                found = await self._fetched(
                    *partitions, timeout_ms=timeout_ms, max_records=min(QUANTUM, room)
                )
        for partition, records in found.items():
            self._intake.taken(partition.topic, len(records))
        return found

    async def _fetched(self, *partitions: TopicPartition, max_records: int, timeout_ms: int = 0) -> Polled:
        """What the client has in hand. An error costs nothing of what it had in hand beside it.

        A batch that it cannot unpack ends the whole call when it has moved on in other partitions already: their
        records would never come again, and nobody would see it. Nor does it say in which partition it stands: they
        are read one by one until it is found.
        """
        mine = partitions or tuple(self.assignment())
        if asyncio.get_running_loop().time() < self._one_by_one_until:
            one_by_one = await self._one_by_one(mine, max_records)
            if not one_by_one and timeout_ms:
                await super().getmany(_NO_PARTITION, timeout_ms=SHORTLY_MS)
            return one_by_one
        try:
            found: Polled = await super().getmany(*partitions, max_records=max_records, timeout_ms=timeout_ms)
        except Exception as error:
            for partition in self._next.keys() & self.assignment() & set(mine):
                super().seek(partition, self._next[partition])
            if not isinstance(error, UNREADABLE):
                raise
            self._one_by_one_until = asyncio.get_running_loop().time() + LOOK_AGAIN_S
            return {}
        for partition, records in found.items():
            self._next[partition] = records[-1].offset + 1
        return found

    async def _one_by_one(self, partitions: Sequence[TopicPartition], room: int) -> Polled:
        """A record at a time, so that the one that cannot be unpacked is the next of the partition that was asked."""
        found: Polled = {}
        getmany = super().getmany

        async def take(partition: TopicPartition, most: int) -> int:
            for taken in range(most):
                try:
                    got: Polled = await getmany(partition, max_records=1)
                except UNREADABLE as error:
                    self._hold_up(partition, error)
                    return taken
                if partition not in got:
                    return taken
                found.setdefault(partition, []).extend(got[partition])
                self._next[partition] = got[partition][-1].offset + 1
                self._moves_again(partition)
            return most

        order = sorted(partitions)
        self._turn = (self._turn + 1) % max(1, len(order))
        try:
            await in_turns(order[self._turn :] + order[: self._turn], take, room)
        except Exception as error:
            if not found:
                raise
            self._error = error
        return found

    def _hold_up(self, partition: TopicPartition, error: Exception) -> None:
        super().pause(partition)
        now, offset = asyncio.get_running_loop().time(), self._next.get(partition)
        self.unreadable[partition], self._one_by_one_until = now + LOOK_AGAIN_S, 0.0
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
        """Once a minute; a minute without the error and without a record: there is nothing any more to hold it up."""
        for partition in [p for p in self.unreadable if p not in self.assignment()]:
            self._moves_again(partition)
        for partition in [p for p, at in self.unreadable.items() if at <= now]:
            if partition in self.paused():
                super().resume(partition)
                self.unreadable[partition] = self._one_by_one_until = now + LOOK_AGAIN_S
            else:
                self._moves_again(partition)

    def _moves_again(self, partition: TopicPartition) -> None:
        if self.unreadable.pop(partition, None) is not None:
            HELD_UP.labels(partition.topic, str(partition.partition)).set(0)

    async def _by_turns(self, topics: list[str], mine: Sequence[TopicPartition], room: int) -> Polled:
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
            await in_turns(order, take, room)
        except Exception as error:
            if not found:
                raise
            # The client's position is behind what was taken already: it must be returned, and the error next time.
            self._error = error
        return found


def unreadable_of(client: AIOKafkaConsumer | None) -> Collection[TopicPartition]:
    """The partitions of a client that wait before a record that cannot be unpacked."""
    return client.unreadable.keys() if isinstance(client, TakingTurns) else ()


def take_turns(broker: KafkaBroker, intake: Intake) -> None:
    """Has a connected, not yet started broker make such consumers; FastStream has no option for it."""
    made = broker.config.broker_config.builder
    if not isinstance(made, partial):
        raise TypeError("FastStream makes its consumers in another way than the one known here")
    broker.config.broker_config.builder = partial(TakingTurns, intake=intake, **made.keywords)
