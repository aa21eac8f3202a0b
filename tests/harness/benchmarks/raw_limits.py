"""What this machine can do at most, measured in the same run: the figures that the flow is held against."""

import time
from collections.abc import Sequence
from datetime import date
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.demo import topic_reader
from reliefstream_contracts.histories import HistoryChanged
from services import COUNTIES
from services.eligibility.files.county_files import read_counties
from services.eligibility.files.statute_files import load_statute
from services.eligibility.rules import RuleBook

PARTITIONS = 3


async def kafka(options: dict[str, Any], topic: str, values: Sequence[bytes]) -> tuple[float, float]:
    """Messages a second that bare aiokafka produces (acks=all, idempotent) and consumes of these same bytes."""
    admin = AIOKafkaAdminClient(**options)
    await admin.start()
    await admin.create_topics([NewTopic(topic, PARTITIONS, 1)])
    producer = AIOKafkaProducer(
        **options, acks="all", enable_idempotence=True, max_batch_size=512 * 1024, linger_ms=5
    )
    await producer.start()
    started = time.perf_counter()
    for n, value in enumerate(values):
        await producer.send(topic, value, key=str(n).encode())
    await producer.flush()
    produced = len(values) / (time.perf_counter() - started)
    await producer.stop()
    consumer = AIOKafkaConsumer(**options, auto_offset_reset="earliest")
    await consumer.start()
    consumer.assign([TopicPartition(topic, p) for p in range(PARTITIONS)])
    started, read = time.perf_counter(), 0
    while read < len(values):
        batches = await consumer.getmany(timeout_ms=500, max_records=1000)
        read += sum(map(len, batches.values()))
    consumed = len(values) / (time.perf_counter() - started)
    await consumer.stop()
    await admin.delete_topics([topic])
    await admin.close()
    return produced, consumed


async def copy(url: str, values: Sequence[bytes], batch: int = 1000) -> float:
    """Rows a second of COPY, fsync on, of these same bytes, one transaction a batch."""
    db = await asyncpg.connect(url)
    try:
        await db.execute(
            "DROP TABLE IF EXISTS raw_limit; CREATE TABLE raw_limit (id bigint PRIMARY KEY, value bytea)"
        )
        started = time.perf_counter()
        for first in range(0, len(values), batch):
            rows = [(first + n, value) for n, value in enumerate(values[first : first + batch])]
            await db.copy_records_to_table("raw_limit", records=rows)
        rate = len(values) / (time.perf_counter() - started)
        await db.execute("DROP TABLE raw_limit")
        return rate
    finally:
        await db.close()


async def law(options: dict[str, Any], records: int) -> float:
    """Records a second of the law alone: it judges, in memory, each person's last history that the flow made."""
    stored = await topic_reader.read(options, (HistoryChanged.TOPIC,))
    histories = [HistoryChanged.from_json(last) for last in {s.key: s.value for s in stored}.values()]
    day = date(2026, 11, 1)
    rules = RuleBook(load_statute(), read_counties(COUNTIES), {}).on(day)
    started = time.perf_counter()
    for history in histories:
        rules.find(history, day)
    return records / (time.perf_counter() - started)
