"""A batch that takes longer than a transaction may is made smaller; a single record is tried for ever."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

import pytest

from services.chassis.consumer.consumption import SINGLE_TRIES, TIMEOUTS, Consumption
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Received, Unprocessable, Work
from tests.chassis.consumer.test_held_up_without_a_client import ONE, Positions, records


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    own = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda _: own(0))


async def consumed(handler: Any, records_of_batch: int) -> int:
    async def gate() -> None:
        pass

    def fail(error: Exception) -> None:
        raise error

    database = Positions()
    ours = Consumption("toy", handler, cast("Database", database), gate, fail, dead_letter_limit=1)
    ours.held = {ONE: 0}
    await ours.consume(records(0, records_of_batch))
    return database.next_offset


async def test_a_batch_that_always_times_out_is_halved_until_its_parts_do_not() -> None:
    sizes: list[int] = []

    async def slow(batch: Sequence[Received], _: Work) -> None:
        sizes.append(len(batch))
        assert len(sizes) < 100
        if len(batch) > 2:
            raise TimeoutError

    assert await consumed(slow, 8) == 8
    assert sizes == [8] * TIMEOUTS + ([4] * TIMEOUTS + [2, 2]) * 2


@pytest.mark.parametrize(("size", "errors"), [(1, [TimeoutError] * 9), (4, [TimeoutError, OSError] * 5)])
async def test_one_record_and_what_does_not_time_out_in_a_row_stay_as_they_are(
    size: int, errors: list[type[Exception]]
) -> None:
    sizes: list[int] = []

    async def passing(batch: Sequence[Received], _: Work) -> None:
        sizes.append(len(batch))
        if errors:
            raise errors.pop()

    tries = len(errors) + 1
    assert await consumed(passing, size) == size
    assert sizes == [size] * tries


@pytest.mark.parametrize(
    ("error", "tries"), [(Unprocessable("schema", "no such field"), 1), (KeyError(), SINGLE_TRIES)], ids=repr
)
async def test_what_cannot_be_processed_is_tried_once_and_a_defect_some_times(
    error: Exception, tries: int
) -> None:
    tried: list[int] = []

    async def failing(batch: Sequence[Received], _: Work) -> None:
        tried.append(len(batch))
        raise error

    with suppress(Exception):  # no dead letter can be stored here
        await consumed(failing, 1)
    assert len(tried) == tries
