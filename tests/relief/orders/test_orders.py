"""Court orders over HTTP, against a real Postgres."""

import asyncio

import pytest

from services.relief.lifecycle.findings import findings
from services.relief.orders.entered_orders import CHUNK, same_conviction
from tests.relief.builders import TODAY, a_determination, a_snapshot
from tests.relief.conftest import Relief

pytestmark = pytest.mark.servers
FRESNO, LOS_ANGELES = "/v1/counties/fresno", "/v1/counties/los-angeles"
ENTERED = {"order_number": "BO-7", "judge": "M. Ortiz", "on": TODAY.isoformat()}


async def three_wait(relief: Relief) -> None:
    """Two with case numbers and one without, in Fresno."""
    written = {"court": "F-0002-A", "doj": "F0002A"}
    await relief.take(
        a_snapshot(
            "A",
            1,
            a_determination("d1", county="fresno", case_number="F0009"),
            a_determination("d2", county="fresno", case_number="F0002A", source_case_numbers=written),
            a_determination("d3", county="fresno", case_number=None),
        )
    )


async def test_a_proposed_order_lists_what_waits_by_case_number_as_the_court_writes_it(
    relief: Relief,
) -> None:
    await three_wait(relief)
    made = await relief.post(f"{FRESNO}/proposed-orders")
    assert made.status_code == 201
    assert made.json()["proposed_order"]["proposed_order_id"] == "fresno-1"
    assert [(each["line"], each["case_number"]) for each in made.json()["lines"]] == [
        (1, "F-0002-A"),
        (2, "F0009"),
        (3, None),
    ]


async def test_proposing_again_makes_no_second_list_while_nothing_new_waits(relief: Relief) -> None:
    await three_wait(relief)
    first = await relief.post(f"{FRESNO}/proposed-orders")
    again = await relief.post(f"{FRESNO}/proposed-orders")
    assert (again.status_code, again.json()) == (200, first.json())
    await relief.take(a_snapshot("B", 1, a_determination("d4", county="fresno")))
    new = (await relief.post(f"{FRESNO}/proposed-orders")).json()
    assert (new["proposed_order"]["number"], len(new["lines"])) == (2, 1)


async def test_proposing_when_nothing_waits_says_so(relief: Relief) -> None:
    answer = await relief.post(f"{FRESNO}/proposed-orders")
    assert answer.json() == {"proposed_order": None, "results": {}, "lines": []}


async def test_entering_the_order_orders_all_but_the_exceptions_and_the_challenged(relief: Relief) -> None:
    await three_wait(relief)
    lines = (await relief.post(f"{FRESNO}/proposed-orders")).json()["lines"]
    await relief.post(f"/v1/reliefs/{lines[2]['relief_id']}/challenge", reason_code="identity")
    left_out = lines[1]["counts"][0]
    entered = await relief.order("fresno-1", **ENTERED, **{"except": [left_out]})
    assert entered.json()["results"] == {"ordered": 1, "excepted": 1, "challenged": 1}
    kinds = await relief.kinds()
    assert kinds[-1] == "relief.ordered"
    assert kinds.count("relief.ordered") == 1
    again = await relief.order("fresno-1", **ENTERED)
    assert again.json()["results"] == entered.json()["results"]
    assert await relief.kinds() == kinds
    other = await relief.post("/v1/proposed-orders/fresno-1/enter", **{**ENTERED, "order_number": "BO-8"})
    assert (other.status_code, other.json()["detail"]) == (
        409,
        "This proposed order is entered as order BO-7.",
    )
    next_list = (await relief.post(f"{FRESNO}/proposed-orders")).json()
    assert [each["case_number"] for each in next_list["lines"]] == ["F0009"]


async def test_a_case_number_as_exception_names_no_line_orders_nothing_and_is_not_repeated(
    relief: Relief,
) -> None:
    await three_wait(relief)
    lines = (await relief.post(f"{FRESNO}/proposed-orders")).json()["lines"]
    answer = await relief.post(
        "/v1/proposed-orders/fresno-1/enter", **ENTERED, **{"except": [lines[0]["relief_id"], "F0009"]}
    )
    assert answer.status_code == 422
    assert "Entries 2 of except" in answer.json()["detail"]
    assert "F0009" not in answer.text
    assert "relief.ordered" not in await relief.kinds()


