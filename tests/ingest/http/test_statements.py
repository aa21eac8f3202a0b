"""Statements of fact over HTTP: answered at once, each for itself, by the office that knows the fact."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio

from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.statements import FactStated
from services.chassis.http.application import Application
from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account, Directory
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Work
from services.ingest.app import ROUTERS
from services.ingest.http.bodies import Limits
from services.ingest.http.dependencies import Dependencies, Intake
from services.ingest.profiles.counties import SendingCounty
from services.ingest.statements.request import MOST
from tests.ingest.admitted import admission
from tests.ingest.conftest import FixedClock
from tests.ingest.rows import HASH, LA

pytestmark = pytest.mark.servers

TOP = "/v1/counties/los-angeles/statements"
COUNT = {
    "count": "court/los-angeles/C1/1",
    "section": "HS 11358",
    "disposed_on": "1994-05-06",
    "case_number": "BA012345",
}
PLANTS = {
    "basis": "police report, page 3",
    "counts": [COUNT],
    "facts": [{"fact": "plants", "value": "at_most_six"}],
}
LEVEL = PLANTS | {"facts": [{"fact": "level", "value": "felony"}]}


def directory() -> Directory:
    """A deputy, a clerk, a city's attorney and a records unit of Los Angeles, and a clerk of San Joaquin."""
    accounts = [
        Account("da-1", "person", (Grant("district_attorney", "los-angeles"),)),
        Account("da-2", "person", (Grant("district_attorney", "los-angeles"),)),
        Account("cl-1", "person", (Grant("clerk", "los-angeles"),)),
        Account("ca-1", "person", (Grant("city_attorney", "los-angeles", "Torrance"),)),
        Account("ru-1", "person", (Grant("records_unit", "los-angeles"),)),
        Account("sj-1", "person", (Grant("clerk", "san-joaquin"),)),
    ]
    return Directory({hashlib.sha256(one.account.encode()).hexdigest(): one for one in accounts})


@pytest.fixture
def published() -> list[FactStated]:
    """What committed transactions emitted."""
    return []


@pytest_asyncio.fixture
async def http(database: Database, published: list[FactStated]) -> AsyncIterator[httpx.AsyncClient]:
    @asynccontextmanager
    async def transaction() -> AsyncIterator[Work]:
        async with database.transaction() as work:
            yield work
        published.extend(event for event, *_ in work.emitted if isinstance(event, FactStated))

    numbers = iter(range(1, 1000))
    counties = {CountyName("los-angeles"): SendingCounty(LA, ZoneInfo("America/Los_Angeles"))}
    intake = Intake(lambda: f"r{next(numbers)}", FixedClock().now, Limits(9, 9, 9), admission())
    app = Application("ingest", ROUTERS, [Dependencies(counties, transaction, HASH), intake], directory())
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://ingest") as client:
        yield client


async def state(http: httpx.AsyncClient, body: Any, by: str = "da-1", **headers: str) -> httpx.Response:
    return await http.post(TOP, json=body, headers={"authorization": f"Bearer {by}"} | headers)


def codes(answer: httpx.Response) -> list[str]:
    return [each["code"] for one in answer.json()["statements"] for each in one["problems"]]


async def test_a_statement_is_recorded_and_goes_out_with_who_stated_it(
    http: httpx.AsyncClient, database: Database, published: list[FactStated]
) -> None:
    answer = await state(http, PLANTS | {"statement_id": "S1"})
    assert (answer.status_code, answer.json()["recorded"]) == (200, 1)
    (event,) = published
    assert (event.stated_by.role, event.stated_by.account, event.revision) == ("district_attorney", "da-1", 1)
    assert event.stated_on == FixedClock().today()
    async with database.pool.acquire() as db:
        (row,) = await db.fetch("SELECT who, role, act, object FROM audit_log")
    assert tuple(row) == ("da-1", "district_attorney", "state_facts", "statement/los-angeles/S1/1")


async def test_a_count_without_a_charge_is_stated_as_its_question_shows_it(
    http: httpx.AsyncClient, published: list[FactStated]
) -> None:
    bare = {"count": COUNT["count"]}
    for number, count in enumerate((bare, bare | {"section": ""})):
        answer = await state(http, PLANTS | {"statement_id": f"S{number}", "counts": [count]})
        assert answer.json()["recorded"] == 1, answer.text
    assert [one.section for event in published for one in event.counts] == ["", ""]


