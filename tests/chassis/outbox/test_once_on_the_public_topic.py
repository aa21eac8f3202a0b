"""A reader of committed messages gets each event once, and never an old one after a new one.

The relay is killed, or stopped and woken as a zombie when its successor has published more, at each moment of its
Kafka transaction: before it sends, between sending and committing, and before it notes in Postgres what it sent.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client import REGISTRY

from services.chassis.outbox import relay
from services.chassis.outbox.relay import Relay
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from tests.chassis.conftest import Toy
from tests.chassis.outbox.relay_that_stops import MOMENTS
from tests.chassis.toy_service import Number

pytestmark = pytest.mark.servers

SAME_KEY = (1, 8, 15)


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_relay_that_is_killed_is_followed_without_a_repeat(toy: Toy, moment: str) -> None:
    database = await opened(toy)
    await emit(database, toy, *SAME_KEY[:2])
    killed = await relay_that_stops(toy, moment, signal.SIGKILL)
    assert await asyncio.wait_for(killed.wait(), 180) == -signal.SIGKILL
    await emit(database, toy, SAME_KEY[2])
    await publish_all(database, toy)
    assert await toy.published(len(SAME_KEY)) == list(SAME_KEY)
    await database.close()


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_relay_that_wakes_after_its_successor_adds_nothing(toy: Toy, moment: str) -> None:
    database = await opened(toy)
    await emit(database, toy, *SAME_KEY[:2])
    zombie = await relay_that_stops(toy, moment, signal.SIGSTOP)
    try:
        async with asyncio.timeout(180):
            while psutil.Process(zombie.pid).status() != psutil.STATUS_STOPPED:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await lose_connections_of_others(database)
        await emit(database, toy, SAME_KEY[2])
        await publish_all(database, toy)
        zombie.send_signal(signal.SIGCONT)
        assert await asyncio.wait_for(zombie.wait(), 180) == 0
    finally:
        if zombie.returncode is None:
            zombie.kill()
    assert await toy.published(len(SAME_KEY)) == list(SAME_KEY)
    await database.close()


async def test_a_relay_that_is_fenced_while_it_sends_a_batch_waits_for_its_turn_and_publishes_it(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    fenced_before = counted("relay_fenced")
    fenced: list[bool] = []

    class FencedWhileItSends(AIOKafkaProducer):  # type: ignore[misc]
        async def send_batch(self, *batch: Any, **given: Any) -> "asyncio.Future[Any]":
            if fenced:
                return await super().send_batch(*batch, **given)
            fenced.append(True)
            other = AIOKafkaProducer(**toy.kafka, transactional_id=f"relay-{toy.topic_in}")
            await other.start()
            await other.stop()
            sent = await super().send_batch(*batch, **given)
            await asyncio.wait([sent])  # refused: from here on aiokafka says IllegalOperation
            return sent

    database = await opened(toy)
    await emit(database, toy, *SAME_KEY)
    monkeypatch.setattr(relay, "AIOKafkaProducer", FencedWhileItSends)

    await publish_all(database, toy)

    assert await toy.published(len(SAME_KEY)) == list(SAME_KEY)
    assert counted("relay_interruptions", error="IllegalOperation") == 1
    assert counted("relay_fenced") == fenced_before, "no other replica took its place"
    await database.close()


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"reliefstream_{name}_total", labels) or 0.0


async def opened(toy: Toy) -> Database:
    database = Database(toy.url, toy.topic_in, SystemClock())
    await database.open()
    return database


async def emit(database: Database, toy: Toy, *values: int) -> None:
    async with database.transaction() as work:
        for value in values:
            work.emit(Number(value=value, to=toy.topic_out))


async def relay_that_stops(toy: Toy, moment: str, number: signal.Signals) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.chassis.outbox.relay_that_stops",
        json.dumps(toy.kafka), toy.url, toy.topic_in, moment, str(number.value),
        cwd=Path(__file__).parents[3],
    )  # fmt: skip


async def lose_connections_of_others(database: Database) -> None:
    """As when Postgres, or the network between, takes a stopped process for gone."""
    async with database.pool.acquire() as db:
        await db.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_locks
               WHERE locktype = 'advisory' AND pid <> pg_backend_pid()
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
        )


async def publish_all(database: Database, toy: Toy) -> None:
    """The successor: until nothing waits."""
    successor = Relay(toy.topic_in, database, toy.kafka, 1000)
    running = asyncio.create_task(successor.run())
    async with asyncio.timeout(180):
        while await database.pool.fetchval("SELECT count(*) FROM outbox"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    successor.draining.set()
    await running
