"""Challenges and acknowledgements over HTTP, against a real Postgres."""

import asyncio
import uuid

import pytest

from reliefstream_contracts.determinations import Ground
from tests.relief.builders import TODAY, a_determination, a_snapshot
from tests.relief.conftest import Relief

pytestmark = pytest.mark.servers
OBJECTION = {"reason_code": "ineligible"}


async def one_waits(relief: Relief, sentence_completed: str | None = None) -> str:
    """Its id; ``sentence_completed`` as a ground found it."""
    grounds = (
        (Ground(rule="sentence_completed", citation="HS 11361.8(e)", finding=sentence_completed),)
        if sentence_completed
        else ()
    )
    await relief.take(a_snapshot("A", 1, a_determination("d1", grounds=grounds)))
    (relief_id,) = await relief.relief_ids()
    return relief_id


async def test_a_challenge_holds_relief_back_until_it_is_overruled(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    path = f"/v1/reliefs/{await one_waits(relief)}"
    assert (await relief.post(f"{path}/challenge", **OBJECTION)).json()["state"] == "challenged"
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.job()
    assert await relief.kinds() == ["relief.proposed", "relief.challenged"]
    overruled = await relief.post(f"{path}/challenge/resolve", outcome="overruled")
    assert overruled.json()["state"] == "ordered"
    assert (await relief.kinds())[-2:] == ["relief.challenge-overruled", "relief.ordered"]
    assert [body["sequence"] for _, body in await relief.events()] == [1, 2, 3, 4]


async def test_a_sustained_challenge_is_the_end(relief: Relief) -> None:
    path = f"/v1/reliefs/{await one_waits(relief)}"
    await relief.post(f"{path}/challenge", **OBJECTION)
    await relief.post(f"{path}/challenge/resolve", outcome="sustained")
    for step, body in {
        "challenge": OBJECTION,
        "challenge/resolve": {"outcome": "withdrawn"},
        "acknowledge": {"by": "court"},
    }.items():
        answer = await relief.post(f"{path}/{step}", **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "state_does_not_fit")
        assert "it is sustained" in answer.json()["detail"]


async def test_a_challenge_resolved_after_the_determination_changed_withdraws_the_proposal(
    relief: Relief,
) -> None:
    path = f"/v1/reliefs/{await one_waits(relief)}"
    await relief.post(f"{path}/challenge", **OBJECTION)
    await relief.take(a_snapshot("A", 2, a_determination("d1", outcome="not_eligible")))
    assert (await relief.http.get(path)).json()["obstacle"] == "determination_changed"
    resolved = await relief.post(f"{path}/challenge/resolve", outcome="overruled")
    assert resolved.json()["state"] == "withdrawn"


@pytest.mark.parametrize("shown_by", [("d1",), ("c1", "d1")])
async def test_a_challenge_of_a_conviction_that_doj_shows_is_taken_with_a_warning(
    relief: Relief, shown_by: tuple[str, ...]
) -> None:
    await relief.take(a_snapshot("A", 1, a_determination(*shown_by)))
    (relief_id,) = await relief.relief_ids()
    answer = await relief.post(f"/v1/reliefs/{relief_id}/challenge", **OBJECTION)
    assert (answer.status_code, answer.json()["state"]) == (200, "challenged")
    for named in ("2020-07-01", "2023-03-01", "HS 11361.9", "I-66"):
        assert named in answer.json()["warning"]
    kept = (await relief.http.get(f"/v1/reliefs/{relief_id}")).json()
    assert kept["challenge"]["after_window"] is True
    assert (await relief.events())[-1][1]["after_window"] is True


async def test_a_challenge_of_a_conviction_that_only_a_court_shows_gets_no_warning(relief: Relief) -> None:
    await relief.take(a_snapshot("A", 1, a_determination("c1")))
    (relief_id,) = await relief.relief_ids()
    answer = await relief.post(f"/v1/reliefs/{relief_id}/challenge", **OBJECTION)
    assert (answer.status_code, answer.json()["warning"]) == (200, None)
    assert (await relief.events())[-1][1]["after_window"] is False


@pytest.mark.parametrize(
    ("on_record", "stated", "status"),
    [
        ("met", True, 422),
        ("not_met", False, 200),
        (None, False, 422),
        (None, True, 200),
        ("unknown", True, 200),
    ],
)
async def test_an_unreasonable_risk_can_be_raised_only_while_a_sentence_runs(
    relief: Relief, on_record: str | None, stated: bool, status: int
) -> None:
    path = f"/v1/reliefs/{await one_waits(relief, on_record)}/challenge"
    answer = await relief.post(path, reason_code="unreasonable_risk", still_serving=stated)
    assert answer.status_code == status


async def test_a_reason_that_is_not_on_the_list_is_refused(relief: Relief) -> None:
    path = f"/v1/reliefs/{await one_waits(relief)}/challenge"
    answer = await relief.post(path, reason_code="dislike")
    assert answer.status_code == 422
    assert "reason_code" in answer.json()["detail"]


async def test_of_two_challenges_at_the_same_time_one_is_taken(relief: Relief) -> None:
    path = f"/v1/reliefs/{await one_waits(relief)}/challenge"
    answers = await asyncio.gather(*(relief.post(path, **OBJECTION) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]


async def test_the_court_acknowledges_once(relief: Relief) -> None:
    await relief.take(a_snapshot("A", 1, a_determination("d1", county="fresno")))
    await relief.post("/v1/counties/fresno/proposed-orders")
    await relief.order("fresno-1", order_number="BO-1", judge="M. Ortiz", on=TODAY.isoformat())
    (relief_id,) = await relief.relief_ids()
    for _ in range(2):
        answer = await relief.post(f"/v1/reliefs/{relief_id}/acknowledge", by="court")
        assert answer.status_code == 200
    assert (await relief.kinds())[2:] == ["relief.acknowledged"]


async def test_a_relief_that_does_not_exist_is_not_found(relief: Relief) -> None:
    for nobody in (uuid.uuid4(), "no-id"):
        for step, body in (("challenge", OBJECTION), ("challenge/resolve", {"outcome": "withdrawn"})):
            assert (await relief.post(f"/v1/reliefs/{nobody}/{step}", **body)).status_code == 404


async def test_reliefs_are_listed_by_county_state_and_case_in_pages(relief: Relief) -> None:
    await relief.take(a_snapshot("A", 1, *(a_determination(f"d{n}", case_number=f"BA{n}") for n in range(5))))
    first = (await relief.http.get("/v1/reliefs?county=los-angeles&state=proposed&limit=3")).json()
    rest = (await relief.http.get(f"/v1/reliefs?limit=3&after={first['next']}")).json()
    assert (len(first["reliefs"]), len(rest["reliefs"]), rest["next"]) == (3, 2, None)
    one = (await relief.http.get("/v1/reliefs?case_number=BA4")).json()["reliefs"]
    assert [each["conviction"]["case_number"] for each in one] == ["BA4"]


@pytest.mark.parametrize("query", ["state=done", "limit=0", "limit=x", "limit=²", "after=x", "county=%00"])
async def test_a_wrong_question_is_refused(relief: Relief, query: str) -> None:
    assert (await relief.http.get(f"/v1/reliefs?{query}")).status_code == 422


async def test_what_is_challenged_is_listed_for_the_court_and_the_defender_and_nothing_else(
    relief: Relief,
) -> None:
    await relief.take(a_snapshot("A", 1, a_determination("d1"), a_determination("d2")))
    first, _ = await relief.relief_ids()
    await relief.post(f"/v1/reliefs/{first}/challenge", **OBJECTION)
    listed = (await relief.http.get("/v1/counties/los-angeles/challenges")).json()
    assert [(one["relief_id"], one["challenge"]["reason_code"]) for one in listed["reliefs"]] == [
        (first, "ineligible")
    ]
    assert listed["next"] is None
    assert (await relief.http.get("/v1/counties/fresno/challenges")).json()["reliefs"] == []
