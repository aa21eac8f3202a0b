"""How a defect moves or reads a consumer's positions behind its back."""

from collections.abc import Sequence
from typing import Any

from aiokafka import TopicPartition

from services.chassis.consumer.consumption import Consumption
from services.chassis.runtime.unit_of_work import Database, Received


def ends_of(batch: Sequence[Received]) -> dict[TopicPartition, int]:
    """Where each partition of a batch stands after it."""
    return {TopicPartition(record.topic, record.partition): record.offset + 1 for record in batch}


async def stored(db: Database, consumption: Consumption, partition: TopicPartition) -> int:
    """What Postgres says of a partition; locks it."""
    position: int = await db.fetchval(
        """SELECT next_offset FROM consumed_offsets
           WHERE consumer = $1 AND topic = $2 AND partition = $3 FOR UPDATE""",
        *_key(consumption, partition),
    )
    return position


async def store(db: Database, consumption: Consumption, partition: TopicPartition, position: int) -> None:
    """Moves a partition."""
    await db.execute(
        "UPDATE consumed_offsets SET next_offset = $4 WHERE consumer = $1 AND topic = $2 AND partition = $3",
        *_key(consumption, partition),
        position,
    )


def _key(consumption: Consumption, partition: TopicPartition) -> tuple[Any, ...]:
    return consumption.name, partition.topic, partition.partition
