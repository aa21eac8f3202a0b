"""A dismissal that every source shows is sealed: what it waits for, and that nothing of it stays; a real Postgres."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import ConvictionId, CountKey, DiscrepancyId, SubjectId
from reliefstream_contracts.sealing import ConvictionForgotten, SealRemoved
from services.chassis.runtime.unit_of_work import Delivery
from services.relief.app import new_id
from services.relief.handlers import Handlers
from services.relief.sealing import due
from services.relief.sealing.copies import forget_old_copies
from services.relief.sealing.forgetting import (
    forget_discrepancies,
    forget_what_all_forgot,
    on_discrepancies,
    on_forgotten,
)
from services.relief.sealing.missing import WAITS, measure_sealing
from services.relief.sealing.others import release_others
from services.relief.statistics.counting import RELIEFS
from tests.relief.builders import NOW, TODAY, a_determination, a_snapshot, a_subject, count
from tests.relief.conftest import HASH, FixedClock, Relief
from tests.standing_texts import tables_with

pytestmark = pytest.mark.servers
LONG_AGO = NOW - timedelta(days=61)
SEALS = "/v1/counties/los-angeles/seals"


async def ordered(relief: Relief, standing_order: dict[str, str], kind: str = "dismissal") -> str:
    """The relief of a conviction that court and DOJ hold, ordered under the standing order."""
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.take(a_snapshot("A", 1, of_both(kind)))
    [one] = await relief.relief_ids()
    return one


def of_both(kind: str = "dismissal") -> Determination:
    return a_determination("c1", "d1", outcome=kind)


async def shown(relief: Relief, *sources: str, at: object = LONG_AGO) -> None:
    for source in sources:
        await relief.service.database.pool.execute(
            f"UPDATE reliefs SET acknowledged_by_{source}_at = $1, ordered_at = $1", at
        )


async def seal_due(relief: Relief) -> list[str]:
    async with relief.service.transaction() as work:
        await due.seal_some(work, relief.counties)
    return [kind for kind in await relief.kinds() if kind == "relief.seal-due"]


async def forgotten_by(relief: Relief, relief_id: str, *services: str) -> None:
    reports = [ConvictionForgotten.of({"relief_id": relief_id, "service": one}) for one in services]
    async with relief.service.transaction() as work:
        await on_forgotten([Delivery(each) for each in reports], work)
    async with relief.service.transaction() as work:
        await forget_what_all_forgot(relief.counties, HASH)(work)


EVERY = ("ingest", "reconciliation", "eligibility", "notification")


async def test_it_waits_for_each_source_that_holds_the_conviction(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await ordered(relief, standing_order)
    await shown(relief, "doj")
    assert await seal_due(relief) == []
    assert (await relief.http.get(SEALS)).json()["waiting"] == {"court_record": 1}
    await shown(relief, "court")
    assert await seal_due(relief) == ["relief.seal-due"]
    assert await seal_due(relief) == ["relief.seal-due"]  # once


async def test_few_are_sealed_at_a_time_and_the_next_follow(
    relief: Relief, standing_order: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "BEING_SEALED_AT_MOST", 1)
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.take(a_snapshot("A", 1, of_both()), a_snapshot("B", 1, a_determination("c2", "d2")))
    await shown(relief, "court", "doj")
    job = due.Sealing(relief.counties, FixedClock())
    for _ in range(2):
        assert job.has_to_look()
        async with relief.service.transaction() as work:
            await job.step(work)
    assert (await relief.kinds()).count("relief.seal-due") == 1
    [first] = await relief.service.database.pool.fetch(
        "SELECT relief_id FROM reliefs WHERE state = 'seal_due'"
    )
    for service in EVERY:
        await forgotten_by(relief, str(first["relief_id"]), service)
    await relief.take(*(a_snapshot(one, 2) for one in ("A", "B")))
    await forgotten_by(relief, str(first["relief_id"]))
    async with relief.service.transaction() as work:
        await job.step(work)
    assert (await relief.kinds()).count("relief.seal-due") == 2
    assert job.has_to_look()  # as one more may be due


async def test_where_nothing_more_is_due_it_is_looked_again_a_minute_later(relief: Relief) -> None:
    job = due.Sealing(relief.counties, FixedClock())
    assert job.has_to_look()
    async with relief.service.transaction() as work:
        await job.step(work)
    assert not job.has_to_look()


async def test_what_waits_for_long_while_it_is_being_sealed_keeps_no_other_from_it(
    relief: Relief, standing_order: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "BEING_SEALED_AT_MOST", 1)
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.take(a_snapshot("A", 1, of_both()), a_snapshot("B", 1, a_determination("c2", "d2")))
    await shown(relief, "court", "doj")
    await seal_due(relief)
    await relief.service.database.pool.execute(
        """UPDATE reliefs SET seal = jsonb_set(seal, '{at}', to_jsonb(($1::timestamptz)::text))
           WHERE state = 'seal_due'""",
        NOW - due.STALLED_AFTER - timedelta(seconds=1),
    )
    assert len(await seal_due(relief)) == 2


async def test_a_record_that_came_after_the_order_is_waited_for_and_named(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    await relief.take(a_snapshot("A", 2, of_both("already_relieved")))
    await shown(relief, "doj")
    assert await seal_due(relief) == []
    await shown(relief, "court")
    assert await seal_due(relief) == ["relief.seal-due"]
    assert (await relief.events())[-1][1]["conviction"]["counts"] == [count("c1"), count("d1")]


async def test_a_count_that_comes_while_it_is_being_sealed_is_sealed_too(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    [one] = await relief.relief_ids()
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    await relief.take(a_snapshot("A", 2, of_both()))
    await forgotten_by(relief, one, *EVERY)
    kind, body = (await relief.events())[-1]
    assert (kind, body["conviction"]["counts"]) == ("relief.seal-due", [count("c1"), count("d1")])
    await relief.take(a_snapshot("A", 3))
    await forgotten_by(relief, one, *EVERY)
    assert await relief.relief_ids() == []
    assert await tables_with(relief.service.database.pool, *DISCLOSING) == []


async def test_another_sources_copy_that_comes_unlinked_meanwhile_is_sealed_too(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    [one] = await relief.relief_ids()
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    copy = a_determination("c1", source="court", case_number="BA-123456-01", section="HS 11359(b)")
    other = a_determination("e1", case_number="BA777777", outcome="not_eligible")
    await relief.take(a_snapshot("A", 2, copy, other))
    await forgotten_by(relief, one, *EVERY)
    sealed = [
        body["conviction"]["counts"] for kind, body in await relief.events() if kind == "relief.seal-due"
    ]
    assert sealed == [[count("d1")], [count("c1")], [count("c1"), count("d1")]]
    await relief.take(a_snapshot("A", 3, other))
    for each in await relief.relief_ids():
        await forgotten_by(relief, each, *EVERY)
    assert await relief.relief_ids() == []
    assert await tables_with(relief.service.database.pool, count("c1"), count("d1"), "123456") == []


def said_by_intake(relief_id: str, *copies: str) -> list[Delivery[ConvictionForgotten]]:
    """That intake has forgotten the conviction, also in records with these counts, which were on their way."""
    hashes = tuple(map(HASH.of, copies))
    return [Delivery(ConvictionForgotten.of({"relief_id": relief_id, "service": "ingest", "copies": hashes}))]


async def test_another_persons_copy_that_intake_named_is_sealed_too_if_it_comes_in_time(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    [one] = await relief.relief_ids()
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    other = a_determination("c2", case_number="BA777777", outcome="not_eligible")
    await relief.take(a_snapshot("A", 2), a_snapshot("B", 1, a_determination("c1"), other))
    async with relief.service.transaction() as work:
        await on_forgotten(said_by_intake(one, count("c1")), work)
    for _ in range(2):
        await forgotten_by(relief, one, *EVERY)
        await relief.take(a_snapshot("B", 2, other))
    for each in await relief.relief_ids():
        await forgotten_by(relief, each, *EVERY)
    assert await relief.relief_ids() == []
    assert await tables_with(relief.service.database.pool, count("c1"), count("d1")) == []
    assert await tables_with(relief.service.database.pool, count("c2")) != []


async def test_a_copy_that_intake_named_and_that_comes_once_all_is_sealed_is_no_conviction(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    [one] = await relief.relief_ids()
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    await relief.take(a_snapshot("A", 2))
    async with relief.service.transaction() as work:
        await on_forgotten(said_by_intake(one, count("c1")), work)
    await forgotten_by(relief, one, *EVERY)
    await relief.take(
        a_snapshot("B", 1, a_determination("c1"), a_determination("c2", case_number="BA777777"))
    )
    [unlike] = await relief.service.database.pool.fetch("SELECT case_number FROM reliefs")
    assert unlike["case_number"] == "BA777777"
    assert await tables_with(relief.service.database.pool, count("c1")) == []
    async with relief.service.transaction() as work:
        await forget_old_copies(replace(work, now=work.now + timedelta(days=7)))
        assert await work.db.fetchval("SELECT count(*) FROM sealed_copies") == 1
        await forget_old_copies(replace(work, now=work.now + timedelta(days=9)))
        assert await work.db.fetchval("SELECT count(*) FROM sealed_copies") == 0
        await work.db.execute("INSERT INTO sealed_copies VALUES ($1, $2)", HASH.of(count("c1")), one)

    async with relief.service.transaction() as work:
        await on_forgotten([Delivery(SealRemoved.of({"relief_id": one}))], work)
    await relief.take(
        a_snapshot("B", 2, a_determination("c1"), a_determination("c2", case_number="BA777777"))
    )
    assert len(await relief.relief_ids()) == 2, "the seal was taken away, and it was sent again"


async def test_a_count_that_is_another_conviction_by_now_keeps_no_seal_from_ending_and_gets_relief_of_its_own(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    one = await ordered(relief, standing_order)
    moved = a_determination("c1", outcome="already_relieved")
    burglary = a_determination("d1", case_number="BA777777", section="HS 11357")
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    await relief.take(a_snapshot("A", 2, moved, burglary))
    said = {"relief_id": one, "service": "ingest", "others": [HASH.of(count("d1"))]}
    async with relief.service.transaction() as work:
        await on_forgotten([Delivery(ConvictionForgotten.of(said))], work)
    async with relief.service.transaction() as work:
        assert await release_others(relief.counties, HASH, new_id)(work) is False
        assert await release_others(relief.counties, HASH, new_id)(work) is False
    sealed = [
        body["conviction"]["counts"] for kind, body in await relief.events() if kind == "relief.seal-due"
    ]
    assert sealed == [[count("c1"), count("d1")], [count("c1")]]
    other = next(each for each in await relief.relief_ids() if each != one)
    await relief.take(a_snapshot("A", 3, burglary))
    await forgotten_by(relief, one, *EVERY)
    assert await relief.relief_ids() == [other]
    row = await relief.service.database.pool.fetchrow("SELECT state, case_number FROM reliefs")
    assert tuple(row) == ("ordered", "BA777777")
    assert await tables_with(relief.service.database.pool, count("c1"), "BA123456") == []


async def test_a_conviction_none_of_whose_numbers_is_its_own_by_now_is_sealed_too(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.take(a_snapshot("A", 1, a_determination("d1")))
    [one] = await relief.relief_ids()
    burglary = a_determination("d1", case_number="BA777777", section="HS 11357")
    await relief.take(a_snapshot("A", 2, burglary))
    assert (await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")).status_code == 200
    said = {"relief_id": one, "service": "ingest", "others": [HASH.of(count("d1"))]}
    async with relief.service.transaction() as work:
        await on_forgotten([Delivery(ConvictionForgotten.of(said))], work)
    async with relief.service.transaction() as work:
        await release_others(relief.counties, HASH, new_id)(work)
    await forgotten_by(relief, one, *EVERY)
    rows = await relief.service.database.pool.fetch("SELECT state, case_number FROM reliefs")
    assert [tuple(row) for row in rows] == [("ordered", "BA777777")]


async def test_it_waits_for_the_person_to_be_told_or_for_the_countys_time(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    one = await ordered(relief, standing_order)
    await shown(relief, "court", "doj", at=NOW - timedelta(days=59))
    assert await seal_due(relief) == []
    assert (await relief.http.get(SEALS)).json()["waiting"] == {"person": 1}
    told = await relief.post(f"/v1/reliefs/{one}/told")
    assert told.json()["told_on"] == TODAY.isoformat()
    assert await seal_due(relief) == ["relief.seal-due"]


async def test_nobody_is_told_of_what_no_court_has_ordered(relief: Relief) -> None:
    await relief.take(a_snapshot("A", 1, of_both()))
    [one] = await relief.relief_ids()
    refused = await relief.post(f"/v1/reliefs/{one}/told")
    assert (refused.status_code, refused.json()["code"]) == (409, "state_does_not_fit")


async def test_a_legal_hold_stops_it_and_its_end_lets_it_go_on(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    one = await ordered(relief, standing_order)
    await shown(relief, "court", "doj")
    await relief.post(f"/v1/reliefs/{one}/legal-hold", reason="litigation hold")
    assert await seal_due(relief) == []
    at_once = await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    assert (at_once.status_code, at_once.json()["code"]) == (409, "state_does_not_fit")
    assert "under a legal hold" in at_once.json()["detail"]
    await relief.http.post(f"/v1/reliefs/{one}/legal-hold/end")
    assert await seal_due(relief) == ["relief.seal-due"]


async def test_a_legal_hold_comes_too_late_for_what_is_being_sealed(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    one = await ordered(relief, standing_order)
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    refused = await relief.post(f"/v1/reliefs/{one}/legal-hold", reason="litigation hold")
    assert (refused.status_code, refused.json()["code"]) == (409, "state_does_not_fit")
    assert "being sealed already" in refused.json()["detail"]


def an_entry(version: int = 1) -> DiscrepancyChanged:
    return DiscrepancyChanged(
        discrepancy_id=DiscrepancyId(uuid4()),
        version=version,
        kind="differing_fact",
        status="open",
        owner="county_court",
        county="los-angeles",
        subject_id=SubjectId(uuid4()),
        conviction_id=ConvictionId(uuid4()),
        counts=(CountKey(count("d1")),),
        at=NOW,
    )


async def test_an_open_discrepancy_on_the_conviction_stops_it(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await ordered(relief, standing_order)
    await shown(relief, "court", "doj")
    entry = an_entry()
    async with relief.service.transaction() as work:
        await on_discrepancies([Delivery(entry)], work)
    assert await seal_due(relief) == []
    assert (await relief.http.get(SEALS)).json()["waiting"] == {"discrepancy": 1}
    [line] = (await relief.http.get(f"{SEALS}/dismissals")).json()["dismissals"]
    assert line["discrepancies"] == [{"discrepancy_id": entry.key(), "kind": "differing_fact"}]
    async with relief.service.transaction() as work:
        await forget_discrepancies([entry.key()], work)
    assert await seal_due(relief) == ["relief.seal-due"]


async def test_an_entry_that_opens_again_stops_it_also_where_its_tombstone_was_missed(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    """Compaction removes a tombstone once the entry is open again; its versions go on."""
    await ordered(relief, standing_order)
    await shown(relief, "court", "doj")
    entry = an_entry(version=2).replace(status="resolved")
    again = entry.replace(status="open", version=3)
    async with relief.service.transaction() as work:
        await on_discrepancies([Delivery(entry)], work)
        await on_discrepancies([Delivery(again)], work)
    assert await seal_due(relief) == []


async def test_a_redesignation_is_never_sealed(relief: Relief, standing_order: dict[str, str]) -> None:
    one = await ordered(relief, standing_order, "redesignation")
    await shown(relief, "court", "doj")
    assert await seal_due(relief) == []
    refused = await relief.post(f"/v1/reliefs/{one}/seal", reason="asked for")
    assert refused.status_code == 409


async def test_a_clerk_seals_at_once_with_a_reason(relief: Relief, standing_order: dict[str, str]) -> None:
    one = await ordered(relief, standing_order)
    sealing = await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    assert (sealing.json()["state"], sealing.json()["seal"]["reason"]) == ("seal_due", "the order says so")


async def test_once_all_have_forgotten_nothing_of_it_is_left_but_an_opaque_line(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    one = await ordered(relief, standing_order)
    assert {"reliefs", "findings", "relief_counts"} <= set(
        await tables_with(relief.service.database.pool, *DISCLOSING)
    )
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    await forgotten_by(relief, one, *EVERY[:3])
    await relief.take(a_snapshot("A", 2))
    assert await relief.relief_ids() == [one]
    await forgotten_by(relief, one, *EVERY)
    assert await relief.relief_ids() == []
    kind, body = (await relief.events())[-1]
    assert kind == "relief.sealed"
    assert set(body) == {"relief_id", "sequence", "county", "order_number", "sealed_on"}
    steps = [key for topic, key in await relief.tombstones() if topic == "relief-v1"]
    assert steps == [f"{one}/{sequence}" for sequence in range(1, body["sequence"])]
    assert await tables_with(relief.service.database.pool, *DISCLOSING, "the order says so") == []
    assert (await relief.http.get(SEALS)).json()["sealed"] == 1


async def test_the_service_that_has_not_forgotten_yet_is_named_and_since_when(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    async def missing() -> list[tuple[str, int]]:
        found = (await relief.http.get(SEALS)).json()["missing"]
        assert all(one["since"] == NOW.isoformat() for one in found)
        async with relief.service.transaction() as work:
            await measure_sealing(replace(work, now=NOW + timedelta(hours=1)))
        waits = {sample.labels["service"]: sample.value for sample in next(iter(WAITS.collect())).samples}
        assert {one["service"] for one in found} == {one for one, waited in waits.items() if waited == 3600}
        return [(one["service"], one["convictions"]) for one in found]

    one = await ordered(relief, standing_order)
    assert await missing() == []
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    assert await missing() == [(each, 1) for each in sorted(EVERY)]
    await forgotten_by(relief, one, "ingest", "notification", "reconciliation")
    assert await missing() == [("eligibility", 1)]
    await forgotten_by(relief, one, "eligibility")
    assert await missing() == [("relief", 1)], "a determination still names it"
    await relief.take(a_snapshot("A", 2))
    await forgotten_by(relief, one)
    assert await missing() == []


async def test_a_subject_of_whom_nothing_is_left_goes_with_its_last_relief(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    one = await ordered(relief, standing_order)
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    async with relief.service.transaction() as work:
        await Handlers(relief.counties, new_id, HASH).erased([str(a_subject("A")), "heartbeat"], work)
    assert await tables_with(relief.service.database.pool, str(a_subject("A"))) == ["reliefs", "subjects"]
    await forgotten_by(relief, one, *EVERY)
    assert await tables_with(relief.service.database.pool, str(a_subject("A"))) == []


async def joined(relief: Relief, standing_order: dict[str, str]) -> str:
    """The court's record got an order, DOJ's a proposal that was withdrawn; then they were linked. The first's id."""
    await relief.take(a_snapshot("B", 1, a_determination("d1")))
    await relief.take(a_snapshot("B", 2, a_determination("d1", outcome="not_eligible")))
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.take(a_snapshot("A", 1, a_determination("c1")))
    await relief.take(a_snapshot("A", 2, of_both()), a_snapshot("B", 3, retired_into="A"))
    rows = await relief.service.database.pool.fetch("SELECT relief_id, state FROM reliefs ORDER BY state")
    assert [row["state"] for row in rows] == ["ordered", "withdrawn"]
    return str(rows[0]["relief_id"])


