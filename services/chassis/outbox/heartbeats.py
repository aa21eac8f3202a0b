"""Heartbeats: tombstones that make compaction reach what came before them, and tell how far it has come.

Compaction never passes the segment that is written to, and a quiet partition would never begin another one. Each
heartbeat takes the place of the one before: where that still stands long afterwards, compaction lags, or fails.
"""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.chassis.runtime.telemetry import COMPACTION_LAG
from services.chassis.runtime.unit_of_work import Database

KEY = b"heartbeat"
PERIOD_S = 3600.0
PATIENCE_MS = 10_000
SUPERSEDED = """SELECT topic, partition, sent_offset, extract(epoch FROM clock_timestamp() - sent_at)::float8 AS age
    FROM heartbeats AS one WHERE EXISTS (SELECT FROM heartbeats AS later WHERE (later.topic, later.partition)
        = (one.topic, one.partition) AND later.sent_offset > one.sent_offset)
    ORDER BY topic, partition, sent_offset"""


async def due_in(db: Database, period_s: float) -> float:
    """Seconds until the next heartbeat, whoever sent the last one; a whole period before the first."""
    left: float = await db.fetchval(
        "SELECT coalesce($1 - extract(epoch FROM clock_timestamp() - max(sent_at)), $1)::float8 FROM heartbeats",
        period_s,
    )
    return max(left, 0.0)


async def beat(producer: Any, topics: Sequence[str], db: Database) -> None:
    """Sends a heartbeat into each partition of the topics, and notes where it stands."""
    async with producer.transaction():
        sent = [
            await producer.send(topic, key=KEY, value=None, partition=partition)
            for topic in topics
            for partition in sorted(await producer.partitions_for(topic))
        ]
        stand = await asyncio.gather(*sent)
    await db.executemany(
        "INSERT INTO heartbeats (topic, partition, sent_offset) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        [(each.topic, each.partition, each.offset) for each in stand],
    )


async def measure(kafka: Mapping[str, Any], db: Database) -> None:
    """Shows of each partition how old the oldest heartbeat is that compaction has not removed; forgets the others."""
    consumer = AIOKafkaConsumer(
        **kafka, isolation_level="read_committed", auto_offset_reset="earliest", enable_auto_commit=False,
        max_partition_fetch_bytes=4096,
    )  # fmt: skip
    async with consumer:
        rows = await db.fetch(SUPERSEDED)
        for (topic, partition), beats in groupby(rows, key=lambda row: (row["topic"], row["partition"])):
            lag = 0.0
            for each in beats:
                if await _stands(consumer, TopicPartition(topic, partition), each["sent_offset"]):
                    lag = each["age"]
                    break
                await db.execute(
                    "DELETE FROM heartbeats WHERE (topic, partition, sent_offset) = ($1, $2, $3)",
                    topic,
                    partition,
                    each["sent_offset"],
                )
            COMPACTION_LAG.labels(topic, str(partition)).set(lag)


async def _stands(consumer: Any, partition: TopicPartition, offset: int) -> bool:
    """Whether the record at this offset is still there: what comes first from there on. Unknown counts as there."""
    consumer.assign([partition])
    consumer.seek(partition, offset)
    found = await consumer.getmany(partition, timeout_ms=PATIENCE_MS, max_records=1)
    return not found or found[partition][0].offset == offset
