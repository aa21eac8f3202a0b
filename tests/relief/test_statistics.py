"""Statistics of relief over HTTP, against a real Postgres: what became of it, and what waits, without anybody in it."""

import asyncio
from typing import Any

import pytest

from services.relief.statistics.endpoints import StatisticsDependencies
from tests.relief.builders import a_determination, a_snapshot
from tests.relief.conftest import Relief

pytestmark = pytest.mark.servers


async def counted(relief: Relief, **query: str) -> dict[str, Any]:
    """The answer, once the job has counted."""
    parts: StatisticsDependencies = relief.service.application().state.dependencies[StatisticsDependencies]
    asked = asyncio.create_task(relief.http.get("/v1/statistics", params=query))
    while not asked.done():
        async with relief.service.transaction() as work:
            await parts.releases.job(work)
        await asyncio.sleep(0.01)
    found: dict[str, Any] = (await asked).json()
    return found


async def test_reliefs_and_what_waits_are_counted_and_small_counts_withheld(relief: Relief) -> None:
    given = [
        a_snapshot(f"A{number}", 1, a_determination(f"A{number}", county="fresno")) for number in range(30)
    ]
    waiting = [
        a_snapshot(f"B{number}", 1, a_determination(f"B{number}", outcome="needs_review", county="fresno"))
        for number in range(4)
    ]
    await relief.take(*given, *waiting)

    found = await counted(relief, county="fresno")

    reliefs = {(row["by"], row["group"], row["outcome"]): row for row in found["reliefs"]}
    assert reliefs["", "", "waits"]["convictions"] == reliefs["", "", "waits"]["persons"] == 30
    assert reliefs["record_to_order", "not ordered", "waits"]["persons"] == 30
    assert reliefs["challenge", "none", ""]["persons"] == 30
    assert all(row["withheld"] for row in found["reviews"])
    assert not found["reviews"][0]["persons"]


async def test_relief_that_was_ordered_is_counted_by_what_the_court_ordered(relief: Relief) -> None:
    await relief.take(
        *(a_snapshot(f"A{number}", 1, a_determination(f"A{number}", county="fresno")) for number in range(12))
    )
    proposed = (await relief.post("/v1/counties/fresno/proposed-orders")).json()["proposed_order"]
    await relief.order(proposed["proposed_order_id"], order_number="BO-1", judge="A. Reyes", on="2026-01-05")

    found = await counted(relief)

    reliefs = {(row["by"], row["group"], row["outcome"]): row["persons"] for row in found["reliefs"]}
    assert reliefs["", "", "dismissed_and_sealed"] == 12
    assert reliefs["record_to_order", "within a day", ""] == 12
