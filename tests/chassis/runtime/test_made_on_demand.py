"""What takes long is made by a job once somebody asks, kept for a while, and made anew behind who asks later."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest

from services.chassis.runtime.made_on_demand import MOST, MadeOnDemand
from services.chassis.runtime.unit_of_work import Work


class Clock:
    """A clock that the test moves."""

    moment = datetime(2026, 11, 22, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def today(self, timezone: str = "") -> date:
        return self.moment.date()


class Kitchen:
    """What is made is a number, one more each time; ``fails`` and ``nothing`` say what comes instead."""

    def __init__(self) -> None:
        self.clock, self.made, self.fails, self.nothing = Clock(), 0, False, False
        self.kept = MadeOnDemand(self.make, self.clock, 60, wait_seconds=0)

    async def make(self, _: Work, key: str) -> str | None:
        if self.fails:
            raise ValueError("made wrongly")
        self.made += 1
        return None if self.nothing else f"{key} {self.made}"

    async def job(self) -> bool:
        return await self.kept.job(cast("Any", Work(cast("Any", None), self.clock.now())))


async def test_many_who_ask_get_one_that_is_made_once() -> None:
    kitchen = Kitchen()
    assert [await kitchen.kept.get("a") for _ in range(3)] == [None, None, None]
    assert await kitchen.job() is False
    assert await kitchen.job() is False
    assert [await kitchen.kept.get("a") for _ in range(3)] == ["a 1"] * 3
    assert kitchen.made == 1


async def test_who_waits_is_told_as_soon_as_it_is_made() -> None:
    kitchen = Kitchen()
    kitchen.kept = MadeOnDemand(kitchen.make, kitchen.clock, 60, wait_seconds=60)
    waiting = asyncio.create_task(kitchen.kept.get("a"))
    await asyncio.sleep(0)
    await kitchen.job()
    assert await waiting == "a 1"


async def test_what_is_too_old_is_shown_once_more_and_made_anew() -> None:
    kitchen = Kitchen()
    await kitchen.kept.get("a")
    await kitchen.job()
    kitchen.clock.moment += timedelta(seconds=61)
    assert await kitchen.kept.get("a") == "a 1"
    await kitchen.job()
    assert await kitchen.kept.get("a") == "a 2"


async def test_what_fails_or_is_not_worth_keeping_is_tried_again_when_asked_for() -> None:
    kitchen = Kitchen()
    await kitchen.kept.get("a")
    kitchen.fails = True
    with pytest.raises(ValueError, match="made wrongly"):
        await kitchen.job()
    kitchen.fails, kitchen.nothing = False, True
    await kitchen.kept.get("a")
    await kitchen.job()
    assert await kitchen.kept.get("a") is None
    kitchen.nothing = False
    await kitchen.job()
    assert await kitchen.kept.get("a") == "a 2"


async def test_no_more_wait_and_no_more_are_kept_than_said() -> None:
    kitchen = Kitchen()
    for number in range(MOST + 5):
        await kitchen.kept.get(str(number))
    while await kitchen.job():
        pass
    assert kitchen.made == MOST
    await kitchen.kept.get("new")
    await kitchen.job()
    assert await kitchen.kept.get("new") == f"new {MOST + 1}"
    assert await kitchen.kept.get("0") is None, "the oldest made room"
