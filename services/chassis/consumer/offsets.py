"""Topics' ends and consumer groups' offsets at Kafka, read without joining a group: nobody's position moves."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

Offsets = dict[TopicPartition, int]


class OffsetReader:
    """Asks Kafka on two started clients; each method raises KafkaError when Kafka does not answer."""

    def __init__(self, admin: Any, consumer: Any) -> None:
        self._admin, self.consumer = admin, consumer

    async def answers(self) -> None:
        """Returns when Kafka answers."""
        await self._admin.list_topics()

    async def partitions(self, topics: Collection[str] | None = None) -> list[TopicPartition]:
        """The partitions of these topics, of those that exist; None: of every topic but Kafka's own."""
        there = set(await self._admin.list_topics())
        named = there & set(topics) if topics is not None else {t for t in there if not t.startswith("__")}
        if not named:
            return []
        return sorted(
            TopicPartition(topic["topic"], partition["partition"])
            for topic in await self._admin.describe_topics(sorted(named))
            for partition in topic["partitions"]
        )

    async def ends(self, partitions: Collection[TopicPartition]) -> Offsets:
        """The end of each partition for a reader of committed records."""
        if not partitions:
            return {}
        found: Offsets = await self.consumer.end_offsets(list(partitions))
        return found

    async def groups(self, services: Collection[str]) -> list[str]:
        """The consumer groups of these services: a group's name begins with its service's and a dot."""
        names = [name for name, *_ in await self._admin.list_consumer_groups()]
        return sorted(name for name in names if service_of(name) in services)

    async def committed(self, group: str) -> Offsets:
        """The offsets that a group has committed; empty for a group that Kafka does not know."""
        return {p: o.offset for p, o in (await self._admin.list_consumer_group_offsets(group)).items()}

    async def committed_of(self, services: Collection[str]) -> dict[str, Offsets]:
        """The offsets that each group of these services has committed."""
        return {group: await self.committed(group) for group in await self.groups(services)}

    async def replicas(self, services: Collection[str]) -> dict[str, int]:
        """How many processes of each service read its topics now: the most consumers that a group of it has."""
        found = dict.fromkeys(services, 0)
        for group in await self.groups(services):
            found[service_of(group)] = max(found[service_of(group)], await self.members(group))
        return found

    async def members(self, group: str) -> int:
        """How many consumers a group has now."""
        # One group a request: aiokafka 0.14 reads the answer about several by an older version's form, and fails.
        answers = await self._admin.describe_consumer_groups([group])
        return sum(len(described[5]) for answer in answers for described in answer.groups)


def service_of(group: str) -> str:
    """The service that a consumer group belongs to."""
    return group.split(".", maxsplit=1)[0]


@asynccontextmanager
async def offset_reader(options: Mapping[str, Any]) -> AsyncIterator[OffsetReader]:
    """A reader whose clients are closed at the end. Raises KafkaError when Kafka does not answer.

    ``options``: keyword arguments of any aiokafka client.
    """
    admin = AIOKafkaAdminClient(**options)
    consumer = AIOKafkaConsumer(
        **options,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=16 * 1024,
        fetch_max_wait_ms=100,
    )
    try:
        await admin.start()
        await consumer.start()
        yield OffsetReader(admin, consumer)
    finally:
        for closing in (consumer.stop(), admin.close()):
            with suppress(KafkaError, TimeoutError):
                await asyncio.wait_for(closing, 5)