async def test_the_same_sent_twice_is_a_repeat_by_id_and_by_idempotency_key(
    http: httpx.AsyncClient, published: list[FactStated]
) -> None:
    first = await state(http, PLANTS, **{"idempotency-key": "k"})
    again = await state(http, PLANTS, **{"idempotency-key": "k"})
    named = await state(http, PLANTS | {"statement_id": first.json()["statements"][0]["statement_id"]})
    assert [one.json()["repeats"] for one in (first, again, named)] == [0, 1, 1]
    assert len(published) == 1
    other = await state(http, LEVEL, **{"idempotency-key": "k"})
    assert (other.status_code, codes(other)) == (409, ["revision_taken"])


async def test_it_is_revised_and_withdrawn_by_id_and_revision_by_its_own_office(
    http: httpx.AsyncClient, published: list[FactStated]
) -> None:
    await state(http, PLANTS | {"statement_id": "S1"})
    more = PLANTS | {
        "statement_id": "S1",
        "revision": 2,
        "facts": [{"fact": "plants", "value": "more_than_six"}],
    }
    assert (await state(http, more, by="da-2")).status_code == 200
    early = await state(http, PLANTS | {"statement_id": "S1", "revision": 4})
    taken = await state(http, PLANTS | {"statement_id": "S1", "revision": 2})
    assert [(one.status_code, codes(one)) for one in (early, taken)] == [
        (409, ["revision_gap"]),
        (409, ["revision_taken"]),
    ]
    assert "3" in taken.json()["detail"]
    assert (await state(http, {"statement_id": "S1", "revision": 3, "withdrawn": True})).status_code == 200
    events = published
    assert [(one.revision, one.withdrawn, one.stated_by.account) for one in events] == [
        (1, False, "da-1"),
        (2, False, "da-2"),
        (3, True, "da-1"),
    ]
    assert events[2].facts == events[1].facts
    shown = await http.get(f"{TOP}/S1", headers={"authorization": "Bearer da-1"})
    assert [one["revision"] for one in shown.json()["revisions"]] == [1, 2, 3]


async def test_who_may_state_a_fact_stands_with_the_fact(http: httpx.AsyncClient) -> None:
    refused = await state(http, PLANTS, by="cl-1")
    assert (refused.status_code, codes(refused)) == (403, ["not_this_office"])
    assert "district attorney or city attorney" in refused.json()["detail"]
    assert (await state(http, LEVEL | {"statement_id": "L"}, by="cl-1")).status_code == 200
    assert (await state(http, LEVEL, by="ru-1")).status_code == 403
    assert (await state(http, LEVEL, by="sj-1")).status_code == 403
    another = await state(http, {"statement_id": "L", "revision": 2, "withdrawn": True})
    assert (another.status_code, codes(another)) == (403, ["another_office"])


