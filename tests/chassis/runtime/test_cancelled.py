"""A service's end does not hang on a task that lost its cancellation once."""

import asyncio

from services.chassis.runtime.service import cancelled


async def test_a_task_that_loses_its_first_cancellation_is_cancelled_again() -> None:
    lost = 0

    async def task() -> None:
        nonlocal lost
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            lost += 1
        await asyncio.sleep(3600)

    async def quick() -> None:
        await asyncio.sleep(3600)

    tasks = [asyncio.create_task(task()), asyncio.create_task(quick())]
    await asyncio.sleep(0)
    await asyncio.wait_for(cancelled(tasks), 30)
    assert lost == 1
    assert all(each.cancelled() for each in tasks)
