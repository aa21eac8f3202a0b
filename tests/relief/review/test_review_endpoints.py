"""Reviews over HTTP, against a real Postgres: queue, decisions, signatures, and what happens when two act at once."""

import asyncio
import csv
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from prometheus_client import REGISTRY

from reliefstream_contracts.determinations import Determination
from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account, Directory, sha256
from services.relief.review.claims import expire_claims
from services.relief.review.measure import measure
from tests.relief.builders import TODAY, a_determination, a_snapshot, a_subject
from tests.relief.conftest import TOKEN, FixedClock, Relief

pytestmark = pytest.mark.servers
REVIEWS = "/v1/counties/los-angeles/reviews"
COUNTY = "los-angeles"
ACCOUNTS = {
    TOKEN: (Grant("operator"),),
    "preparer": (Grant("district_attorney", COUNTY),),
    "signer": (Grant("district_attorney", COUNTY, signer=True),),
    "signer-2": (Grant("district_attorney", COUNTY, signer=True),),
    "burbank": (Grant("city_attorney", COUNTY, "Burbank", signer=True),),
    "burbank-2": (Grant("city_attorney", COUNTY, "Burbank", signer=True),),
    "torrance": (Grant("city_attorney", COUNTY, "Torrance", signer=True),),
    "clerk": (Grant("clerk", COUNTY),),
    "fresno": (Grant("district_attorney", "fresno", signer=True),),
    "fresno-preparer": (Grant("district_attorney", "fresno"),),
}


@dataclass
class Offices:
    """The service, with a person of each office; a token is its account's name."""

    relief: Relief
    http: httpx.AsyncClient

    async def get(self, who: str, path: str = "", **query: Any) -> httpx.Response:
        return await self.http.get(f"{REVIEWS}{path}", params=query, headers=signed_in(who))

    async def act(self, who: str, verb: str, lines: list[Any], key: str = "", **body: Any) -> httpx.Response:
        body["lines"] = [{"review_id": each["review_id"], "digest": each["digest"]} for each in lines]
        headers = signed_in(who) | ({"Idempotency-Key": key} if key else {})
        return await self.http.post(f"{REVIEWS}/{verb}", json=body, headers=headers)

    async def queue(self, who: str = "preparer", **query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.get(who, **query)).json()["reviews"]
        return found

    async def sign(self, lines: list[Any], who: str = "signer", key: str = "") -> httpx.Response:
        """Signs them as the queue shows them now; what it shows no more, as it was shown."""
        now: dict[str, Any] = {}
        after = ""
        while after is not None:
            page = (await self.get(who, limit=1000, after=after)).json()
            now |= {each["review_id"]: each for each in page["reviews"]}
            after = page["next"]
        return await self.act(who, "sign", [now.get(each["review_id"], each) for each in lines], key)

    async def dismiss(self, lines: list[Any], who: str = "preparer", key: str = "") -> httpx.Response:
        return await self.act(who, "decide", lines, key, decision="dismissal", reason_code="file_reviewed")


def signed_in(who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}"}


@pytest_asyncio.fixture
async def offices(relief: Relief) -> AsyncIterator[Offices]:
    application = relief.service.application()
    application.state.accounts = Directory(
        {sha256(name): Account(name, "person", grants) for name, grants in ACCOUNTS.items()}
    )
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://relief") as client:
        yield Offices(relief, client)


def doubtful(*counts: str, **facts: Any) -> Determination:
    return a_determination(*counts, **({"outcome": "needs_review", "reason": "unknown_level"} | facts))


async def take(offices: Offices, *determinations: Determination, version: int = 1) -> None:
    await offices.relief.take(a_snapshot("A", version, *determinations))


