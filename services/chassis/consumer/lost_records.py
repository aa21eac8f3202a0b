"""Records that a topic lost before they were consumed, by retention or deletion: recorded until acknowledged."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiokafka import TopicPartition

from services.chassis.runtime.telemetry import LOST, LOST_OPEN, log
from services.chassis.runtime.unit_of_work import Database, Work


@dataclass(frozen=True, slots=True)
class Gap:
    """What one partition lost: the first offset, and the one at which the topic begins now."""

    start: int
    end: int

    @property
    def records(self) -> int:
        """How many were lost at most: markers of transactions have offsets too."""
        return self.end - self.start


def gaps(
    known: Mapping[TopicPartition, int], begins: Mapping[TopicPartition, int]
) -> dict[TopicPartition, Gap]:
    """The partitions that begin after the next offset to consume."""
    return {p: Gap(known[p], begin) for p, begin in begins.items() if known[p] < begin}


async def pass_over(work: Work, consumer: str, lost: Mapping[TopicPartition, Gap]) -> None:
    """Records the gaps and moves the consumer's offsets behind them; logged and counted once it is committed.

    A gap whose offset another consumer has moved meanwhile is left alone: it is read again.
    """
    for partition, gap in sorted(lost.items()):
        moved = await work.db.execute(
            """UPDATE consumed_offsets SET next_offset = $5
               WHERE (consumer, topic, partition, next_offset) = ($1, $2, $3, $4)""",
            consumer,
            partition.topic,
            partition.partition,
            gap.start,
            gap.end,
        )
        if moved.endswith(" 0"):
            continue
        await work.db.execute(
            """INSERT INTO lost_records (consumer, topic, partition, from_offset, to_offset, noticed_at)
               VALUES ($1, $2, $3, $4, $5, $6)""",
            consumer,
            partition.topic,
            partition.partition,
            gap.start,
            gap.end,
            work.now,
        )
        work.on_commit.append(partial(_tell, consumer, partition, gap))


def _tell(consumer: str, partition: TopicPartition, gap: Gap) -> None:
    LOST.labels(partition.topic, str(partition.partition)).inc(gap.records)
    log().error(
        "records were lost: the topic begins after the next one to consume; have their sender send them again",
        consumer=consumer,
        topic=partition.topic,
        partition=partition.partition,
        from_offset=gap.start,
        to_offset=gap.end,
    )


async def measure(db: Database) -> None:
    """Sets the gauge to what is lost and not acknowledged."""
    rows = await db.fetch(
        """SELECT topic, partition, sum(to_offset - from_offset)::bigint AS records
           FROM lost_records WHERE acknowledged_at IS NULL GROUP BY topic, partition"""
    )
    LOST_OPEN.clear()
    for row in rows:
        LOST_OPEN.labels(row["topic"], str(row["partition"])).set(row["records"])


async def found(db: Database, *, acknowledged: bool) -> list[dict[str, Any]]:
    """The gaps by number: those that nobody has acknowledged, or (True) all."""
    rows = await db.fetch(
        """SELECT id, consumer, topic, partition, from_offset, to_offset, noticed_at,
                  acknowledged_at, acknowledged_why, acknowledged_by
           FROM lost_records WHERE $1 OR acknowledged_at IS NULL ORDER BY id""",
        acknowledged,
    )
    return [dict(row) for row in rows]


async def acknowledge(work: Work, number: int, why: str, by: str) -> bool | None:
    """Ends the alarm about one gap. False: it had been acknowledged before; None: no gap has this number."""
    row = await work.db.fetchrow("SELECT acknowledged_at FROM lost_records WHERE id = $1 FOR UPDATE", number)
    if row is None or row["acknowledged_at"] is not None:
        return None if row is None else False
    await work.db.execute(
        """UPDATE lost_records SET acknowledged_at = $2, acknowledged_why = $3, acknowledged_by = $4
           WHERE id = $1""",
        number,
        work.now,
        why,
        by,
    )
    return True
