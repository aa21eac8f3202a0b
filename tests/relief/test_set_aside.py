"""A relief that fails holds up no other, on a real Postgres."""

import asyncpg
import pytest
from structlog.testing import capture_logs

from services.relief.orders.entered_orders import LINES_TO_ORDER, order_lines
from services.relief.orders.standing_orders import still_to_order
from services.relief.set_aside import all_or_each
from tests.relief.builders import TODAY, a_determination, a_snapshot, count
from tests.relief.conftest import Relief

pytestmark = pytest.mark.servers
LOS_ANGELES = "/v1/counties/los-angeles/standing-orders"
ENTERED = {"order_number": "BO-7", "judge": "M. Ortiz", "on": TODAY.isoformat()}
BROKEN = "UPDATE reliefs SET conviction = conviction - 'section' WHERE anchor = $1"
MENDED = """UPDATE reliefs SET conviction = conviction || '{"section": "HS 11359"}' WHERE anchor = $1"""
LATER = "UPDATE set_aside SET at = at - interval '2 hours'"


async def three_wait(relief: Relief, county: str) -> None:
    await relief.take(a_snapshot("A", 1, *(a_determination(f"d{n}", county=county) for n in range(3))))


async def test_under_a_standing_order_the_others_are_ordered_and_it_is_once_it_is_mended(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    pool = relief.service.database.pool
    await three_wait(relief, "los-angeles")
    await relief.put_in_force(LOS_ANGELES, **standing_order)
    await pool.execute(BROKEN, count("d1"))
    with capture_logs() as logs:
        await relief.job()
    assert (await relief.kinds()).count("relief.ordered") == 2
    assert [(each["event"], each["count"]) for each in logs] == [("reliefs set aside", 1)]
    assert "BA123456" not in str(logs)
    assert "conviction" not in str(logs[0]["defect"])
    assert (await relief.http.get("/v1/counts")).json()["los-angeles"]["set_aside"] == 1
    assert await pool.fetchval(still_to_order(relief.counties)) == 0
    await pool.execute(MENDED, count("d1"))
    await relief.job()
    assert (await relief.kinds()).count("relief.ordered") == 2, "not at once"
    await pool.execute(LATER)
    await relief.job()
    assert (await relief.kinds()).count("relief.ordered") == 3
    assert "set_aside" not in (await relief.http.get("/v1/counts")).json()["los-angeles"]


async def test_of_an_entered_order_the_other_lines_are_ordered_and_it_is_once_it_is_mended(
    relief: Relief,
) -> None:
    pool = relief.service.database.pool
    await three_wait(relief, "fresno")
    await relief.post("/v1/counties/fresno/proposed-orders")
    await pool.execute(
        f"""CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                RAISE EXCEPTION 'BA123456'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON reliefs FOR EACH ROW
            WHEN (old.anchor = '{count("d1")}') EXECUTE FUNCTION refuse()"""
    )
    with capture_logs() as logs:
        entered = await relief.order("fresno-1", **ENTERED)
    assert entered.json()["results"] == {"ordered": 2, "set_aside": 1}
    assert (await relief.kinds()).count("relief.ordered") == 2
    assert "BA123456" not in str(logs)
    assert (await relief.http.get("/v1/counts")).json()["fresno"]["set_aside"] == 1
    assert await pool.fetchval(LINES_TO_ORDER) == 0
    await pool.execute("DROP TRIGGER refuse ON reliefs")
    await pool.execute(LATER)
    async with relief.service.transaction() as work:
        await order_lines(work)
    again = await relief.order("fresno-1", **ENTERED)
    assert again.json()["results"] == {"ordered": 3}
    events = [body for kind, body in await relief.events() if kind == "relief.ordered"]
    assert len({each["relief_id"] for each in events}) == len(events) == 3


async def test_an_error_that_passes_by_itself_sets_nothing_aside(relief: Relief) -> None:
    async def deadlocked(_: object) -> None:
        raise asyncpg.DeadlockDetectedError

    with pytest.raises(asyncpg.DeadlockDetectedError):
        async with relief.service.transaction() as work:
            await all_or_each(work, "test", [{"relief_id": None}], deadlocked)
