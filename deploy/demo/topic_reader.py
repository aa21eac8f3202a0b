"""Reads all messages of topics, for the demo's view of single records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiokafka import ConsumerRecord

from reliefstream_contracts.event import header
from services.chassis.consumer import topic_scan
from services.chassis.consumer.offsets import offset_reader
from services.cli.client.traced import trace_of_record

BATCH = 5_000


@dataclass(frozen=True)
class Stored:
    """One message with its place on a topic."""

    topic: str
    place: str
    at: datetime
    key: str
    type: str | None
    trace: str
    """The trace id, the same from a county's record to its dismissal."""
    value: bytes


async def read(client_options: dict[str, Any], topics: Iterable[str]) -> list[Stored]:
    """All committed messages that these topics hold now, by time; no tombstone and no heartbeat."""
    async with offset_reader(client_options) as kafka:
        partitions = await kafka.partitions(list(topics))
        spans = await topic_scan.spans_since(kafka.consumer, partitions)
    found: list[Stored] = []
    async for records in topic_scan.read(client_options, spans, BATCH):
        found += [_stored(record) for record in records if record.value]
    return sorted(found, key=lambda each: each.at)


def _stored(record: "ConsumerRecord[bytes, bytes]") -> Stored:
    return Stored(
        record.topic,
        f"{record.partition}/{record.offset}",
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
        (record.key or b"").decode(errors="replace"),
        header(record.headers, "ce_type"),
        trace_of_record(record),
        record.value or b"",
    )