async def test_a_decision_goes_from_the_queue_through_two_people_to_the_courts_list(offices: Offices) -> None:
    await take(offices, doubtful("d1"))
    (review,) = await offices.queue()
    assert (review["state"], review["office"], review["due_on"]) == (
        "open",
        "district_attorney",
        "2026-12-22",
    )
    assert (await offices.dismiss([review])).json()["results"] == {"done": 1}
    assert await offices.relief.kinds() == []
    assert (await offices.sign([review])).json()["results"] == {"done": 1}
    events = await offices.relief.events()
    assert [kind for kind, _ in events] == ["review.decided", "relief.proposed"]
    decided, proposed = (body for _, body in events)
    assert decided["decided_by"] == {"role": "district_attorney", "account": "preparer"}
    assert decided["signed_by"] == {"role": "district_attorney", "account": "signer"}
    assert proposed["rests_on"] == f"{review['review_id']}/1"
    listed = (await offices.relief.post(f"/v1/counties/{COUNTY}/proposed-orders")).json()["lines"]
    assert [line["relief"] for line in listed] == ["dismissal"]
    traces = {dict(message.headers)["ce_traceparent"] for message in await offices.relief.outgoing()}
    assert traces == {f"00-{'1' * 32}-{'2' * 16}-01".encode()}, (
        "all of it is on the trace of the record that asked"
    )
    assert await offices.queue() == []
    history = (await offices.get("clerk", f"/{review['review_id']}/history")).json()["acts"]
    assert [(each["act"], each["account"]) for each in history] == [
        ("prepare", "preparer"),
        ("sign", "signer"),
    ]


async def test_what_is_past_its_day_is_counted_for_the_supervisor_by_county_and_office(
    offices: Offices,
) -> None:
    await take(offices, doubtful("d1"), doubtful("d2", route="city_attorney", city="Burbank"))
    overdue, _ = await offices.queue()
    async with offices.relief.service.transaction() as work:
        await work.db.execute(
            "UPDATE reviews SET due_on = $1 WHERE review_id = $2",
            TODAY - timedelta(days=1),
            UUID(overdue["review_id"]),
        )
        await measure(offices.relief.counties, FixedClock())(work)

    def counted(office: str, due: str) -> float | None:
        labels = {"county": COUNTY, "office": office, "due": due}
        return REGISTRY.get_sample_value("reliefstream_open_reviews", labels)

    other = {"city_attorney": "district_attorney", "district_attorney": "city_attorney"}[overdue["office"]]
    assert (counted(overdue["office"], "overdue"), counted(other, "in time")) == (1, 1)


async def test_a_standing_order_reaches_a_decision_only_where_its_scope_says_so(
    offices: Offices, standing_order: dict[str, str]
) -> None:
    await take(offices, doubtful("d1"))
    (review,) = await offices.queue()
    path = f"/v1/counties/{COUNTY}/standing-orders"
    await offices.relief.put_in_force(path, **standing_order)
    await offices.dismiss([review])
    await offices.sign([review])
    await offices.relief.job()
    assert "relief.ordered" not in await offices.relief.kinds()
    await offices.relief.post(f"{path}/end", number="SO-1")
    await offices.relief.put_in_force(path, **{**standing_order, "number": "SO-2"}, covers_decisions=True)
    await offices.relief.job()
    assert "relief.ordered" in await offices.relief.kinds()


async def test_a_changed_determination_is_412_and_says_what_changed(offices: Offices) -> None:
    await take(offices, doubtful("d1"))
    shown = await offices.queue()
    await take(offices, doubtful("d1", section="HS 11358"), version=2)
    refused = await offices.dismiss(shown)
    assert (refused.status_code, refused.json()["code"]) == (412, "determination_changed")
    assert "(conviction)" in refused.json()["detail"]


async def test_of_two_who_decide_at_once_one_is_told_that_the_other_has(offices: Offices) -> None:
    await take(offices, doubtful("d1"))
    shown = await offices.queue()
    answers = await asyncio.gather(*(offices.dismiss(shown, who) for who in ("preparer", "signer")))
    assert sorted(each.status_code for each in answers) == [200, 412]
    assert {each.json().get("code") for each in answers} == {None, "prepared_anew"}
    signing = await asyncio.gather(*(offices.sign(shown, "signer-2") for _ in range(2)))
    assert sorted(each.status_code for each in signing) == [200, 409]
    assert (await offices.relief.kinds()).count("relief.proposed") == 1