async def test_a_city_attorney_s_statement_tells_the_city_and_is_seen_by_it_and_the_county(
    http: httpx.AsyncClient, published: list[FactStated]
) -> None:
    await state(http, PLANTS | {"statement_id": "T"}, by="ca-1")
    await state(http, PLANTS | {"statement_id": "D"}, by="da-1")
    (_, own) = sorted(published, key=lambda one: one.statement_id)
    assert own.stated_by.city == "Torrance"
    seen = {}
    for who in ("ca-1", "da-1"):
        found = (await http.get(TOP, headers={"authorization": f"Bearer {who}"})).json()
        seen[who] = [one["statement_id"] for one in found["statements"]]
    assert seen == {"ca-1": ["T"], "da-1": ["D", "T"]}


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "another county's count": (
        PLANTS | {"counts": [COUNT | {"count": "court/yolo/C1/1"}]},
        "another_county",
        "counts[0].count",
    ),
    "no count's key": (PLANTS | {"counts": [COUNT | {"count": "C1"}]}, "not_a_count", "counts[0].count"),
    "a count twice": (PLANTS | {"counts": [COUNT, COUNT]}, "count_twice", "counts[1].count"),
    "no counts": (PLANTS | {"counts": []}, "no_counts", "counts"),
    "an unknown fact": (
        PLANTS | {"facts": [{"fact": "colour", "value": "green"}]},
        "unknown_fact",
        "facts[0].fact",
    ),
    "a rap sheet": (
        PLANTS | {"facts": [{"fact": "rap_sheet", "value": "nothing_more"}]},
        "unknown_fact",
        "facts[0].fact",
    ),
    "no such value": (
        PLANTS | {"facts": [{"fact": "plants", "value": "five"}]},
        "impossible_value",
        "facts[0].value",
    ),
    "no day": (
        LEVEL | {"facts": [{"fact": "charge_date", "value": "before 2010-05-01"}]},
        "not_a_day",
        "facts[0].value",
    ),
    "a day to come": (
        LEVEL | {"facts": [{"fact": "charge_date", "value": "2031-01-01"}]},
        "impossible_day",
        "facts[0].value",
    ),
    "no basis": ({key: PLANTS[key] for key in ("counts", "facts")}, "no_basis", "basis"),
    "a huge text": (PLANTS | {"basis": "x" * 501}, "invalid_statement", "basis"),
    "an unknown field": (PLANTS | {"by": "me"}, "invalid_statement", "by"),
    "a number as an id": (PLANTS | {"statement_id": "123-45-6789"}, "private_number", "statement_id"),
    "nothing to withdraw": ({"statement_id": "S9", "withdrawn": True}, "unknown_statement", "statement_id"),
}


async def test_what_is_wrong_is_answered_with_the_field_and_what_to_do(
    http: httpx.AsyncClient, published: list[FactStated]
) -> None:
    for name, (body, code, field) in BAD.items():
        answer = await state(http, body)
        (problem,) = answer.json()["statements"][0]["problems"]
        assert (answer.status_code, problem["code"], problem["path"]) == (422, code, field), name
        assert problem["what"] and problem["remedy"]
    assert published == []


async def test_one_bad_line_of_a_list_does_not_hold_up_the_others(
    http: httpx.AsyncClient, published: list[FactStated]
) -> None:
    revised = PLANTS | {"statement_id": "S1", "revision": 2, "basis": "court file, page 9"}
    answer = await state(http, [PLANTS | {"statement_id": "S1"}, revised, {"basis": 5}, "x"])
    told = answer.json()
    assert answer.status_code == 200
    assert [one["status"] for one in told["statements"]] == ["recorded", "recorded", "refused", "refused"]
    assert len(published) == 2


async def test_too_many_at_a_time_are_refused_with_the_way_to_send_them(http: httpx.AsyncClient) -> None:
    many = await state(http, [PLANTS] * (MOST + 1))
    assert (many.status_code, many.json()["code"]) == (413, "number_of_statements")
    assert "reliefstream statement import" in many.json()["detail"]
    assert (await state(http, [])).status_code == 422


async def test_a_social_security_number_is_taken_out_of_the_basis_before_anything_is_stored(
    http: httpx.AsyncClient, database: Database, published: list[FactStated]
) -> None:
    await state(http, PLANTS | {"basis": "booking sheet, SSN 123-45-6789, page 2"})
    (event,) = published
    assert "123-45-6789" not in event.basis
    async with database.pool.acquire() as db:
        kept = await db.fetchval("SELECT string_agg(convert_from(body, 'UTF8'), '') FROM statements")
        why = await db.fetchval("SELECT string_agg(text, '') FROM audit_texts")
    assert "123-45-6789" not in kept + why


async def test_pages_and_an_unknown_county(http: httpx.AsyncClient) -> None:
    await state(http, [PLANTS | {"statement_id": f"S{number}"} for number in range(3)])
    first = (await http.get(TOP, params={"limit": 2}, headers={"authorization": "Bearer ru-1"})).json()
    rest = (
        await http.get(TOP, params={"after": first["next"]}, headers={"authorization": "Bearer ru-1"})
    ).json()
    ids = [one["statement_id"] for page in (first, rest) for one in page["statements"]]
    assert (ids, rest["next"]) == (["S0", "S1", "S2"], None)
    unknown = await http.get(
        "/v1/counties/los-angeles/statements/none", headers={"authorization": "Bearer ru-1"}
    )
    assert unknown.status_code == 404
