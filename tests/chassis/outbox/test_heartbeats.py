"""Heartbeats say how far compaction has come: one that was superseded and still stands is the measure."""

import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete

from services.chassis.outbox import heartbeats
from services.chassis.runtime.telemetry import COMPACTION_LAG
from services.chassis.runtime.unit_of_work import Database
from tests.chassis.conftest import Toy

pytestmark = pytest.mark.servers


@pytest_asyncio.fixture
async def topic(toy: Toy) -> AsyncIterator[str]:
    """A topic of two partitions from which records may also be deleted: that is how compaction looks to a reader."""
    admin = AIOKafkaAdminClient(**toy.kafka)
    await admin.start()
    name = f"compacted-{uuid.uuid4().hex[:8]}"
    await admin.create_topics([NewTopic(name, 2, 1, topic_configs={"cleanup.policy": "compact,delete"})])
    yield name
    await admin.delete_topics([name])
    await admin.close()


async def beaten(toy: Toy, topic: str, db: Database, times: int) -> None:
    producer = AIOKafkaProducer(**toy.kafka, transactional_id=f"beats-{uuid.uuid4().hex}")
    async with producer:
        for _ in range(times):
            await heartbeats.beat(producer, [topic], db)


def lag(topic: str, partition: int) -> float:
    return COMPACTION_LAG.labels(topic, str(partition))._value.get()


async def test_what_is_superseded_and_still_stands_is_compactions_lag(toy: Toy, topic: str) -> None:
    db = await asyncpg.connect(toy.url)
    assert await heartbeats.due_in(db, 3600) == 3600
    await beaten(toy, topic, db, 2)
    assert 0 < await heartbeats.due_in(db, 3600) < 3600, "a restart does not begin the hour anew"
    await db.execute("UPDATE heartbeats SET sent_at = sent_at - interval '1 day'")
    assert await heartbeats.due_in(db, 3600) == 0
    await heartbeats.measure(toy.kafka, db)
    assert lag(topic, 0) > 86_000
    assert lag(topic, 1) > 86_000
    admin = AIOKafkaAdminClient(**toy.kafka)
    await admin.start()
    newest = await db.fetchval("SELECT max(sent_offset) FROM heartbeats WHERE partition = 0")
    await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=newest)})
    await admin.close()
    await heartbeats.measure(toy.kafka, db)
    assert lag(topic, 0) == 0
    assert lag(topic, 1) > 86_000
    left = await db.fetch("SELECT partition, count(*) FROM heartbeats GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in left] == [(0, 1), (1, 2)]
    await db.close()
