"""The queue in each order, page by page, and who has how much of it."""

from datetime import timedelta

import pytest

from tests.relief.builders import NOW, a_snapshot
from tests.relief.conftest import TOKEN, FixedClock
from tests.relief.review.test_review_endpoints import Offices, doubtful, offices, signed_in, take

__all__ = ["offices"]
pytestmark = pytest.mark.servers


async def whole_queue(offices: Offices, sort: str) -> list[str]:
    """The case numbers of all pages of one review each."""
    found: list[str] = []
    after = ""
    while after is not None:
        page = (await offices.get("preparer", sort=sort, limit=1, after=after)).json()
        found += [one["case_number"] for one in page["reviews"]]
        after = page["next"]
    return found


async def test_pages_follow_each_order_and_a_place_of_another_order_is_answered(
    offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = [
        ("B/3", "HS 11359", "Torrance"),
        ("B2", "PC 664/HS 11358", None),
        ("B1", "HS 11359", "Burbank / North"),
    ]
    for number, (case, section, court) in enumerate(given):
        one = doubtful(f"d{number}", case_number=case, section=section, court=court)
        monkeypatch.setattr(FixedClock, "now", lambda _, at=NOW + timedelta(hours=number): at)
        await offices.relief.take(a_snapshot(str(number), 1, one))
    orders = {sort: await whole_queue(offices, sort) for sort in ("due", "age", "section", "court")}
    assert all(sorted(each) == ["B/3", "B1", "B2"] for each in orders.values())
    assert orders["age"] == ["B/3", "B2", "B1"], "as they came"
    assert orders["section"][-1] == "B2"
    assert orders["court"] == ["B2", "B1", "B/3"], "no court on record comes first"
    place = (await offices.get("preparer", sort="court", limit=1)).json()["next"]
    wrong = await offices.get("preparer", sort="age", after=place)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_query")
    assert (await offices.get("preparer", sort="colour")).status_code == 422


async def test_a_supervisor_sees_who_has_how_much_and_a_city_its_own_alone(offices: Offices) -> None:
    of_city = doubtful("d2", route="city_attorney", city="Burbank", case_number="BA2")
    await take(offices, doubtful("d1"), of_city, doubtful("d3", case_number="BA3"))
    mine = next(one for one in await offices.queue() if one["case_number"] == "BA3")
    await offices.act("preparer", "claim", [mine])
    shares = (await offices.get("signer", "/workload")).json()["workload"]
    assert [(one["office"], one["city"], one["account"], one["number"]) for one in shares] == [
        ("city_attorney", "Burbank", None, 1),
        ("district_attorney", None, None, 1),
        ("district_attorney", None, "preparer", 1),
    ]
    assert all(one["first_due"] == mine["due_on"] and one["overdue"] == 0 for one in shares)
    seen = (await offices.get("burbank", "/workload")).json()["workload"]
    assert [one["city"] for one in seen] == ["Burbank"]


async def test_the_summary_has_each_offices_numbers_and_is_the_operators(offices: Offices) -> None:
    of_city = doubtful("d2", route="city_attorney", city="Burbank", case_number="BA2")
    await take(offices, doubtful("d1"), of_city)
    query = {"since": "2020-01-01T00:00:00Z", "due": "2099-01-01"}
    path = "/v1/reviews/summary"
    answer = (await offices.http.get(path, params=query, headers=signed_in(TOKEN))).json()
    assert [
        (one["office"], one["city"], one["waiting"], one["new"], one["overdue"], one["due"])
        for one in answer["offices"]
    ] == [("city_attorney", "Burbank", 1, 1, 0, 1), ("district_attorney", None, 1, 1, 0, 1)]
    assert (answer["challenges"], answer["lists"]) == ({}, {})
    later = {**query, "since": "2099-01-01T00:00:00Z"}
    answer = (await offices.http.get(path, params=later, headers=signed_in(TOKEN))).json()
    assert {one["new"] for one in answer["offices"]} == {0}
    assert (await offices.http.get(path, params=query, headers=signed_in("clerk"))).status_code == 403
