"""A run waits while something moves, and no longer."""

import asyncio

import pytest

from tests.harness.faults.patience import Patience


async def test_what_moves_is_waited_for_beyond_the_time() -> None:
    patience = Patience(0.2)
    async with patience.while_it_moves():
        for _ in range(30):
            await asyncio.sleep(0.01)
            patience.moved()


async def test_what_stands_still_is_not() -> None:
    with pytest.raises(TimeoutError):
        async with Patience(0.01).while_it_moves():
            await asyncio.Event().wait()
