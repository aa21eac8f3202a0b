"""A relay in a process of its own that signals itself at one moment of its first Kafka transaction.

``python -m tests.chassis.outbox.relay_that_stops KAFKA DATABASE_URL SERVICE MOMENT SIGNAL``: KAFKA as JSON; it ends
when all is published.
"""

import asyncio
import json
import os
import sys
from typing import Any

from aiokafka import AIOKafkaProducer

from services.chassis.outbox import relay
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database

MOMENTS = ("before it sends", "after it sent", "after it committed")


def stopping(moment: str, number: int) -> type[AIOKafkaProducer]:
    """A producer that sends this process signal ``number`` once, at ``moment``."""
    signals = [number]

    def reached(here: str) -> None:
        if here == moment and signals:
            os.kill(os.getpid(), signals.pop())

    class Stopping(AIOKafkaProducer):  # type: ignore[misc]
        async def begin_transaction(self) -> None:
            reached("before it sends")
            await super().begin_transaction()

        async def commit_transaction(self) -> None:
            reached("after it sent")
            await super().commit_transaction()
            reached("after it committed")

    return Stopping


async def main(kafka: dict[str, Any], url: str, service: str) -> None:
    database = Database(url, service, SystemClock())
    await database.open()
    publishing = relay.Relay(service, database, kafka, 1000)
    running = asyncio.create_task(publishing.run())
    while await database.pool.fetchval("SELECT count(*) FROM outbox"):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    publishing.draining.set()
    await running
    await database.close()


if __name__ == "__main__":
    relay.AIOKafkaProducer = stopping(sys.argv[4], int(sys.argv[5]))  # type: ignore[attr-defined]
    asyncio.run(main(json.loads(sys.argv[1]), sys.argv[2], sys.argv[3]))
