"""What relief finds after an order: it waits for the office whose it is, until it fits again or somebody settles it."""

from typing import Any

import httpx
import pytest

from tests.relief.builders import a_determination, a_snapshot
from tests.relief.conftest import Relief

pytestmark = pytest.mark.servers
PLACE = "/v1/counties/fresno/differing-orders"


async def an_order(relief: Relief, *names: str) -> None:
    """A confirmed order on a conviction of each."""
    known = [a_snapshot(name, 1, a_determination(name, county="fresno", case_number=name)) for name in names]
    await relief.take(*known)
    made = (await relief.post("/v1/counties/fresno/proposed-orders")).json()
    order = {"order_number": f"BO-{'-'.join(names)}", "judge": "A. Reyes", "on": "2026-11-20"}
    await relief.order(made["proposed_order"]["proposed_order_id"], **order)


async def waiting(relief: Relief) -> list[dict[str, Any]]:
    answer = await relief.http.get(PLACE)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["orders"]
    assert answer.json()["number"] == len(found)
    return found


async def settle(relief: Relief, one: dict[str, Any], **body: Any) -> httpx.Response:
    given = {"version": one["version"], "reason": "The order stands; the record is wrong.", **body}
    return await relief.post(f"{PLACE}/{one['relief_id']}/settle", **given)


async def now(relief: Relief, version: int, outcome: str) -> None:
    determined = a_determination("d1", county="fresno", case_number="d1", outcome=outcome)
    await relief.take(a_snapshot("d1", version, determined))


async def test_what_is_determined_otherwise_after_the_order_waits_until_it_fits_again(relief: Relief) -> None:
    await an_order(relief, "d1")
    assert await waiting(relief) == []
    await now(relief, 2, "not_eligible")
    (one,) = await waiting(relief)
    assert (one["differs"], one["owner"], one["order"]["number"]) == (
        "not_eligible",
        "district_attorney",
        "BO-d1",
    )
    assert [each["outcome"] for each in one["now"]] == ["not_eligible"]
    when = {"since": "2020-01-01T00:00:00Z", "due": "2099-01-01"}
    summary = (await relief.http.get("/v1/reviews/summary", params=when)).json()
    waits = {"county": "fresno", "office": "district_attorney", "city": None, "number": 1}
    assert summary["differing"] == [waits]
    assert (await relief.http.get(f"{PLACE}/{one['relief_id']}")).json() == one
    await now(relief, 3, "dismissal")
    assert await waiting(relief) == []
    assert (await relief.http.get(f"{PLACE}/{one['relief_id']}")).status_code == 404


async def test_what_was_settled_waits_again_only_when_something_else_is_determined(relief: Relief) -> None:
    await an_order(relief, "d1")
    await now(relief, 2, "not_eligible")
    (one,) = await waiting(relief)
    assert (await settle(relief, one, version=9)).status_code == 412
    assert (await settle(relief, one, reason="")).status_code == 422
    assert (await settle(relief, one)).json() == {"done": True}
    assert (await settle(relief, one)).json()["code"] == "not_found"
    assert await waiting(relief) == []
    await now(relief, 3, "not_eligible")
    assert await waiting(relief) == []
    ended = [body for kind, body in await relief.events() if kind == "discrepancy.changed"]
    assert [each["status"] for each in ended] == ["open", "resolved"]
    await now(relief, 4, "needs_review")
    (again,) = await waiting(relief)
    assert again["differs"] == "needs_review"


async def test_two_orders_on_one_conviction_name_each_other_for_the_clerk(relief: Relief) -> None:
    await an_order(relief, "d1")
    await an_order(relief, "d2")
    both = a_determination("d1", "d2", county="fresno", case_number="d1")
    await relief.take(a_snapshot("d1", 2, both), a_snapshot("d2", 2, retired_into="d1"))
    (one,) = await waiting(relief)
    assert (one["differs"], one["owner"]) == ("ordered_twice", "clerk")
    orders = {one["order"]["number"], *(each["order"]["number"] for each in one["other_orders"])}
    assert orders == {"BO-d1", "BO-d2"}
    assert (await settle(relief, one)).json() == {"done": True}
    assert await waiting(relief) == []
