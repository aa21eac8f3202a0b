"""``reliefstream trace``: the way of one record through the topics, with times and without names."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from cyclopts import Parameter

from deploy.kafka.topic_map import topic_map
from reliefstream_contracts.event import header, trace_id, trace_of
from reliefstream_contracts.receipts import ReceiptIssued
from services.cli.client.addresses import addresses
from services.cli.client.request import NOT_RUNNING
from services.cli.terminal.exit import Refused, ServerMissing, WrongUsage
from services.cli.terminal.progress_bar import progress_bar

REFUSED = "Refused, or a repeat. What became of a refused one since: reliefstream quarantine show ID"


@dataclass(frozen=True, slots=True)
class Step:
    """One message of the trace where it stands."""

    at: datetime
    topic: str
    place: str
    """partition/offset"""
    by: str
    """Who wrote it: a service, or the county."""
    what: str


def trace(
    id_: Annotated[str, Parameter(name="ID", help="32 hexadecimal digits, or a whole traceparent")],
    *,
    hours: Annotated[float, Parameter(help="how far back to look")] = 24,
) -> None:
    """Show the way of one record: from the county's message through each topic to the dismissal, with times.

    The trace id stands in the receipt, in the log lines about the record, with what is quarantined or a dead letter,
    and in the webhook's header traceparent. A history made of several records goes on under the trace of the one
    that came first; the others' ways end with it. What a date, a law or a policy changes starts a trace of its own.
    """
    wanted = trace_id(id_.lower()) or id_.lower()
    if not re.fullmatch("[0-9a-f]{32}", wanted):
        raise WrongUsage(f"{id_!r} is no trace id: 32 hexadecimal digits, as a receipt's trace_id")
    if not hours > 0:
        raise WrongUsage(f"--hours {hours}: more than 0")
    steps = asyncio.run(_steps(addresses().kafka.client_options(), wanted, hours))
    if not steps:
        raise Refused(
            f"Nothing of this trace was written in the last {hours:g} hours: look further with --hours."
        )
    first = steps[0].at
    for step in steps:
        passed = (step.at - first).total_seconds()
        print(
            f"{step.at:%Y-%m-%d %H:%M:%S.%f}"[:-3]
            + f"  +{passed:8.3f} s  {step.by:<14}  {step.topic:<32}  {step.place:<10}  {step.what}"
        )
    if ends := where_it_ends([step.topic for step in steps]):
        print(ends)


def where_it_ends(topics: Sequence[str]) -> str | None:
    """What to look at where a way ends before relief, by the topics on it; None where that is no surprise."""
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
        "or goes on under the trace of another record of this person."
    )


async def _steps(options: Mapping[str, Any], wanted: str, hours: float) -> list[Step]:
    admin = AIOKafkaAdminClient(**options)
    consumer = AIOKafkaConsumer(**options, isolation_level="read_committed", enable_auto_commit=False)
    try:
        await admin.start()
        await consumer.start()
    except KafkaError:
        raise ServerMissing(NOT_RUNNING.format("Kafka")) from None
    try:
        partitions = await _partitions(admin)
        if not partitions:
            return []
        since = int((time.time() - hours * 3600) * 1000)
        begin = await consumer.offsets_for_times(dict.fromkeys(partitions, since))
        ends = await consumer.end_offsets(partitions)
        starts = {
            p: found.offset for p, found in begin.items() if found is not None and found.offset < ends[p]
        }
        return sorted(await _read(consumer, starts, ends, wanted), key=lambda step: (step.at, step.topic))
    finally:
        await consumer.stop()
        await admin.close()


async def _partitions(admin: Any) -> list[TopicPartition]:
    prefixes = tuple(name.split("{county}")[0] for name in topic_map().topics if name != "relay-positions-v1")
    topics = [name for name in await admin.list_topics() if name.startswith(prefixes)]
    return [
        TopicPartition(topic["topic"], partition["partition"])
        for topic in (await admin.describe_topics(topics) if topics else [])
        for partition in topic["partitions"]
    ]


async def _read(
    consumer: Any, starts: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int], wanted: str
) -> list[Step]:
    found: list[Step] = []
    if not starts:
        return found
    consumer.assign(list(starts))
    for partition, offset in starts.items():
        consumer.seek(partition, offset)
    everything = sum(ends[p] - start for p, start in starts.items())
    with progress_bar() as told:
        left, done = dict(starts), 0
        while left:
            fetched = await consumer.getmany(*left, timeout_ms=200, max_records=5000)
            found += [_step(r) for records in fetched.values() for r in records if _trace_id(r) == wanted]
            for partition, before in list(left.items()):
                left[partition] = await consumer.position(partition)
                done += left[partition] - before
                if left[partition] >= ends[partition]:
                    del left[partition]
            told("reading the topics", min(1.0, done / everything))
    return found


def _trace_id(record: "ConsumerRecord[bytes, bytes]") -> str:
    carried = header(record.headers, "ce_traceparent")
    if carried is None:  # a county's own message
        place = f"{record.topic}/{record.partition}/{record.offset}"
        carried = trace_of(place, header(record.headers, "traceparent"))
    return trace_id(carried)


def _step(record: "ConsumerRecord[bytes, bytes]") -> Step:
    name = header(record.headers, "ce_type")
    what = name or f"a record, {header(record.headers, 'format') or 'of no format'}"
    if name == ReceiptIssued.TYPE:
        receipt = ReceiptIssued.model_validate_json(record.value or b"")
        what += f": {receipt.status} {' '.join(map(str, receipt.quarantine_ids))}".rstrip()
    return Step(
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
        record.topic,
        f"{record.partition}/{record.offset}",
        (header(record.headers, "ce_source") or "the county").rsplit("/", 1)[-1],
        what,
    )
