"""Ends a process whose consumers make no progress: aiokafka can stay stuck after a broker's restart."""

import asyncio
from collections.abc import Sequence
from typing import Any

from services.chassis.consumer.consumption import Consumption
from services.chassis.consumer.fair_consumer import AdmissionControl


async def watch_progress(
    consumptions: Sequence[Consumption], admission: AdmissionControl, stall_seconds: float
) -> None:
    """Reports each consumer's position five times a second; never returns.

    Raises RuntimeError when records have waited for ``stall_seconds``, no position moved, and admission control
    admits records.
    """
    moved = asyncio.get_running_loop().time()
    before: dict[Any, int] = {}
    while True:
        await asyncio.sleep(0.2)
        waiting = False
        held: dict[Any, int] = {}
        for consumption in consumptions:
            waiting = await consumption.report() or waiting
            held |= {(consumption.name, p): o for p, o in consumption.held.items()}
        now = asyncio.get_running_loop().time()
        if not waiting or held != before or admission.room() <= 0:
            moved, before = now, held
        if now - moved > stall_seconds:
            raise RuntimeError("records wait and none was consumed: the process ends, to start afresh")