async def test_what_is_prepared_anew_after_the_signer_looked_is_not_signed(offices: Offices) -> None:
    await take(offices, doubtful("d1"))
    await offices.dismiss(await offices.queue())
    shown = await offices.queue("signer")
    petition = {"decision": "petition", "reason_code": "file_reviewed"}
    again = await offices.act("preparer", "decide", shown, **petition)
    assert again.json()["results"] == {"done": 1}, "its preparer looked at what it replaces"
    refused = await offices.act("signer", "sign", shown)
    assert (refused.status_code, refused.json()["code"]) == (412, "prepared_anew")
    assert await offices.relief.kinds() == []
    assert (await offices.sign(shown)).json()["results"] == {"done": 1}
    (decided,) = [body for _, body in await offices.relief.events()]
    assert decided["decision"] == "petition"


async def test_the_csv_says_what_is_prepared_and_its_lines_are_signed_as_they_are(offices: Offices) -> None:
    await take(offices, doubtful("d1"))
    less = {"decision": "redesignation", "redesignated_to": "infraction", "reason_code": "file_reviewed"}
    await offices.act("preparer", "decide", await offices.queue(), **less)
    (line,) = csv.DictReader((await offices.get("signer", "/export")).text.splitlines())
    said = {name: line[name] for name in ("decision", "redesignated_to", "decision_reason")}
    assert tuple(said.values()) == ("redesignation", "infraction", "file_reviewed")
    assert (await offices.act("signer", "sign", [line])).json()["results"] == {"done": 1}


async def test_sent_twice_with_one_key_it_is_done_once(offices: Offices) -> None:
    await take(offices, doubtful("d1"))
    shown = await offices.queue()
    await offices.dismiss(shown, key="k1")
    assert (await offices.dismiss(shown, key="k1")).json()["results"] == {"done_before": 1}
    await offices.sign(shown, key="k2")
    assert (await offices.sign(shown, key="k2")).json()["results"] == {"done_before": 1}
    assert (await offices.relief.kinds()).count("review.decided") == 1