async def test_an_order_is_made_to_the_level_that_its_list_says(relief: Relief) -> None:
    redesignation = {"county": "fresno", "outcome": "redesignation"}
    one = a_determination("d1", **redesignation, redesignated_to="misdemeanor")
    two = a_determination("d2", **redesignation, redesignated_to="misdemeanor")
    await relief.take(a_snapshot("A", 1, one, two))
    lines = (await relief.post(f"{FRESNO}/proposed-orders")).json()["lines"]
    assert {each["redesignated_to"] for each in lines} == {"misdemeanor"}
    by_a_minor = two.replace(redesignated_to="infraction")
    await relief.take(a_snapshot("A", 2, one, by_a_minor))
    entered = await relief.order("fresno-1", **ENTERED)
    assert entered.json()["results"] == {"ordered": 1, "kind_changed": 1}
    (order,) = [body for kind, body in await relief.events() if kind == "relief.ordered"]
    assert order["redesignated_to"] == "misdemeanor"


async def test_a_line_whose_kind_of_relief_changed_since_is_not_ordered(relief: Relief) -> None:
    await three_wait(relief)
    await relief.post(f"{FRESNO}/proposed-orders")
    await relief.take(
        a_snapshot(
            "A", 2, a_determination("d1", county="fresno", outcome="redesignation", case_number="F0009")
        )
    )
    entered = await relief.order("fresno-1", **ENTERED)
    assert entered.json()["results"] == {"kind_changed": 1, "withdrawn": 2}


async def test_a_conviction_that_was_not_on_the_list_is_not_ordered(relief: Relief) -> None:
    court = a_determination("c1", county="fresno", case_number="CASE-C")
    doj = a_determination("d1", county="fresno", case_number="CASE-D")
    await relief.take(a_snapshot("A", 1, a_determination("c1", "d1", county="fresno", case_number="CASE-C")))
    await relief.take(a_snapshot("A", 2, doj))
    (line,) = (await relief.post(f"{FRESNO}/proposed-orders")).json()["lines"]
    assert line["case_number"] == "CASE-D"
    await relief.take(a_snapshot("A", 3, court, doj))
    entered = await relief.order("fresno-1", **ENTERED)
    assert entered.json()["results"] == {"conviction_changed": 1}
    assert "relief.ordered" not in await relief.kinds()
    lines = (await relief.post(f"{FRESNO}/proposed-orders")).json()["lines"]
    assert [each["case_number"] for each in lines] == ["CASE-C", "CASE-D"]


@pytest.mark.parametrize(
    ("now", "case_number", "same"),
    [
        (("c1", "d1"), "CASE-C", True),
        (("c1", "c2", "d1"), "CASE-X", True),  # another record of the same conviction came
        (("c1",), "CASE-C", True),  # one record was taken back
        (("d1",), "CASE-D", False),  # split, or taken back: the court never saw this number
        (("c2",), "CASE-C", False),
    ],
)
def test_a_line_is_its_reliefs_conviction_while_they_share_counts_and_what_was_printed(
    now: tuple[str, ...], case_number: str, same: bool
) -> None:
    (listed,) = findings(a_snapshot("A", 1, a_determination("c1", "d1", case_number="CASE-C")))
    (found,) = findings(a_snapshot("A", 2, a_determination(*now, case_number=case_number)))
    assert same_conviction(listed.conviction, found.conviction) is same


