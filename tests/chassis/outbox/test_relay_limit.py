"""Consumers go on while the outbox holds no more than its limit, and at the stop whatever it holds."""

import asyncio

import pytest

from services.chassis.outbox.relay import Relay
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database


@pytest.mark.parametrize(
    ("events", "stopping", "waits"), [(5, False, False), (6, False, True), (6, True, False), (0, True, False)]
)
async def test_consumers_wait_for_an_outbox_above_its_limit_alone(
    events: int, stopping: bool, waits: bool
) -> None:
    relay = Relay("toy", Database("postgresql://127.0.0.1:1/none", "toy", SystemClock()), {}, limit=5)
    relay.depth = events
    if stopping:
        relay.draining.set()
    waiting = asyncio.create_task(relay.shallow())
    await asyncio.sleep(0)
    assert waiting.done() != waits
    waiting.cancel()
