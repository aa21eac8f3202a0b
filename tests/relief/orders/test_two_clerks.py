"""An order that one clerk entered counts only when another clerk has confirmed it; against a real Postgres."""

import asyncio

import httpx
import pytest
from asyncpg import CheckViolationError

from reliefstream_contracts.determinations import Determination
from tests.accounts import NAME, SECOND_CLERK
from tests.relief.builders import TODAY, a_determination, a_snapshot
from tests.relief.conftest import TOKEN, Relief

pytestmark = pytest.mark.servers
LIST, STANDING = "/v1/proposed-orders/fresno-1", "/v1/counties/los-angeles/standing-orders"
ENTERED = {"order_number": "BO-7", "judge": "M. Ortiz", "on": TODAY.isoformat()}


def of_fresno(record: str) -> Determination:
    return a_determination(record, county="fresno", case_number=f"CASE-{record}")


async def on_a_list(relief: Relief, *records: str) -> list[str]:
    """The reliefs of these records in their order, on a list before the court."""
    await relief.take(a_snapshot("A", 1, *map(of_fresno, records)))
    made = await relief.post("/v1/counties/fresno/proposed-orders")
    return [line["relief_id"] for line in made.json()["lines"]]


def refused_the_same_person(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json()["code"]) == (409, "same_person")


async def acts(relief: Relief) -> list[tuple[str, str, str]]:
    rows = await relief.service.database.pool.fetch(
        "SELECT who, act, outcome FROM audit_log WHERE act ~ 'confirm|discard|enter' ORDER BY id"
    )
    return [(row["who"], row["act"], row["outcome"]) for row in rows]


async def test_an_entered_order_orders_nothing_before_another_clerk_confirms_it(relief: Relief) -> None:
    await on_a_list(relief, "d1", "d2")
    entered = (await relief.post(f"{LIST}/enter", **ENTERED)).json()
    assert (entered["proposed_order"]["state"], entered["results"]) == ("waiting", {"unconfirmed": 2})
    assert refused_the_same_person(await relief.confirm(LIST, "BO-7", by=TOKEN))
    assert "relief.ordered" not in await relief.kinds()
    confirmed = (await relief.confirm(LIST, "BO-7")).json()
    assert (confirmed["proposed_order"]["state"], confirmed["results"]) == ("entered", {"ordered": 2})
    assert confirmed["proposed_order"]["entered_by"] == NAME
    assert confirmed["proposed_order"]["confirmed_by"] == SECOND_CLERK


async def test_a_confirmation_that_is_sent_twice_orders_once(relief: Relief) -> None:
    await on_a_list(relief, "d1")
    await relief.post(f"{LIST}/enter", **ENTERED)
    first, again = [await relief.confirm(LIST, "BO-7") for _ in range(2)]
    assert (again.status_code, again.json()) == (200, first.json())
    assert (await relief.kinds()).count("relief.ordered") == 1
    assert await acts(relief) == [
        (NAME, "enter_proposed_order", "order BO-7"),
        (SECOND_CLERK, "confirm_proposed_order", "order BO-7"),
        (SECOND_CLERK, "confirm_proposed_order", "unchanged"),
    ]


async def test_what_changed_between_entry_and_confirmation_is_left_out_and_listed(relief: Relief) -> None:
    challenged, *_ = await on_a_list(relief, "d1", "d2", "d3")
    await relief.post(f"{LIST}/enter", **ENTERED)
    await relief.post(f"/v1/reliefs/{challenged}/challenge", reason_code="identity")
    await relief.take(a_snapshot("A", 2, of_fresno("d1"), of_fresno("d2")))
    confirmed = (await relief.confirm(LIST, "BO-7")).json()
    assert confirmed["results"] == {"ordered": 1, "challenged": 1, "withdrawn": 1}
    assert [(line["line"], line["result"]) for line in confirmed["lines"]] == [
        (1, "challenged"),
        (3, "withdrawn"),
    ]


@pytest.mark.parametrize("by", ["who entered it", "another"])
async def test_an_entry_can_be_discarded_and_its_list_is_before_the_court_as_it_was(
    relief: Relief, by: str
) -> None:
    (one, _) = await on_a_list(relief, "d1", "d2")
    await relief.post(f"{LIST}/enter", **ENTERED, **{"except": [one]})
    assert (await relief.post(f"{LIST}/discard")).status_code == 409
    post = relief.post if by == "who entered it" else relief.second_clerk
    assert (await post(f"{LIST}/discard-entry", number="BO-8")).status_code == 409
    discarded = await post(f"{LIST}/discard-entry", number="BO-7")
    assert discarded.json()["proposed_order"]["state"] == "open"
    assert (await relief.confirm(LIST, "BO-7")).status_code == 409
    assert {line["result"] for line in (await relief.http.get(LIST)).json()["lines"]} == {None}
    entered = await relief.order("fresno-1", **ENTERED)
    assert entered.json()["results"] == {"ordered": 2}
    assert (await post(f"{LIST}/discard-entry", number="BO-7")).status_code == 409