async def test_what_another_order_ordered_meanwhile_is_not_ordered_again(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    await relief.post(f"{LOS_ANGELES}/proposed-orders")
    await relief.put_in_force(f"{LOS_ANGELES}/standing-orders", **standing_order)
    await relief.job()
    entered = await relief.order("los-angeles-1", **ENTERED)
    assert entered.json()["results"] == {"ordered_before": 1}
    assert (await relief.kinds()).count("relief.ordered") == 1


async def test_an_order_over_more_lines_than_a_chunk_is_entered_whole(relief: Relief) -> None:
    number = 2 * CHUNK + 3
    await relief.take(a_snapshot("A", 1, *(a_determination(f"d{n}", county="fresno") for n in range(number))))
    await relief.post(f"{FRESNO}/proposed-orders")
    entered = await relief.order("fresno-1", **ENTERED)
    assert (entered.json()["results"], entered.json()["lines"]) == ({"ordered": number}, [])
    assert (await relief.kinds()).count("relief.ordered") == number


async def test_a_discarded_list_frees_its_lines_for_the_next(relief: Relief) -> None:
    await three_wait(relief)
    await relief.post(f"{FRESNO}/proposed-orders")
    assert (await relief.post("/v1/proposed-orders/fresno-1/discard")).status_code == 200
    assert (await relief.post("/v1/proposed-orders/fresno-1/enter", **ENTERED)).status_code == 409
    assert len((await relief.post(f"{FRESNO}/proposed-orders")).json()["lines"]) == 3


async def test_two_clerks_at_once_make_one_list_and_enter_it_once(relief: Relief) -> None:
    await three_wait(relief)
    made = await asyncio.gather(*(relief.post(f"{FRESNO}/proposed-orders") for _ in range(4)))
    assert {each.json()["proposed_order"]["proposed_order_id"] for each in made} == {"fresno-1"}
    numbers = [f"BO-{number}" for number in range(4)]
    entered = await asyncio.gather(
        *(
            relief.post("/v1/proposed-orders/fresno-1/enter", **{**ENTERED, "order_number": n})
            for n in numbers
        )
    )
    assert sorted(each.status_code for each in entered) == [200, 409, 409, 409]
    (won,) = [n for n, each in zip(numbers, entered, strict=True) if each.status_code == 200]
    confirmed = await asyncio.gather(*(relief.confirm("/v1/proposed-orders/fresno-1", won) for _ in range(3)))
    assert [each.json()["results"] for each in confirmed] == [{"ordered": 3}] * 3
    assert (await relief.kinds()).count("relief.ordered") == 3


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"on": "2091-01-01"}, "future_date"),
        ({"on": "2006-11-09"}, "date_before_the_law"),
        ({"on": "soon"}, "invalid_body"),
        ({"judge": "  "}, "invalid_body"),
        ({"order_number": ""}, "invalid_body"),
        ({"excpet": []}, "invalid_body"),
    ],
)
async def test_a_wrong_entry_is_refused_in_clear_words(
    relief: Relief, wrong: dict[str, object], code: str
) -> None:
    await three_wait(relief)
    await relief.post(f"{FRESNO}/proposed-orders")
    answer = await relief.post("/v1/proposed-orders/fresno-1/enter", **{**ENTERED, **wrong})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "relief.ordered" not in await relief.kinds()


@pytest.mark.parametrize("sent", [b"", b"{", b"[" * 10_000, b"\xff", b'{"number": NaN}'])
async def test_a_body_that_is_not_json_is_refused(relief: Relief, sent: bytes) -> None:
    answer = await relief.http.post(f"{LOS_ANGELES}/standing-orders", content=sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_body")


async def test_one_standing_order_is_in_force_at_a_time(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    path = f"{LOS_ANGELES}/standing-orders"
    assert (await relief.put_in_force(path, **standing_order)).status_code == 200
    assert (await relief.put_in_force(path, **standing_order)).status_code == 200
    assert (await relief.post(path, **{**standing_order, "number": "SO-2"})).status_code == 409
    assert (await relief.post(path, **{**standing_order, "judge": "B. Other"})).status_code == 409
    assert (await relief.post(f"{path}/end", number="SO-2")).status_code == 404
    assert (await relief.post(f"{path}/end", number="SO-1")).json()["ended_on"] == TODAY.isoformat()
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    assert await relief.kinds() == ["relief.proposed"]
    assert (await relief.put_in_force(path, **{**standing_order, "number": "SO-2"})).status_code == 200
    assert (await relief.http.get(path)).json()["in_force"] == "SO-2"


async def test_a_county_that_is_not_set_up_is_named_as_such(relief: Relief) -> None:
    answer = await relief.post("/v1/counties/atlantis/proposed-orders")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_county")
    assert "fresno, los-angeles" in answer.json()["detail"]


async def test_without_the_operators_token_nothing_opens(relief: Relief) -> None:
    answer = await relief.http.get("/v1/reliefs", headers={"Authorization": "Bearer guess"})
    assert answer.status_code == 401
