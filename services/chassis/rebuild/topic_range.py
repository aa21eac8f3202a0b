"""Reads topics from one offset to another, without a consumer group: no position moves."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from services.chassis.consumer.offsets import Offsets, offset_reader
from services.chassis.rebuild.rebuildable import CannotReplay

Span = tuple[int, int]
QUIET_POLLS = 60  # half a second each


async def read(
    kafka: Mapping[str, Any], spans: Mapping[TopicPartition, Span], most: int
) -> AsyncIterator[list["ConsumerRecord[bytes, bytes]"]]:
    """Yields batches of at most ``most`` committed records: of each partition, in order, from start to before end.

    Raises CannotReplay when a topic begins after a start, or returns no records for half a minute.
    """
    waiting = {partition: end for partition, (start, end) in spans.items() if start < end}
    if not waiting:
        return
    consumer = AIOKafkaConsumer(
        **kafka,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    await consumer.start()
    try:
        consumer.assign(list(waiting))
        begins = await consumer.beginning_offsets(list(waiting))
        for partition in waiting:
            if begins[partition] > spans[partition][0]:
                raise CannotReplay(
                    f"{partition.topic} begins at offset {begins[partition]} of partition {partition.partition}: "
                    "what was before is gone, and cannot be rebuilt from"
                )
            consumer.seek(partition, spans[partition][0])
        quiet = 0
        while waiting:
            got = await consumer.getmany(timeout_ms=500, max_records=most)
            records = [r for p, found in got.items() for r in found if r.offset < spans[p][1]]
            if records:
                yield records
            quiet = 0 if got else quiet + 1
            for partition, end in list(waiting.items()):
                if await consumer.position(partition) >= end:
                    consumer.pause(partition)
                    del waiting[partition]
            if quiet > QUIET_POLLS:
                raise CannotReplay(f"{next(iter(waiting)).topic} gives no records: does Kafka answer?")
    finally:
        await consumer.stop()


async def ends(kafka: Mapping[str, Any], topics: Sequence[str]) -> Offsets:
    """The end of each partition for a reader of committed records. Raises CannotReplay for an unknown topic."""
    async with offset_reader(kafka) as reader:
        partitions = await reader.partitions(topics)
        there = {partition.topic for partition in partitions}
        for topic in topics:
            if topic not in there:
                raise CannotReplay(f"Kafka has no topic {topic}")
        return await reader.ends(partitions)
