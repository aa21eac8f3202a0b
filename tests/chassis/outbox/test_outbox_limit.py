"""While Kafka takes nothing, the outbox grows to its limit and consuming waits; nothing is held in memory."""

import asyncio

import pytest

from services.chassis.outbox.relay import Relay
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from tests.chassis.conftest import Toy
from tests.chassis.toy_service import Number

pytestmark = pytest.mark.servers


async def test_the_outbox_is_counted_also_while_kafka_is_down(toy: Toy) -> None:
    database = Database(toy.url, "toy", SystemClock())
    await database.open()
    relay = Relay("toy", database, {"bootstrap_servers": "127.0.0.1:1"}, limit=5)
    working = asyncio.create_task(relay.run())
    try:
        await asyncio.wait_for(relay.shallow(), 180)
        async with database.transaction() as work:
            for value in range(6):
                work.emit(Number(value=value, to=toy.topic_out))
        async with asyncio.timeout(180):
            while relay.depth != 6:  # noqa: ASYNC110 - it counts at each try
                await asyncio.sleep(0.01)
        waiting = asyncio.create_task(relay.shallow())
        await asyncio.sleep(0)
        assert not waiting.done(), "a consumer pauses here"
        async with database.transaction() as work:
            await work.db.execute("DELETE FROM outbox")
        async with asyncio.timeout(180):
            await waiting
    finally:
        working.cancel()
        await asyncio.wait([working])
        await database.close()
