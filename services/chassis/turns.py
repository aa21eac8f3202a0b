"""A consumer whose topics take turns, so that a flood on one holds back no other, and only while there is room."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from faststream.kafka import KafkaBroker

T = TypeVar("T")
QUANTUM = 25
"""Records that a topic gives before the next one has its turn."""
PATIENCE_MS = 500
"""How long a poll waits where nothing is. A record ends it at once; FastStream would poll and sleep in short turns."""
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


async def in_turns(names: Sequence[str], take: Callable[[str, int], Awaitable[int]], room: int) -> int:
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
    """``getmany`` of all partitions, by turns; otherwise the client as it is."""

    def __init__(self, *topics: str, intake: Intake, **options: Any) -> None:
        super().__init__(*topics, **options)
        self._intake, self._last_first = intake, ""
        self._error: Exception | None = None
        self._next: dict[TopicPartition, int] = {}
        """Behind the last record that was given out, or where somebody sent us."""

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """As the client's."""
        super().seek(partition, offset)
        self._next[partition] = offset

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> Polled:
        """As the client's, with more patience; nothing, after the timeout, while the intake has no room."""
        if self._error is not None:
            error, self._error = self._error, None
            raise error
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

    async def _fetched(self, *partitions: TopicPartition, **most: int) -> Polled:
        """What the client has in hand. An error costs nothing of what it had in hand beside it.

        A batch that it cannot read (a checksum, a packing, a header's name that is no text) ends the whole call when
        it has moved on in other partitions already: their records would never come again, and nobody would see it.
        """
        try:
            found: Polled = await super().getmany(*partitions, **most)
        except Exception:
            for partition in self._next.keys() & self.assignment() & set(partitions or self.assignment()):
                super().seek(partition, self._next[partition])
            raise
        for partition, records in found.items():
            self._next[partition] = records[-1].offset + 1
        return found

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


def take_turns(broker: KafkaBroker, intake: Intake) -> None:
    """Has a connected, not yet started broker make such consumers; FastStream has no option for it."""
    made = broker.config.broker_config.builder
    if not isinstance(made, partial):
        raise TypeError("FastStream makes its consumers in another way than the one known here")
    broker.config.broker_config.builder = partial(TakingTurns, intake=intake, **made.keywords)