async def test_another_relief_that_was_proposed_on_the_conviction_goes_with_it(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    one = await joined(relief, standing_order)
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    assert (await relief.events())[-1][1]["conviction"]["counts"] == [count("c1"), count("d1")]
    await relief.take(a_snapshot("A", 3))
    await forgotten_by(relief, one, *EVERY)
    assert await relief.relief_ids() == []
    assert await tables_with(relief.service.database.pool, *DISCLOSING) == []


async def test_a_withdrawn_relief_on_what_turned_out_to_be_two_convictions_no_longer_names_the_sealed_one(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.take(a_snapshot("A", 1, a_determination("c1"), a_determination("d1", "d2")))
    [withdrawn] = await ids_on(relief, count("d1"))
    stands = a_determination("c1", "d1", case_number="BA777777")
    await relief.take(a_snapshot("A", 2, stands, a_determination("d2")))
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.job()
    [one] = await ids_on(relief, count("d2"))
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    await relief.take(a_snapshot("A", 3, stands))
    assert count("d2") in str(await relief.service.database.pool.fetch("SELECT * FROM reliefs"))
    await forgotten_by(relief, one, *EVERY)
    assert await tables_with(relief.service.database.pool, count("d2")) == []
    [(body)] = [
        body for _, body in await relief.events() if body["relief_id"] == withdrawn and body["sequence"] == 3
    ]
    assert body["conviction"]["counts"] == [count("c1"), count("d1")]
    erased = [key for topic, key in await relief.tombstones() if key.startswith(withdrawn)]
    assert erased == [f"{withdrawn}/1", f"{withdrawn}/2"]


async def ids_on(relief: Relief, key: str) -> list[str]:
    """The relief that a count belongs to."""
    rows = await relief.service.database.pool.fetch(
        "SELECT relief_id FROM relief_counts WHERE count_key = $1 AND relief_id IS NOT NULL", key
    )
    return [str(row["relief_id"]) for row in rows]


async def test_it_waits_for_a_source_whose_count_another_relief_holds(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await joined(relief, standing_order)
    await shown(relief, "court")
    assert await seal_due(relief) == []
    await shown(relief, "doj")
    assert await seal_due(relief) == ["relief.seal-due"]


async def test_two_orders_on_one_conviction_are_sealed_together_and_counted_once(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.take(a_snapshot("A", 1, a_determination("c1")), a_snapshot("B", 1, a_determination("d1")))
    await relief.take(a_snapshot("A", 2, of_both()), a_snapshot("B", 2, retired_into="A"))
    before = await counted(relief)
    orders = await relief.service.database.pool.fetch("SELECT relief_id, obstacle FROM reliefs")
    [first] = [row["relief_id"] for row in orders if row["obstacle"] is None]
    [second] = [row["relief_id"] for row in orders if row["obstacle"] == "ordered_twice"]
    await relief.post(f"/v1/reliefs/{first}/seal", reason="the order says so")
    await relief.take(a_snapshot("A", 3))
    await forgotten_by(relief, str(first), *EVERY)
    await forgotten_by(relief, str(second), *EVERY)
    assert await relief.relief_ids() == []
    assert await tables_with(relief.service.database.pool, *DISCLOSING) == []
    assert await counted(relief) == before


async def test_persons_who_are_linked_after_one_was_sealed_count_as_one(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    await relief.put_in_force("/v1/counties/los-angeles/standing-orders", **standing_order)
    await relief.take(a_snapshot("A", 1, a_determination("c1")), a_snapshot("B", 1, a_determination("d1")))
    for one in await relief.relief_ids():
        await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    await relief.take(a_snapshot("A", 2))
    for one in await relief.relief_ids():
        await forgotten_by(relief, one, *EVERY)
    assert len(await relief.relief_ids()) == 1
    assert len(await persons_counted(relief)) == 2
    await relief.take(a_snapshot("A", 3, retired_into="B"))
    assert len(await persons_counted(relief)) == 1


async def persons_counted(relief: Relief) -> set[object]:
    return {row["person"] for row in await relief.service.database.pool.fetch(RELIEFS)}


async def test_the_statistics_count_a_sealed_conviction_as_before(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    one = await ordered(relief, standing_order)
    before = await counted(relief)
    assert before
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    assert await counted(relief) == before
    await relief.take(a_snapshot("A", 2))
    await forgotten_by(relief, one, *EVERY)
    assert await counted(relief) == before


async def test_what_is_sent_again_after_its_seal_was_taken_away_counts_once_and_as_sealed_no_more(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    one = await ordered(relief, standing_order)
    before = await counted(relief)
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    await relief.take(a_snapshot("A", 2))
    await forgotten_by(relief, one, *EVERY)
    assert (await relief.http.get(SEALS)).json()["sealed"] == 1
    async with relief.service.transaction() as work:
        await on_forgotten([Delivery(SealRemoved.of({"relief_id": one}))], work)
    assert (await relief.http.get(SEALS)).json()["sealed"] == 0
    await relief.take(a_snapshot("A", 3, of_both()))
    assert [row[:-1] for row in await counted(relief)] == [row[:-1] for row in before]
    await forgotten_by(relief, one, "ingest")  # told again, as by a service that is asked again
    assert await tables_with(relief.service.database.pool, one) == ["audit_log"]


async def counted(relief: Relief) -> list[tuple[object, ...]]:
    rows = await relief.service.database.pool.fetch(RELIEFS)
    return [tuple(row[name] for name in row.keys() if name != "person") for row in rows]  # noqa: SIM118


async def test_it_keeps_what_a_determination_still_names(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    one = await ordered(relief, standing_order)
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    await forgotten_by(relief, one, *EVERY)  # the determinations without it have not come yet
    assert await relief.relief_ids() == [one]
    await relief.take(a_snapshot("A", 2))
    await forgotten_by(relief, one)
    assert await relief.relief_ids() == []


async def test_nothing_that_a_determination_says_changes_what_is_being_sealed(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    one = await ordered(relief, standing_order)
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    before = await relief.kinds()
    await relief.take(a_snapshot("A", 2, of_both("not_eligible")))
    assert await relief.kinds() == before


DISCLOSING = ("record/d1", "record/c1", "BA123456", "1998-04-02", "HS 11359")


async def test_what_refers_to_another_row_is_found_by_an_index_when_that_is_erased(relief: Relief) -> None:
    """Postgres looks for it with each row that it deletes, and would read the whole table."""
    rows = await relief.service.database.pool.fetch(
        """SELECT conrelid::regclass::text || '.' || attname AS refers FROM pg_constraint
           JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
           WHERE contype = 'f' AND confrelid = 'reliefs'::regclass AND NOT EXISTS (
               SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1])"""
    )
    assert [row["refers"] for row in rows] == []