async def test_a_look_at_an_earlier_entry_confirms_no_later_one(relief: Relief) -> None:
    left_out, _ = await on_a_list(relief, "d1", "d2")
    digests = set()
    for judge, exceptions in (("M. Ortiz", []), ("A. Wrong", []), ("M. Ortiz", [left_out])):
        entry = {**ENTERED, "judge": judge, "except": exceptions}
        shown = (await relief.post(f"{LIST}/enter", **entry)).json()["proposed_order"]
        for digest in digests:
            refused = await relief.second_clerk(f"{LIST}/confirm", number="BO-7", digest=digest)
            assert (refused.status_code, refused.json()["code"]) == (412, "entry_changed")
        digests.add(shown["digest"])
        await relief.post(f"{LIST}/discard-entry", number="BO-7")
    assert len(digests) == 3
    assert "relief.ordered" not in await relief.kinds()


@pytest.mark.parametrize(
    "changed", [{"judge": "A. Wrong"}, {"scope": "all"}, {"on": "2026-01-06"}, {"covers_decisions": True}]
)
async def test_a_standing_order_that_was_entered_anew_is_not_confirmed_by_an_old_look(
    relief: Relief, standing_order: dict[str, str], changed: dict[str, object]
) -> None:
    shown = (await relief.post(STANDING, **standing_order)).json()
    await relief.post(f"{STANDING}/discard", number="SO-1")
    await relief.post(STANDING, **{**standing_order, **changed})
    refused = await relief.second_clerk(f"{STANDING}/confirm", number="SO-1", digest=shown["digest"])
    assert (refused.status_code, refused.json()["code"]) == (412, "entry_changed")
    assert (await relief.http.get(STANDING)).json()["in_force"] is None
    assert (await relief.confirm(STANDING, "SO-1")).status_code == 200


async def test_an_entry_shows_which_lines_the_court_left_out(relief: Relief) -> None:
    _, second = await on_a_list(relief, "d1", "d2")
    await relief.post(f"{LIST}/enter", **ENTERED, **{"except": [second]})
    shown = (await relief.http.get(LIST)).json()["proposed_order"]
    assert shown["excepted"] == [2]


async def test_what_waits_for_its_confirmation_goes_on_no_other_list(relief: Relief) -> None:
    await on_a_list(relief, "d1")
    await relief.post(f"{LIST}/enter", **ENTERED)
    again = await relief.post("/v1/counties/fresno/proposed-orders")
    assert again.json()["proposed_order"] is None


async def test_while_ordering_is_halted_nothing_is_confirmed(relief: Relief) -> None:
    await on_a_list(relief, "d1")
    await relief.post(f"{LIST}/enter", **ENTERED)
    await relief.post("/v1/counties/fresno/ordering/halt", reason="a wrong list")
    refused = await relief.confirm(LIST, "BO-7")
    assert (refused.status_code, refused.json()["code"]) == (409, "ordering_halted")


async def test_nothing_is_ordered_under_a_standing_order_before_another_clerk_confirms_it(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    assert (await relief.post(STANDING, **standing_order)).json()["confirmed_at"] is None
    assert refused_the_same_person(await relief.confirm(STANDING, "SO-1", by=TOKEN))
    await relief.job()
    await relief.take(a_snapshot("B", 1, a_determination("d2")))
    assert await relief.kinds() == ["relief.proposed"] * 2
    shown = (await relief.http.get(STANDING)).json()
    assert (shown["in_force"], shown["waiting"]) == (None, 2)
    assert "waits for another clerk" in shown["why"]
    assert (await relief.post(f"{STANDING}/end", number="SO-1")).status_code == 404
    confirming = [relief.confirm(STANDING, "SO-1") for _ in range(2)]
    first, again = [each.json() for each in await asyncio.gather(*confirming)]
    assert first == again
    assert (first["entered_by"], first["confirmed_by"]) == (NAME, SECOND_CLERK)
    await relief.job()
    assert (await relief.kinds()).count("relief.ordered") == 2


@pytest.mark.parametrize("by", ["who entered it", "another"])
async def test_a_standing_order_that_was_entered_wrongly_is_discarded_and_its_number_is_free(
    relief: Relief, standing_order: dict[str, str], by: str
) -> None:
    await relief.post(STANDING, **{**standing_order, "judge": "A. Wrong"})
    assert (await relief.post(STANDING, **standing_order)).status_code == 409
    post = relief.post if by == "who entered it" else relief.second_clerk
    assert (await post(f"{STANDING}/discard", number="SO-1")).status_code == 200
    assert (await relief.confirm(STANDING, "SO-1")).status_code == 404
    assert (await relief.put_in_force(STANDING, **standing_order)).json()["judge"] == "A. Reyes"
    assert (await post(f"{STANDING}/discard", number="SO-1")).status_code == 404
    shown = (await relief.http.get(STANDING)).json()["standing_orders"]
    assert sorted((each["judge"], each["confirmed_by"]) for each in shown) == [
        ("A. Reyes", SECOND_CLERK),
        ("A. Wrong", None),
    ]


async def test_the_database_itself_refuses_one_account_that_did_both(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await on_a_list(relief, "d1")
    await relief.post(f"{LIST}/enter", **ENTERED)
    await relief.post(STANDING, **standing_order)
    for table in ("proposed_orders", "standing_orders"):
        with pytest.raises(CheckViolationError):
            await relief.service.database.pool.execute(f"UPDATE {table} SET confirmed_by = entered_by")