async def test_a_key_that_came_with_another_act_is_refused(offices: Offices) -> None:
    await take(offices, doubtful("d1"), doubtful("d2"))
    shown = await offices.queue()
    petition = {"decision": "petition", "reason_code": "file_reviewed"}
    await offices.act("preparer", "decide", shown, "k1", **petition)
    for answer in (
        await offices.dismiss(shown[:1], key="k1"),
        await offices.act("preparer", "challenge", shown[:1], "k1", reason_code="other"),
        await offices.act("preparer", "claim", shown[:1], "k1"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")
    assert (await offices.dismiss(shown, key="k1")).json()["results"] == {"refused": 2}
    again = await offices.act("preparer", "decide", shown, "k1", **petition)
    assert again.json()["results"] == {"done_before": 2}


async def test_who_prepared_does_not_sign_and_who_only_prepares_is_not_let_in(offices: Offices) -> None:
    await take(offices, doubtful("d1"))
    shown = await offices.queue()
    await offices.dismiss(shown, "signer")
    own = await offices.sign(shown)
    assert (own.status_code, own.json()["code"]) == (409, "own_decision")
    assert (await offices.act("preparer", "sign", shown)).status_code == 403


async def test_a_city_attorney_sees_and_decides_its_own_citys_only(offices: Offices) -> None:
    of_burbank = doubtful("d1", route="city_attorney", city="Burbank")
    await take(offices, of_burbank, doubtful("d2"))
    (review,) = await offices.queue("burbank")
    assert await offices.queue("torrance") == []
    assert (await offices.get("torrance", f"/{review['review_id']}")).status_code == 404
    assert (await offices.dismiss([review], "torrance")).status_code == 404
    assert (await offices.dismiss([review], "preparer")).status_code == 404
    assert (await offices.dismiss([review], "burbank")).status_code == 200
    assert (await offices.get("fresno")).status_code == 403
    assert len(await offices.queue("clerk")) == 2


async def test_holding_against_a_person_is_a_challenge_before_the_court(offices: Offices) -> None:
    await take(offices, doubtful("d1"))
    shown = await offices.queue()
    await offices.act("preparer", "challenge", shown, reason_code="ineligible")
    assert await offices.relief.kinds() == []
    await offices.sign(shown)
    assert await offices.relief.kinds() == ["review.decided", "relief.proposed", "relief.challenged"]
    (relief_id,) = await offices.relief.relief_ids()
    await offices.relief.post(f"/v1/reliefs/{relief_id}/challenge/resolve", outcome="overruled")
    assert (await offices.relief.http.get(f"/v1/reliefs/{relief_id}")).json()["state"] == "overruled"


async def test_a_referral_and_a_hold_need_no_signature_and_are_told(offices: Offices) -> None:
    await take(offices, doubtful("d1"))
    (review,) = await offices.queue()
    held = {"until": "2027-01-04", "reason_code": "file_ordered"}
    await offices.act("preparer", "hold", [review], **held)
    referred = {"office": "clerk", "reason_code": "file_missing", "note": "the docket, please"}
    assert (await offices.act("preparer", "refer", [review], **referred)).status_code == 200
    (now,) = await offices.queue("clerk", office="clerk", held="no")
    assert now["note"] == "the docket, please"
    assert (await offices.act("clerk", "hold", [review], **held)).status_code == 200
    assert await offices.queue("clerk", held="no") == []
    back = await offices.act("clerk", "send-back", [review], note="here it is")
    assert back.json()["results"] == {"done": 1}
    (again,) = await offices.queue(office="district_attorney", held="no")
    assert (again["why"], again["note"]) == ("sent_back", "here it is")
    assert await offices.relief.kinds() == ["review.decided"] * 3
    passed = await offices.act("preparer", "hold", [review], until=TODAY.isoformat(), reason_code="x")
    assert (passed.status_code, passed.json()["code"]) == (422, "day_passed")


async def test_next_claims_the_first_due_that_is_free(offices: Offices) -> None:
    await take(offices, doubtful("d1"), doubtful("d2"))
    first, second = await offices.queue()
    answers = [
        (await offices.http.post(f"{REVIEWS}/next", headers=signed_in(who))).json()["review"]
        for who in ("preparer", "signer", "signer-2")
    ]
    assert [each and each["review_id"] for each in answers] == [first["review_id"], second["review_id"], None]
    taken = await offices.act("signer", "claim", [first])
    assert (taken.status_code, taken.json()["code"]) == (409, "claimed")
    assert [each["review_id"] for each in await offices.queue(claimed="mine")] == [first["review_id"]]


async def test_next_passes_over_what_waits_for_a_signature(offices: Offices) -> None:
    await take(offices, doubtful("d1"), doubtful("d2"))
    first, second = await offices.queue()
    assert (await offices.dismiss([first])).status_code == 200
    found = (await offices.http.post(f"{REVIEWS}/next", headers=signed_in("signer"))).json()["review"]
    assert found["review_id"] == second["review_id"]


async def test_a_claim_expires_after_the_countys_days_and_its_history_says_so(offices: Offices) -> None:
    await take(offices, doubtful("d1"), doubtful("d2"))
    old, new = await offices.queue()
    await offices.act("preparer", "claim", [old, new])
    pool = offices.relief.service.database.pool
    await pool.execute(
        "UPDATE reviews SET claimed_at = claimed_at - interval '8 days' WHERE review_id = $1",
        old["review_id"],
    )
    async with offices.relief.service.transaction() as work:
        assert not await expire_claims(offices.relief.counties)(work)
    assert [each["review_id"] for each in await offices.queue(claimed="no")] == [old["review_id"]]
    history = (await offices.get("preparer", f"/{old['review_id']}/history")).json()["acts"]
    assert [(each["act"], each["account"]) for each in history] == [
        ("claim", "preparer"),
        ("claim_expired", None),
    ]
    assert (await offices.act("signer", "claim", [old])).json()["results"] == {"done": 1}


async def test_another_county_decides_what_was_referred_to_it_by_a_day_of_its_own(offices: Offices) -> None:
    await take(offices, doubtful("d1"))
    (review,) = await offices.queue()
    asked = {"office": "district_attorney", "reason_code": "their_case", "note": "your deputy tried it"}
    assert (await offices.act("preparer", "refer", [review], county="fresno", **asked)).status_code == 200
    assert await offices.queue() == []
    elsewhere = "/v1/counties/fresno/reviews"
    there = await offices.http.get(elsewhere, headers=signed_in("fresno"))
    (now,) = there.json()["reviews"]
    assert now["due_on"] >= review["due_on"]
    line = {"review_id": now["review_id"], "digest": now["digest"]}
    body = {"lines": [line], "decision": "dismissal", "reason_code": "file_reviewed"}
    await offices.http.post(f"{elsewhere}/decide", json=body, headers=signed_in("fresno-preparer"))
    (prepared,) = (await offices.http.get(elsewhere, headers=signed_in("fresno"))).json()["reviews"]
    line["digest"] = prepared["digest"]
    late = await offices.act("signer", "sign", [review])
    assert late.status_code == 404, "it is no longer this county's to sign"
    signed = await offices.http.post(f"{elsewhere}/sign", json={"lines": [line]}, headers=signed_in("fresno"))
    assert signed.json()["results"] == {"done": 1}
    (proposed,) = [body for kind, body in await offices.relief.events() if kind == "relief.proposed"]
    assert proposed["conviction"]["county"] == COUNTY


async def test_a_motion_on_what_the_standing_order_has_reached_meanwhile_is_refused(
    offices: Offices, standing_order: dict[str, str]
) -> None:
    await offices.relief.put_in_force(f"/v1/counties/{COUNTY}/standing-orders", **standing_order)
    await take(offices, doubtful("d1"))
    (review,) = await offices.queue()
    await offices.dismiss([review])
    (prepared,) = await offices.queue()
    await take(offices, a_determination("d1"), version=2)
    assert "relief.ordered" in await offices.relief.kinds()
    late = await offices.act("signer", "sign", [prepared])
    assert (late.status_code, late.json()["code"]) == (409, "not_prepared")
    again = await offices.dismiss([prepared])
    assert (again.status_code, again.json()["code"]) == (409, "not_waiting")
    assert "closed: dismissal" in again.json()["detail"]
    assert (await offices.relief.kinds()).count("relief.ordered") == 1


async def test_a_bulk_of_5000_is_done_where_unchanged_and_lists_the_rest(offices: Offices) -> None:
    determinations = [doubtful(f"d{number}", case_number=f"BA{number}") for number in range(5000)]
    await offices.relief.take(a_snapshot("A", 1, *determinations))
    shown: list[Any] = []
    after = ""
    while after is not None:
        page = (await offices.get("preparer", limit=1000, after=after)).json()
        shown += page["reviews"]
        after = page["next"]
    assert len({each["review_id"] for each in shown}) == 5000
    changed = [
        doubtful("d7", case_number="BA7", level="misdemeanor"),
        a_determination("d8", case_number="BA8"),
    ]
    await offices.relief.take(a_snapshot("A", 2, *determinations[:7], *changed, *determinations[9:]))
    answer = (await offices.dismiss(shown, key="bulk")).json()
    assert answer["results"] == {"changed": 1, "done": 4998, "refused": 1}
    assert {each["code"] for each in answer["not_done"]} == {"determination_changed", "not_waiting"}
    signed = (await offices.sign(shown)).json()
    assert signed["results"] == {"done": 4998, "refused": 2}
    assert (await offices.relief.kinds()).count("relief.proposed") == 4999


async def test_counts_by_filter_and_the_queue_as_csv(offices: Offices) -> None:
    await take(
        offices, doubtful("d1"), doubtful("d2", section="HS 11358", route="city_attorney", city="Burbank")
    )
    counts = (await offices.get("clerk", "/counts")).json()["counts"]
    assert counts["section"] == {"HS 11358": 1, "HS 11359": 1}
    assert counts["city"] == {"Burbank": 1}
    assert counts["total"]["number"] == 2
    lines = (await offices.get("burbank", "/export")).text.splitlines()
    assert (len(lines), lines[0].split(",")[:2]) == (2, ["review_id", "digest"])
    assert len(await offices.queue("clerk", section="HS 11358", due="2027-01-01")) == 1
    waiting = [len(await offices.queue("clerk", since=day)) for day in ("2020-01-01", "2099-01-01")]
    assert waiting == [0, 2], "since that day, or longer"


async def test_one_act_halts_all_ordering_in_a_county_and_one_resumes_it(
    offices: Offices, standing_order: dict[str, str]
) -> None:
    path = f"/v1/counties/{COUNTY}"
    await offices.relief.put_in_force(f"{path}/standing-orders", **standing_order)
    halted = await offices.http.post(
        f"{path}/ordering/halt", json={"reason": "a wrong list"}, headers=signed_in("clerk")
    )
    assert halted.json()["halted"]
    await take(offices, a_determination("d1"))
    await offices.relief.job()
    await offices.relief.post(f"{path}/proposed-orders")
    order = {"order_number": "BO-7", "judge": "M. Ortiz", "on": TODAY.isoformat()}
    refused = await offices.relief.post("/v1/proposed-orders/los-angeles-1/enter", **order)
    assert (refused.status_code, refused.json()["code"]) == (409, "ordering_halted")
    assert await offices.relief.kinds() == ["relief.proposed"]
    await offices.http.post(f"{path}/ordering/resume", headers=signed_in("clerk"))
    await offices.relief.job()
    assert await offices.relief.kinds() == ["relief.proposed", "relief.ordered"]


async def test_each_act_and_each_look_is_in_the_audit_log(offices: Offices) -> None:
    await take(offices, doubtful("d1"))
    (review,) = await offices.queue()
    await offices.get("clerk", f"/{review['review_id']}")
    await offices.dismiss([review])
    rows = await offices.relief.service.database.pool.fetch(
        "SELECT who, act, outcome FROM audit_log ORDER BY id"
    )
    assert [tuple(row) for row in rows] == [
        ("clerk", "show_review", "shown"),
        ("preparer", "review_prepare", "done"),
    ]


async def test_a_city_attorney_has_the_reliefs_lists_and_persons_of_its_city_and_no_others(
    offices: Offices,
) -> None:
    of_burbank = doubtful("d1", route="city_attorney", city="Burbank")
    await take(offices, of_burbank, a_determination("d2", case_number="BA2"))
    shown = await offices.queue("burbank")
    await offices.act("burbank", "decide", shown, decision="dismissal", reason_code="file_reviewed")
    await offices.sign(shown, "burbank-2")
    listed = (await offices.relief.post(f"/v1/counties/{COUNTY}/proposed-orders")).json()
    order_id = listed["proposed_order"]["proposed_order_id"]

    async def get(who: str, path: str, city: str = "Burbank") -> httpx.Response:
        named = {"county": COUNTY, "city": city} if path.startswith(("/v1/reliefs?", "/v1/export")) else {}
        return await offices.http.get(path.rstrip("?"), params=named, headers=signed_in(who))

    (own,) = (await get("burbank", "/v1/reliefs?")).json()["reliefs"]
    other = next(line["relief_id"] for line in listed["lines"] if line["relief_id"] != own["relief_id"])
    assert (own["conviction"]["city"], len(listed["lines"])) == ("Burbank", 2)
    (line,) = (await get("burbank", f"/v1/proposed-orders/{order_id}")).json()["lines"]
    assert line["relief_id"] == own["relief_id"]
    assert len((await get("burbank", "/v1/export/relief")).text.splitlines()) == 1
    (found,) = (await get("burbank", f"/v1/subjects/{a_subject('A')}")).json()["findings"]
    assert found["conviction"]["city"] == "Burbank"
    assert (await get("burbank", f"/v1/reliefs/{other}")).status_code == 404
    assert (await get("burbank", "/v1/reliefs?", city="Torrance")).status_code == 403
    assert (await get("torrance", "/v1/reliefs?", city="Torrance")).json()["reliefs"] == []
    for path in (
        f"/v1/reliefs/{own['relief_id']}",
        f"/v1/proposed-orders/{order_id}",
        f"/v1/subjects/{a_subject('A')}",
    ):
        assert (await get("torrance", path)).status_code == 404, path
    challenge = {"json": {"reason_code": "other"}, "headers": signed_in("torrance")}
    one = f"/v1/reliefs/{own['relief_id']}/challenge"
    assert (await offices.http.post(one, **challenge)).status_code == 404
    entered = await offices.http.post(one, **challenge | {"headers": signed_in("burbank")})
    assert entered.json()["challenge"]["by"] == "city_attorney burbank"


async def test_a_reviews_history_tells_who_was_shown_it(offices: Offices) -> None:
    await take(offices, doubtful("d1"))
    (review,) = await offices.queue()
    for _ in range(2):
        await offices.get("preparer", f"/{review['review_id']}")
    found = (await offices.get("signer", f"/{review['review_id']}/history")).json()
    looked = {(one["account"], one["role"]): one["times"] for one in found["looks"]}
    assert looked["preparer", "district_attorney"] == 2
    assert looked["signer", "district_attorney"] == 1
