"""Reads topics as they stand, for what the demo shows of single records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from reliefstream_contracts.event import header, trace_of


@dataclass(frozen=True)
class Stored:
    """One message where it stands."""

    topic: str
    place: str
    at: datetime
    key: str
    type: str | None
    trace: str
    """The trace id, the same from a county's record to its dismissal."""
    value: bytes


async def read(client_options: dict[str, Any], topics: Iterable[str]) -> list[Stored]:
    """Everything that stands on these topics now for a reader of committed messages, by time."""
    consumer = AIOKafkaConsumer(
        **client_options,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    admin = AIOKafkaAdminClient(**client_options)
    await admin.start()
    await consumer.start()
    try:
        partitions = [
            TopicPartition(each["topic"], partition["partition"])
            for each in await admin.describe_topics(list(topics))
            for partition in each["partitions"]
        ]
        if not partitions:
            return []
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        await consumer.seek_to_beginning(*partitions)
        found = []
        while any([await consumer.position(p) < end for p, end in ends.items()]):
            for partition, records in (await consumer.getmany(timeout_ms=200, max_records=5000)).items():
                found += [_stored(partition, record) for record in records]
        return sorted(found, key=lambda each: each.at)
    finally:
        await consumer.stop()
        await admin.close()


def _stored(partition: TopicPartition, record: Any) -> Stored:
    place = f"{record.topic}/{partition.partition}/{record.offset}"
    traceparent = header(record.headers, "ce_traceparent") or trace_of(
        place, header(record.headers, "traceparent")
    )
    return Stored(
        record.topic,
        f"{partition.partition}/{record.offset}",
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
        (record.key or b"").decode(errors="replace"),
        header(record.headers, "ce_type"),
        traceparent.split("-")[1] if traceparent.count("-") == 3 else "",
        record.value or b"",
    )
