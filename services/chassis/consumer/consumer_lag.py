"""The records that consumers have not consumed, and their age: read from Kafka, as a consumer may be down."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import TopicAuthorizationFailedError

from services.chassis.consumer.offsets import OffsetReader, service_of

FIRST_RECORD_S = 3.0
"""How long a look waits for the first record of each partition."""


@dataclass(frozen=True, slots=True)
class Unread:
    """One partition that a consumer has not consumed to its end."""

    reader: str
    """The service, the first part of its consumer group's name."""
    topic: str
    partition: int
    records: int
    oldest_at: datetime
    """When the first of them was written, in UTC."""


async def unread(reader: OffsetReader, services: Collection[str]) -> list[Unread]:
    """Each partition with committed records that a consumer among these services has not consumed.

    Raises KafkaError. A partition on which a consumer has committed nothing is not known here.
    """
    committed = await reader.committed_of(services)
    ends = await reader.ends({partition for offsets in committed.values() for partition in offsets})
    waiting = []
    for group, offsets in committed.items():
        behind = {p: offset for p, offset in offsets.items() if 0 <= offset < ends[p]}
        for partition, at in (await _first_records(reader.consumer, behind, ends)).items():
            records = ends[partition] - behind[partition]
            waiting.append(Unread(service_of(group), partition.topic, partition.partition, records, at))
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
        try:
            fetched = await consumer.getmany(*left, timeout_ms=200, max_records=1)
        except (
            TopicAuthorizationFailedError
        ) as denied:  # another service, which may read them, measures these
            left -= {p for p in left if p.topic in denied.args[0]}
            continue
        for partition, records in fetched.items():
            found[partition] = datetime.fromtimestamp(records[0].timestamp / 1000, UTC)
        left -= found.keys()
        left -= {p for p in left if await consumer.position(p) >= ends[p]}
    consumer.unsubscribe()  # so that nothing is fetched between two looks
    return found
