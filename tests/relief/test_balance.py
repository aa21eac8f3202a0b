"""The balance of DOJ's list: each listed conviction stands in one part, and the sums agree with the determinations."""

import json
from datetime import timedelta
from itertools import product

import pytest

from services.relief.lifecycle.balance import PARTS, Became, Stands, became
from services.relief.lifecycle.transitions import State
from tests.relief.builders import TODAY, a_determination
from tests.relief.review.test_review_endpoints import COUNTY, Offices, doubtful, offices, signed_in, take

__all__ = ["offices"]


@pytest.mark.parametrize(
    ("stands", "expected"),
    [
        (Stands("dismissal", relief=State.ORDERED), ("moved", "ordered")),
        (Stands("not_eligible", relief=State.ORDERED), ("moved", "ordered")),
        (Stands("needs_review", relief=State.CHALLENGED), ("challenged", "challenged")),
        (Stands("dismissal", relief=State.SUSTAINED), ("challenged", "sustained")),
        (Stands("not_eligible"), ("answered", "not_eligible")),
        (Stands("not_covered"), ("answered", "not_covered")),
        (Stands("already_relieved", relief=State.WITHDRAWN), ("answered", "already_relieved")),
        (Stands("needs_review", decided="petition"), ("answered", "petition")),
        (Stands("needs_review", held=True), ("answered", "held")),
        (Stands("needs_review"), ("unaccounted", "needs_review")),
        (
            Stands("needs_review", relief=State.PROPOSED, decided="dismissal"),
            ("unaccounted", "waits_for_order"),
        ),
        (Stands("dismissal", relief=State.PROPOSED), ("unaccounted", "waits_for_order")),
        (Stands("dismissal", relief=State.OVERRULED), ("unaccounted", "waits_for_order")),
        (Stands("dismissal", withheld="city_attorney"), ("unaccounted", "city_attorney")),
        (Stands("dismissal", withheld="city_attorney", decided="petition"), ("answered", "petition")),
        (Stands("dismissal", withheld="no_authority"), ("unaccounted", "no_authority")),
        (Stands("dismissal", relief=State.WITHDRAWN), ("unaccounted", "not_proposed")),
    ],
)
def test_each_conviction_has_one_part(stands: Stands, expected: tuple[str, str]) -> None:
    assert became(stands) == Became(*expected)  # type: ignore[arg-type]


def test_nothing_stands_outside_of_the_parts() -> None:
    outcomes = (
        "dismissal",
        "redesignation",
        "not_eligible",
        "needs_review",
        "already_relieved",
        "not_covered",
    )
    for outcome, relief, held in product(outcomes, (None, *State), (True, False)):
        assert became(Stands(outcome, relief=relief, held=held)).part in PARTS


@pytest.mark.servers
async def test_the_sums_agree_with_the_determinations(offices: Offices) -> None:
    await take(
        offices,
        a_determination("d1", "c1"),
        a_determination("d2", outcome="not_eligible"),
        doubtful("d3"),
        doubtful("d4"),
        doubtful("d5"),
        a_determination("d6", route="city_attorney", city="Burbank"),
        a_determination("c7"),
    )
    by_count = {one["counts"][0][-2:]: one for one in await offices.queue()}
    petition = [by_count["d4"]]
    await offices.act("preparer", "decide", petition, decision="petition", reason_code="file_reviewed")
    await offices.sign(petition)
    until = (TODAY + timedelta(days=9)).isoformat()
    await offices.act("preparer", "hold", [by_count["d5"]], until=until, reason_code="file_asked_for")

    answer = await offices.http.get(f"/v1/counties/{COUNTY}/balance", headers=signed_in("preparer"))
    assert answer.json()["parts"] == {
        "moved": {},
        "challenged": {},
        "answered": {"held": 1, "not_eligible": 1, "petition": 1},
        "unaccounted": {"city_attorney": 1, "needs_review": 1, "waits_for_order": 1},
    }
    assert answer.json()["listed"] == 6
    export = await offices.http.get(
        "/v1/export/balance", params={"county": COUNTY}, headers=signed_in("preparer")
    )
    lines = [json.loads(line) for line in export.text.splitlines()]
    assert len(lines) == 6
    assert {line["counts"][0][-2:]: line["why"] for line in lines if line["part"] == "answered"} == {
        "d2": "not_eligible",
        "d4": "petition",
        "d5": "held",
    }
    refused = await offices.http.get(f"/v1/counties/{COUNTY}/balance", headers=signed_in("fresno"))
    assert refused.status_code == 403
