"""Metrics of Postgres, Kafka and consumer lag, measured from outside: true also while a service hangs or is down."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.chassis.consumer.consumer_lag import Unread, unread
from services.chassis.consumer.lost_records import measure
from services.chassis.consumer.offsets import offset_reader
from services.chassis.outbox import heartbeats, outbox
from services.chassis.runtime.database import Database, transient
from services.chassis.runtime.kafka import passes
from services.chassis.runtime.telemetry import (
    ANSWERS,
    CONNECTIONS,
    CONNECTIONS_LIMIT,
    DEAD_OLDEST,
    DEAD_OPEN,
    OLDEST_UNPROCESSED,
    OUTBOX_OLDEST,
    REPLICAS,
    UNPROCESSED,
    defect,
    log,
)

PATIENCE_S = 30.0


class ServerMetrics:
    """Three loops of a service. Only the replica whose relay publishes asks Kafka for lags."""

    def __init__(
        self,
        database: Database,
        kafka: Mapping[str, Any],
        services: Sequence[str],
        publishes: Callable[[], bool],
        seconds: float,
    ) -> None:
        self._database, self._kafka, self._services = database, kafka, services
        self._publishes, self._seconds = publishes, seconds
        CONNECTIONS.labels("used").set_function(lambda: _connections(database)[0])
        CONNECTIONS.labels("idle").set_function(lambda: _connections(database)[1])
        CONNECTIONS_LIMIT.set_function(lambda: database.opened.get_max_size() if database.opened else 0)

    async def postgres(self) -> None:
        """Measures outbox, dead letters and lost records; never returns."""
        while True:
            try:
                async with asyncio.timeout(PATIENCE_S), self._database.transaction() as work:
                    waited = await outbox.oldest(work.db)
                    row = await work.db.fetchrow(
                        "SELECT count(*) AS open, min(at) AS oldest FROM dead_letters WHERE ended IS NULL"
                    )
                    await measure(work.db)
                OUTBOX_OLDEST.set(waited or 0)
                DEAD_OPEN.set(row["open"] if row else 0)
                DEAD_OLDEST.set((work.now - row["oldest"]).total_seconds() if row and row["oldest"] else 0)
                ANSWERS.labels("postgres").set(1)
            except Exception as error:
                ANSWERS.labels("postgres").set(0)
                if not transient(error):
                    log().error("what waits was not measured", defect=defect(error))
            await asyncio.sleep(self._seconds)

    async def kafka(self) -> None:
        """Measures the lag of each consumer and the replicas of each service; never returns."""
        while True:
            try:
                async with offset_reader(self._kafka) as reader:
                    while True:
                        if self._publishes():
                            async with asyncio.timeout(PATIENCE_S):
                                waiting = await unread(reader, self._services)
                                _show(waiting, await reader.replicas(self._services), self._database)
                        else:
                            _show([], {}, self._database)
                            await reader.answers()
                        ANSWERS.labels("kafka").set(1)
                        await asyncio.sleep(self._seconds)
            except Exception as error:
                ANSWERS.labels("kafka").set(0)
                if not passes(error):
                    log().error("what waits was not measured", defect=defect(error))
            await asyncio.sleep(min(self._seconds, 5.0))

    async def compaction(self) -> None:
        """Measures hourly how far compaction follows the heartbeats; never returns."""
        while True:
            await asyncio.sleep(heartbeats.PERIOD_S)
            try:
                if self._publishes():
                    async with self._database.pool.acquire() as db:
                        await heartbeats.measure(self._kafka, db)
            except Exception as error:
                if not (passes(error) or transient(error)):
                    log().error("compaction was not measured", defect=defect(error))


def _show(waiting: Sequence[Unread], replicas: Mapping[str, int], database: Database) -> None:
    now = database.now()
    for gauge in (UNPROCESSED, OLDEST_UNPROCESSED, REPLICAS):
        gauge.clear()
    for service, number in replicas.items():
        REPLICAS.labels(service).set(number)
    for each in waiting:
        labels = (each.reader, each.topic, str(each.partition))
        UNPROCESSED.labels(*labels).set(each.records)
        OLDEST_UNPROCESSED.labels(*labels).set(max(0.0, (now - each.oldest_at).total_seconds()))


def _connections(database: Database) -> tuple[int, int]:
    """Used and idle connections; none before the pool is open."""
    pool = database.opened
    return (pool.get_size() - pool.get_idle_size(), pool.get_idle_size()) if pool else (0, 0)
