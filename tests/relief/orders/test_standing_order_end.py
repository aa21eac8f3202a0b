"""A standing order that ends while relief is being ordered under it, on a real Postgres."""

import asyncio

import pytest

from services.relief.orders import standing_orders
from services.relief.orders.standing_orders import order_what_waits
from tests.relief.builders import TODAY, a_determination, a_snapshot
from tests.relief.conftest import FixedClock, Relief

pytestmark = pytest.mark.servers
LOS_ANGELES = "/v1/counties/los-angeles/standing-orders"


async def test_it_is_not_answered_as_ended_while_a_batch_orders_under_it(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    await relief.put_in_force(LOS_ANGELES, **standing_order)
    async with relief.service.transaction() as work:
        await order_what_waits(relief.counties)(work)
        ending = asyncio.create_task(relief.post(f"{LOS_ANGELES}/end", number="SO-1"))
        assert not await relief.done_or_blocked(ending)
    assert (await ending).status_code == 200
    assert (await relief.kinds())[-1] == "relief.ordered"


@pytest.mark.parametrize("by", ["handler", "job", "resolution"])
async def test_whoever_comes_while_it_ends_orders_nothing_under_it(
    relief: Relief, standing_order: dict[str, str], by: str
) -> None:
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    (relief_id,) = await relief.relief_ids()
    if by == "resolution":
        await relief.post(f"/v1/reliefs/{relief_id}/challenge", reason_code="identity")
    await relief.put_in_force(LOS_ANGELES, **standing_order)
    async with relief.service.transaction() as work:
        await standing_orders.end(work.db, "los-angeles", "SO-1", TODAY, FixedClock())
        coming = asyncio.create_task(
            relief.take(a_snapshot("B", 1, a_determination("d2")))
            if by == "handler"
            else relief.job()
            if by == "job"
            else relief.post(f"/v1/reliefs/{relief_id}/challenge/resolve", outcome="overruled")
        )
        await relief.done_or_blocked(coming)
    await coming
    assert "relief.ordered" not in await relief.kinds()


async def test_batches_of_replicas_do_not_wait_for_each_other(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force(LOS_ANGELES, **standing_order)
    async with relief.service.transaction() as work:
        await order_what_waits(relief.counties)(work)
        other = asyncio.create_task(relief.take(a_snapshot("A", 1, a_determination("d1"))))
        assert await relief.done_or_blocked(other)
    assert (await relief.kinds())[-1] == "relief.ordered"
