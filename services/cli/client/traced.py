"""The messages of one trace, on all topics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaError

from deploy.kafka.topic_map import topic_map
from reliefstream_contracts.event import header, trace_id, trace_of
from reliefstream_contracts.receipts import ReceiptIssued
from services.chassis.consumer.offsets import offset_reader
from services.chassis.consumer.topic_scan import CannotScan, read, spans_since
from services.cli.client.services import NOT_RUNNING
from services.cli.terminal.exit import Broken, ServerMissing
from services.cli.terminal.progress_bar import progress_bar

REFUSED = "Refused, or a repeat. What became of a refused one since: reliefstream quarantine show ID"
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Step:
    """One message of the trace with its place on a topic."""

    at: datetime
    topic: str
    place: str
    """partition/offset"""
    by: str
    """Who wrote it: a service, or the county."""
    what: str


def where_it_ends(topics: Sequence[str]) -> str | None:
    """What to check when a trace ends before relief, by the topics it reached; None if that is expected."""
    if "determinations-v1" in topics or "relief-v1" in topics:
        return None
    last = next((topic for topic in ("histories-v1", "records-v1") if topic in topics), None)
    if last is None:
        refused = any(topic.startswith("receipts-v1-") for topic in topics)
        return REFUSED if refused else None
    (reader,) = topic_map().topics[last].consumers
    return (
        f"It ends before {reader}: it waits there (reliefstream status), is a dead letter "
        f"(reliefstream dead-letters list --service {reader}), changed nothing, "
        "or continues under the trace of another record of this person."
    )


async def steps_of(options: Mapping[str, Any], wanted: str, since: datetime) -> list[Step]:
    """The messages with this trace id written since then, by time. Raises ServerMissing, Broken."""
    prefixes = tuple(name.split("{county}")[0] for name in topic_map().topics if "{service}" not in name)
    found: list[Step] = []
    try:
        async with offset_reader(options) as kafka:
            partitions = [p for p in await kafka.partitions() if p.topic.startswith(prefixes)]
            spans = await spans_since(kafka.consumer, partitions, since)
        everything = sum(end - start for start, end in spans.values())
        with progress_bar() as told:
            done = 0
            async for records in read(options, spans, BATCH):
                found += [_step(record) for record in records if trace_of_record(record) == wanted]
                done += len(records)
                told("reading the topics", min(1.0, done / everything))
    except KafkaError:
        raise ServerMissing(NOT_RUNNING.format("Kafka")) from None
    except CannotScan as error:
        raise Broken(f"{error}. Try again.") from None
    return sorted(found, key=lambda step: (step.at, step.topic))


def trace_of_record(record: "ConsumerRecord[bytes, bytes]") -> str:
    """The trace id that a message carries; of a county's own message the one that intake gives it."""
    carried = header(record.headers, "ce_traceparent")
    if carried is None:
        place = f"{record.topic}/{record.partition}/{record.offset}"
        carried = trace_of(place, header(record.headers, "traceparent"))
    return trace_id(carried)


def _step(record: "ConsumerRecord[bytes, bytes]") -> Step:
    name = header(record.headers, "ce_type")
    what = name or f"a record, {header(record.headers, 'format') or 'of no format'}"
    if name == ReceiptIssued.TYPE:
        receipt = ReceiptIssued.from_json(record.value or b"")
        what += f": {receipt.status} {' '.join(map(str, receipt.quarantine_ids))}".rstrip()
    return Step(
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
        record.topic,
        f"{record.partition}/{record.offset}",
        (header(record.headers, "ce_source") or "the county").rsplit("/", 1)[-1],
        what,
    )
