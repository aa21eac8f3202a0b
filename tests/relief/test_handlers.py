"""Determinations against a real Postgres."""

import asyncio

import pytest

from services.relief.orders.standing_orders import CHUNK
from tests.relief.builders import a_determination, a_snapshot
from tests.relief.conftest import Relief

pytestmark = pytest.mark.servers
LOS_ANGELES = "/v1/counties/los-angeles/standing-orders"


async def test_without_a_standing_order_standing_mode_refuses_and_says_why(relief: Relief) -> None:
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    assert await relief.kinds() == ["relief.proposed"]
    status = (await relief.http.get(LOS_ANGELES)).json()
    assert status["waiting"] == 1
    assert "no standing order is in force" in status["why"]


async def test_a_standing_order_entered_later_orders_what_waits_in_bounded_chunks(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.take(
        a_snapshot("A", 1, *(a_determination(f"d{number}") for number in range(CHUNK + 20))),
        a_snapshot("B", 1, a_determination("c1", county="fresno")),
    )
    assert not await relief.job()
    assert (await relief.put_in_force(LOS_ANGELES, **standing_order)).status_code == 200
    assert await relief.job()
    assert not await relief.job()
    kinds = await relief.kinds()
    assert kinds.count("relief.ordered") == CHUNK + 20
    await relief.take(a_snapshot("C", 1, a_determination("d9999")))
    assert (await relief.kinds())[-2:] == ["relief.proposed", "relief.ordered"]


async def test_a_repeat_and_an_older_version_change_nothing(relief: Relief) -> None:
    newer = a_snapshot("A", 2, a_determination("d1"))
    await relief.take(newer)
    await relief.take(newer, a_snapshot("A", 1, a_determination("d1", outcome="not_eligible")))
    assert await relief.kinds() == ["relief.proposed"]


async def test_a_burst_on_one_subject_counts_by_its_last_snapshot(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force(LOS_ANGELES, **standing_order)
    await relief.take(
        a_snapshot("A", 1, a_determination("d1")),
        a_snapshot("A", 2, a_determination("d1", outcome="not_eligible")),
    )
    assert await relief.kinds() == []


async def test_a_conviction_that_two_counties_judge_as_its_own_county_is_unknown_is_one(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    """What both of them find is kept once; what only one of them gives is given by none."""
    await relief.put_in_force(LOS_ANGELES, **standing_order)
    unsure = {"outcome": "needs_review", "legal_minimum": None}
    await relief.take(
        a_snapshot("A", 1, a_determination("d1"), a_determination("d2")),
        a_snapshot("B", 1, a_determination("d3"), a_determination("d3", county="sacramento", **unsure)),
        a_snapshot("C", 1, a_determination("d4", **unsure), a_determination("d4", county="sacramento")),
    )
    assert (await relief.kinds()).count("relief.ordered") == 2
    await relief.take(
        a_snapshot(
            "A", 2, a_determination("d1", **unsure), a_determination("d1", county="sacramento", **unsure)
        )
    )
    assert (await relief.kinds()).count("relief.ordered") == 2


async def test_events_carry_the_trace_of_the_determination(relief: Relief) -> None:
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    assert "ce_traceparent" in dict((await relief.outgoing())[0].headers)


async def test_a_merge_never_orders_the_same_conviction_twice(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force(LOS_ANGELES, **standing_order)
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    await relief.take(
        a_snapshot("B", 1, a_determination("c1", "d1", conviction_id=a_determination("d2").conviction_id))
    )
    await relief.take(a_snapshot("A", 2, retired_into="B"))
    await relief.take(a_snapshot("B", 2, a_determination("c1")))
    assert await relief.kinds() == ["relief.proposed", "relief.ordered"]


async def test_after_an_order_the_discrepancy_goes_to_the_ledger(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force(LOS_ANGELES, **standing_order)
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    await relief.take(a_snapshot("A", 2, a_determination("d1", outcome="not_eligible")))
    kind, body = (await relief.events())[-1]
    assert (kind, body["status"], body["owner"]) == ("discrepancy.changed", "open", "district_attorney")


async def test_replicas_that_judge_the_same_counts_under_other_subjects_order_none_twice(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force(LOS_ANGELES, **standing_order)
    for number in range(30):
        doj, court = f"d{number}", f"c{number}"
        await asyncio.gather(
            relief.take(a_snapshot(f"A{number}", 1, a_determination(doj, court))),
            relief.take(a_snapshot(f"B{number}", 1, a_determination(court))),
            relief.take(a_snapshot(f"C{number}", 1, a_determination(doj))),
        )
    ordered = [body for kind, body in await relief.events() if kind == "relief.ordered"]
    counts = [each for body in ordered for each in body["conviction"]["counts"]]
    assert len(counts) == len(set(counts))
    held = await relief.service.database.pool.fetchval(
        "SELECT count(*) FROM relief_counts JOIN reliefs USING (relief_id) WHERE state = 'ordered'"
    )
    assert held == 60


async def test_replicas_that_disagree_on_a_count_never_leave_an_order_without_a_discrepancy(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force(LOS_ANGELES, **standing_order)
    for number in range(30):
        await asyncio.gather(
            relief.take(a_snapshot(f"A{number}", 1, a_determination(f"d{number}"))),
            relief.take(a_snapshot(f"B{number}", 1, a_determination(f"d{number}", outcome="not_eligible"))),
        )
    kinds = await relief.kinds()
    assert kinds.count("relief.ordered") == kinds.count("discrepancy.changed")


async def test_a_determination_without_counts_is_refused_as_a_defect(relief: Relief) -> None:
    with pytest.raises(ValueError, match="keyed by"):
        await relief.take(a_snapshot("A", 1, a_determination()))


async def test_counts_by_county_and_state_and_by_race(relief: Relief) -> None:
    await relief.take(
        a_snapshot("A", 1, a_determination("d1"), a_determination("d2", route="city_attorney")),
        a_snapshot("B", 1, a_determination("d3", county="fresno"), a_determination("d4", section="PC 148")),
    )
    counts = (await relief.http.get("/v1/counts")).json()
    assert counts["los-angeles"]["proposed"] == {
        "convictions": 1,
        "persons": 1,
        "earliest_conviction": "1998-04-02",
    }
    assert counts["los-angeles"]["withheld"] == {"city_attorney": 1, "no_authority": 1}
    assert "propose an order" in counts["fresno"]["why"]
    groups = (await relief.http.get("/v1/counts?by=race,level")).json()["groups"]
    assert {
        "county": "fresno",
        "state": "proposed",
        "level": "felony",
        "race": "HISPANIC",
        "convictions": 1,
        "persons": 1,
    } in groups


async def test_a_person_counts_once_as_whom_it_is_known_now(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force(LOS_ANGELES, **standing_order)
    await relief.take(
        a_snapshot("A", 1, a_determination("d1")),
        a_snapshot("B", 1, a_determination("d2")),
        a_snapshot("C", 1, a_determination("d3")),
        a_snapshot("D", 1, a_determination("d4")),
    )
    # A's conviction is seen under B; C's record is gone, and C is B by way of A; D is somebody else.
    await relief.take(a_snapshot("C", 2, retired_into="A"))
    await relief.take(
        a_snapshot("A", 2, retired_into="B"), a_snapshot("B", 2, a_determination("d1"), a_determination("d2"))
    )
    counts = (await relief.http.get("/v1/counts")).json()["los-angeles"]["ordered"]
    assert (counts["convictions"], counts["persons"]) == (4, 2)
    (group,) = (await relief.http.get("/v1/counts?by=race")).json()["groups"]
    assert (group["convictions"], group["persons"]) == (4, 2)


async def test_a_conviction_relieved_twice_counts_once(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force(LOS_ANGELES, **standing_order)
    await relief.take(a_snapshot("A", 1, a_determination("d1")), a_snapshot("B", 1, a_determination("c1")))
    await relief.take(a_snapshot("A", 2, a_determination("c1", "d1")), a_snapshot("B", 2, retired_into="A"))
    counts = (await relief.http.get("/v1/counts")).json()["los-angeles"]["ordered"]
    assert counts == {
        "convictions": 1,
        "persons": 1,
        "earliest_conviction": "1998-04-02",
        "open_discrepancies": 1,
    }
    (group,) = (await relief.http.get("/v1/counts?by=kind")).json()["groups"]
    assert (group["convictions"], group["persons"]) == (1, 1)


async def test_two_proposals_on_one_conviction_count_once(relief: Relief) -> None:
    await relief.take(a_snapshot("A", 1, a_determination("d1")), a_snapshot("B", 1, a_determination("c1")))
    await relief.take(a_snapshot("A", 2, a_determination("c1", "d1")), a_snapshot("B", 2, retired_into="A"))
    counts = (await relief.http.get("/v1/counts")).json()["los-angeles"]
    assert (counts["proposed"]["convictions"], counts["proposed"]["persons"]) == (1, 1)
    assert "withdrawn" not in counts


async def test_the_export_has_a_line_for_each_relief_and_no_race(relief: Relief) -> None:
    await relief.take(a_snapshot("A", 1, a_determination("d1"), a_determination("d2")))
    text = (await relief.http.get("/v1/export/relief?county=los-angeles")).text
    assert text.count("\n") == 2
    assert '"state": "proposed"' in text
    assert "HISPANIC" not in text


async def test_what_a_subject_has_is_shown(relief: Relief) -> None:
    snapshot = a_snapshot("A", 3, a_determination("d1"))
    await relief.take(snapshot)
    shown = (await relief.http.get(f"/v1/subjects/{snapshot.subject_id}")).json()
    assert (shown["version"], len(shown["findings"]), shown["reliefs"][0]["state"]) == (3, 1, "proposed")
    assert (await relief.http.get("/v1/subjects/nobody")).status_code == 404


async def test_what_people_order_later_goes_on_under_the_trace_of_the_record_but_is_no_latency(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    await relief.put_in_force(LOS_ANGELES, **standing_order)
    await relief.job()
    proposed, ordered = (dict(message.headers) for message in await relief.outgoing())
    assert ordered["ce_type"] == b"reliefstream.relief.ordered.v1"
    assert ordered["ce_traceparent"] == proposed["ce_traceparent"] == f"00-{'1' * 32}-{'2' * 16}-01".encode()
    assert "ce_arrivedat" not in ordered
