"""HTTP requests that should come again later: told so, told when, and nothing of them is kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

import httpx
import pytest

from reliefstream_contracts.identifiers import CountyName
from services.chassis.runtime.database import Database
from services.ingest.admission.admission import Admission
from services.ingest.admission.fair_shares import InFlight
from services.ingest.core.counties import intake
from services.ingest.profiles.counties import SendingCounty
from tests.ingest.admitted import admission
from tests.ingest.applications import application
from tests.ingest.rows import case_bytes

pytestmark = pytest.mark.servers
COUNTIES = ("los-angeles", "yolo")
COUNTIES_SENDING = {
    CountyName(name): SendingCounty(intake(CountyName(name), ()), ZoneInfo("America/Los_Angeles"))
    for name in COUNTIES
}


@asynccontextmanager
async def at(database: Database, admitting: Admission) -> AsyncIterator[httpx.AsyncClient]:
    tokens = {name: f"{name}-token" for name in COUNTIES}
    app = application(COUNTIES_SENDING, database.transaction, tokens, admitting=admitting)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://ingest") as http:
        yield http


async def send(
    http: httpx.AsyncClient, county: str, *, body: bytes | AsyncIterator[bytes] | None = None
) -> httpx.Response:
    return await http.post(
        f"/v1/counties/{county}/records",
        content=case_bytes() if body is None else body,
        headers={"content-type": "application/json", "authorization": f"Bearer {county}-token"},
    )


def full_of(county: str, records: int) -> InFlight:
    in_flight = InFlight(seconds=1, least=10)
    in_flight.came_in(county, records, 0.0)
    return in_flight


async def test_a_county_that_filled_the_limit_is_told_when_to_come_again(database: Database) -> None:
    async with at(database, admission(full_of("los-angeles", 15))) as http:
        answer = await send(http, "los-angeles")
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_in_flight")
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) >= 1
        assert f"in {answer.headers['retry-after']} seconds" in answer.json()["detail"]
        assert (await send(http, "yolo")).status_code != 429, "another county comes in"
    assert await database.pool.fetchval("SELECT count(*) FROM outbox") == 1, "of the one that came in"


async def test_services_that_make_no_progress_stop_everybody_in_the_end(database: Database) -> None:
    async with at(database, admission(full_of("los-angeles", 20))) as http:
        assert {(await send(http, county)).status_code for county in COUNTIES} == {429}


async def test_what_comes_in_over_http_counts(database: Database) -> None:
    async with at(database, admission(full_of("los-angeles", 9))) as http:
        assert (await send(http, "los-angeles")).status_code != 429
        assert (await send(http, "los-angeles")).status_code == 429


async def test_a_body_that_comes_while_others_are_at_work_finds_the_room_that_is_left(
    database: Database,
) -> None:
    admitting = admission(county_bytes=5_000, all_bytes=6_000)
    async with at(database, admitting) as http:
        with admitting.request("los-angeles") as held:
            held.grow(4_900)
            own = await send(http, "los-angeles")
            assert (own.status_code, own.json()["code"], own.headers["retry-after"]) == (
                429,
                "bodies_full",
                "2",
            )
            others = await send(http, "yolo", body=b"x" * 3_000)
            assert (others.status_code, others.json()["code"]) == (503, "intake_busy")
            assert others.headers["retry-after"] == "2"
        assert (await send(http, "los-angeles")).status_code == 200, "the room is given back"


async def test_a_body_without_a_length_is_counted_as_it_comes(database: Database) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"x" * 1000

    async with at(database, admission(county_bytes=5_000)) as http:
        assert (await send(http, "los-angeles", body=endless())).status_code == 429
        assert (await send(http, "los-angeles")).status_code == 200


async def test_a_county_has_so_many_requests_at_a_time(database: Database) -> None:
    admitting = admission(requests=1)
    async with at(database, admitting) as http:
        with admitting.request("los-angeles"):
            assert (await send(http, "los-angeles")).json()["code"] == "bodies_full"
            assert (await send(http, "yolo")).status_code != 429
        assert (await send(http, "los-angeles")).status_code == 200
