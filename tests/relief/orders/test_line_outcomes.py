"""What became of an order's lines in the court: kept a line, acknowledged where it is done, and whom the court told."""

import pytest

from tests.relief.builders import a_determination, a_snapshot
from tests.relief.conftest import Relief

pytestmark = pytest.mark.servers
ORDER = {"order_number": "BO-1", "judge": "A. Reyes", "on": "2026-11-20"}


async def a_list(relief: Relief) -> str:
    """A proposed order of two lines."""
    await relief.take(
        *(
            a_snapshot(name, 1, a_determination(name, county="fresno", case_number=name))
            for name in ("d1", "d2")
        )
    )
    made = (await relief.post("/v1/counties/fresno/proposed-orders")).json()
    found: str = made["proposed_order"]["proposed_order_id"]
    return found


async def test_what_is_done_is_acknowledged_by_the_court_once_and_the_rest_is_kept(relief: Relief) -> None:
    order = await a_list(relief)
    await relief.order(order, **ORDER)
    told = [
        {"line": 1, "outcome": "done"},
        {"line": 2, "outcome": "destroyed"},
        {"line": 9, "outcome": "done"},
    ]
    answer = await relief.post(f"/v1/proposed-orders/{order}/outcomes", outcomes=told)
    assert answer.json() == {"told": 3, "not_taken": [9], "outcomes": {"destroyed": 1, "done": 1}}
    await relief.post(f"/v1/proposed-orders/{order}/outcomes", outcomes=told[:1])
    assert (await relief.kinds()).count("relief.acknowledged") == 1
    lines = (await relief.http.get(f"/v1/proposed-orders/{order}")).json()["lines"]
    assert [(one["result"], one["outcome"]) for one in lines] == [
        ("ordered", "done"),
        ("ordered", "destroyed"),
    ]
    assert [bool(one["subject_id"]) for one in lines] == [True, True]
    one, other = [
        (await relief.http.get(f"/v1/reliefs/{line['relief_id']}")).json()["acknowledged_by_court_at"]
        for line in lines
    ]
    assert (bool(one), other) == (True, None)


async def test_a_table_tells_of_its_lines_and_keeps_nothing_where_a_row_is_wrong(relief: Relief) -> None:
    order = await a_list(relief)
    await relief.order(order, **ORDER)
    place = f"/v1/proposed-orders/{order}/outcomes/table"
    wrong = await relief.http.post(place, content=b"line,outcome\n1,done\n2,lost\n")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_rows")
    assert "row 3" in wrong.json()["detail"]
    answer = await relief.http.post(place, content=b"line,outcome\n1,done\n2,not found\n")
    assert answer.json() == {"told": 2, "not_taken": [], "outcomes": {"done": 1, "not_found": 1}}


async def test_before_an_order_is_confirmed_nothing_becomes_of_its_lines(relief: Relief) -> None:
    order = await a_list(relief)
    for _ in range(2):
        answer = await relief.post(
            f"/v1/proposed-orders/{order}/outcomes", outcomes=[{"line": 1, "outcome": "done"}]
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "not_confirmed")
        answer = await relief.post(f"/v1/proposed-orders/{order}/told", to="doj", on="2026-11-21")
        assert answer.json()["code"] == "not_confirmed"
        await relief.post(f"/v1/proposed-orders/{order}/enter", **ORDER)


async def test_whom_the_court_told_stands_on_the_order(relief: Relief) -> None:
    order = await a_list(relief)
    await relief.order(order, **ORDER)
    await relief.post(f"/v1/proposed-orders/{order}/told", to="doj", on="2026-11-21")
    found = (
        await relief.post(f"/v1/proposed-orders/{order}/told", to="arresting_agencies", on="2026-11-22")
    ).json()
    assert (found["proposed_order"]["reported_on"], found["proposed_order"]["copied_on"]) == (
        "2026-11-21",
        "2026-11-22",
    )
    late = await relief.post(f"/v1/proposed-orders/{order}/told", to="doj", on="2027-01-01")
    assert late.json()["code"] == "future_date"
