"""What readers have still to read, and since when it waits: asked of Kafka, as a reader may be down."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

FIRST_RECORD_S = 3.0
"""How long a look waits for the first record of each partition."""


@dataclass(frozen=True, slots=True)
class Unread:
    """One partition that a reader has not read to its end."""

    reader: str
    """The service, the first part of its consumer group's name."""
    topic: str
    partition: int
    records: int
    oldest_at: datetime
    """When the first of them was written, in UTC."""


@dataclass(frozen=True, slots=True)
class Clients:
    """Two clients of Kafka that only look."""

    admin: Any
    consumer: Any


@asynccontextmanager
async def clients(options: Mapping[str, Any]) -> AsyncIterator[Clients]:
    """Started clients, closed at the end. Raises KafkaError when Kafka does not answer."""
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
        yield Clients(admin, consumer)
    finally:
        for closing in (consumer.stop(), admin.close()):
            with suppress(KafkaError, TimeoutError):
                await asyncio.wait_for(closing, 5)


async def groups(admin: Any, services: Collection[str]) -> list[str]:
    """The consumer groups of these services."""
    return sorted(name for name, *_ in await admin.list_consumer_groups() if name.split(".")[0] in services)


async def unread(found: Clients, services: Collection[str]) -> list[Unread]:
    """Each partition with committed records that a reader among these services has not consumed.

    Raises KafkaError. What a reader has told nothing about is not known here.
    """
    positions = {
        name: {p: o.offset for p, o in (await found.admin.list_consumer_group_offsets(name)).items()}
        for name in await groups(found.admin, services)
    }
    partitions = {partition for offsets in positions.values() for partition in offsets}
    if not partitions:
        return []
    ends = await found.consumer.end_offsets(list(partitions))
    waiting = []
    for name, offsets in positions.items():
        behind = {p: offset for p, offset in offsets.items() if 0 <= offset < ends[p]}
        for partition, at in (await _first_records(found.consumer, behind, ends)).items():
            waiting.append(
                Unread(
                    name.split(".")[0],
                    partition.topic,
                    partition.partition,
                    ends[partition] - behind[partition],
                    at,
                )
            )
    return waiting


async def _first_records(
    consumer: Any, positions: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> dict[TopicPartition, datetime]:
    """When the first record from each position on was written; none for the markers of transactions alone."""
    found: dict[TopicPartition, datetime] = {}
    if not positions:
        return found
    consumer.assign(list(positions))
    for partition, position in positions.items():
        consumer.seek(partition, position)
    left, deadline = set(positions), asyncio.get_running_loop().time() + FIRST_RECORD_S
    while left and asyncio.get_running_loop().time() < deadline:
        fetched = await consumer.getmany(*left, timeout_ms=200, max_records=1)
        for partition, records in fetched.items():
            found[partition] = datetime.fromtimestamp(records[0].timestamp / 1000, UTC)
        left -= found.keys()
        left -= {p for p in left if await consumer.position(p) >= ends[p]}
    consumer.unsubscribe()  # so that nothing is fetched between two looks
    return found
