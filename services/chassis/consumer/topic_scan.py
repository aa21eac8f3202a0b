"""Reads topics from one offset to another, without a consumer group: no position moves."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from services.chassis.consumer.offsets import Offsets, offset_reader

Span = tuple[int, int]
"""The first offset to read, and the one before which to stop."""
QUIET_POLLS = 60  # half a second each


class CannotScan(Exception):
    """A topic cannot be read as it was asked; the text, for the operator, says why."""


async def spans_since(
    consumer: Any, partitions: Sequence[TopicPartition], since: datetime | None = None
) -> dict[TopicPartition, Span]:
    """What each partition holds now, from a time on or (None) from its beginning; nothing of an empty one.

    Raises KafkaError.
    """
    if not partitions:
        return {}
    ends = await consumer.end_offsets(partitions)
    if since is None:
        starts = await consumer.beginning_offsets(partitions)
    else:
        found = await consumer.offsets_for_times(dict.fromkeys(partitions, int(since.timestamp() * 1000)))
        starts = {p: at.offset for p, at in found.items() if at is not None}
    return {p: (start, ends[p]) for p, start in starts.items() if start < ends[p]}


async def read(
    kafka: Mapping[str, Any], spans: Mapping[TopicPartition, Span], most: int
) -> AsyncIterator[list["ConsumerRecord[bytes, bytes]"]]:
    """Yields batches of at most ``most`` committed records: of each partition, in order, from start to before end.

    Raises CannotScan when a topic begins after a start, or returns no records for half a minute.
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
                raise CannotScan(
                    f"{partition.topic} begins at offset {begins[partition]} of partition {partition.partition}: "
                    "what was before is gone"
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
                raise CannotScan(f"{next(iter(waiting)).topic} gives no records: does Kafka answer?")
    finally:
        await consumer.stop()


async def ends(kafka: Mapping[str, Any], topics: Sequence[str]) -> Offsets:
    """The end of each partition for a reader of committed records. Raises CannotScan for an unknown topic."""
    async with offset_reader(kafka) as reader:
        partitions = await reader.partitions(topics)
        there = {partition.topic for partition in partitions}
        for topic in topics:
            if topic not in there:
                raise CannotScan(f"Kafka has no topic {topic}")
        return await reader.ends(partitions)
