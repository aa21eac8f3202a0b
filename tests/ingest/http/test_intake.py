"""The HTTP intake."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
import uvicorn

from services.chassis.http.application import Application
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Work
from services.ingest import batch
from services.ingest.http.bodies import Limits
from services.ingest.profiles.counties import SendingCounty
from tests.ingest.applications import application
from tests.ingest.rows import LA, case_bytes, header, row

pytestmark = pytest.mark.servers
COUNTIES_SENDING = {LA.county: SendingCounty(LA, ZoneInfo("America/Los_Angeles"))}
TOKENS = {"los-angeles": "la-token", "yolo": "yolo-token"}
PATH = "/v1/counties/los-angeles/records"
LIMITS = Limits(size=100_000, records=4, lines=8, seconds=0.5)


@asynccontextmanager
async def serving(app: Application) -> AsyncIterator[int]:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    server.capture_signals = nullcontext  # type: ignore[method-assign]
    task = asyncio.create_task(server.serve([listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await task


@pytest_asyncio.fixture
async def port(database: Database) -> AsyncIterator[int]:
    numbers = iter(range(1, 1000))
    app = application(
        COUNTIES_SENDING,
        database.transaction,
        TOKENS,
        new_request_id=lambda: f"r{next(numbers)}",
        limits=LIMITS,
    )
    async with serving(app) as found:
        yield found


@pytest_asyncio.fixture
async def http(port: int) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        yield client


def headers(media_type: str = "application/json", token: str = "la-token", **more: str) -> dict[str, str]:
    return {"content-type": media_type, "authorization": f"Bearer {token}"} | more


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["detail"] and body["status"] == answer.status_code
    return answer.status_code, body["code"]


async def test_a_case_a_line_of_cases_and_a_bulk_file_are_recorded(http: httpx.AsyncClient) -> None:
    one = await http.post(PATH, content=case_bytes(), headers=headers())
    assert (one.status_code, one.json()["recorded"]) == (200, 1)
    lines = case_bytes(record_id="2") + b"\n\nnot JSON\n" + case_bytes(record_id="3")
    many = (await http.post(PATH, content=lines, headers=headers("application/x-ndjson"))).json()
    assert (many["received"], many["recorded"], many["quarantined"]) == (3, 2, 1)
    assert many["receipts"][1]["problems"][0]["where"].startswith("line 3")
    file = b"\xef\xbb\xbf" + header() + b"\r\n" + row() + b"\r\n" + row(SUBJECT_ID="2") + b"\r\n"
    rows = (await http.post(PATH, content=file, headers=headers("text/csv; charset=utf-8"))).json()
    assert (rows["received"], rows["recorded"]) == (2, 2)
    again = (await http.post(PATH, content=file, headers=headers("text/csv"))).json()
    assert (again["received"], again["repeats"]) == (2, 2)


async def test_latin_1_is_named_by_the_charset(http: httpx.AsyncClient) -> None:
    file = row(PRI_NAME="MUÑOZ,JOSÉ").decode().encode("latin-1")
    assert (await http.post(PATH, content=file, headers=headers("text/csv"))).status_code == 422
    answer = await http.post(PATH, content=file, headers=headers("text/csv; charset=ISO-8859-1"))
    assert answer.json()["recorded"] == 1


@pytest.mark.parametrize(
    ("path", "given", "expected"),
    [
        ("/v1/counties/atlantis/records", headers(), (403, "not_granted")),
        (PATH, {"content-type": "application/json"}, (401, "missing_token")),
        (PATH, headers(token="wrong"), (401, "invalid_token")),
        (PATH, headers(token="yolo-token"), (403, "not_granted")),
        (PATH, headers(authorization="Basic la-token"), (401, "missing_token")),
        (PATH, headers("application/xml"), (415, "media_type")),
        (PATH, headers() | {"content-encoding": "gzip"}, (415, "content_encoding")),
    ],
)
async def test_who_may_not_send_is_told_why(
    http: httpx.AsyncClient, path: str, given: dict[str, str], expected: tuple[int, str]
) -> None:
    answer = await http.post(path, content=case_bytes(), headers=given)
    assert problem(answer) == expected
    assert ("www-authenticate" in answer.headers) == (answer.status_code == 401)


@pytest.mark.parametrize(
    ("media_type", "body", "code"),
    [
        ("application/json", b"", "empty"),
        ("application/json", b"not JSON", "not_json"),
        ("application/json", b"[" * 10_000 + b"]" * 10_000, "json_too_deep"),
        ("application/x-ndjson", b"\n", "empty"),
        ("text/csv", b"", "empty_file"),
        ("text/csv", b"%PDF-1.7", "not_csv"),
        ("text/csv", b"a,b,c\n1,2,3\n", "not_doj_layout"),
        ("text/csv", header(), "no_rows"),
        ("text/csv", row(CNT_ORDER=""), "count_order_invalid"),
    ],
)
async def test_a_body_of_which_nothing_can_be_used_is_422_with_the_reason(
    http: httpx.AsyncClient, media_type: str, body: bytes, code: str
) -> None:
    assert problem(await http.post(PATH, content=body, headers=headers(media_type))) == (422, code)


def cases(count: int) -> bytes:
    return b"\n".join(case_bytes(record_id=str(number)) for number in range(count))


def persons(count: int) -> bytes:
    return b"\n".join(row(SUBJECT_ID=str(number)) for number in range(count))


@pytest.mark.parametrize(
    ("media_type", "body", "what"),
    [
        ("application/x-ndjson", cases(5), "more than 4 cases"),
        ("application/x-ndjson", b"\n" * 9, "more than 8 lines"),
        ("text/csv", persons(5), "rows of more than 4 persons"),
        ("text/csv", b"\n".join([header(), *[row()] * 8]), "more than 8 lines"),
    ],
)
async def test_a_body_with_too_many_records_is_refused_whole_with_the_limits(
    http: httpx.AsyncClient, media_type: str, body: bytes, what: str
) -> None:
    answer = await http.post(PATH, content=body, headers=headers(media_type))
    assert problem(answer) == (413, "too_many_records")
    for told in (what, "100,000 bytes", "8 lines", "4 cases or persons", "reliefstream submit"):
        assert told in answer.json()["detail"]
    assert (await operator(http, "GET", "/v1/counts"))["counties"] == {}


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/x-ndjson", cases(4) + b"\n" * 5),
        ("text/csv", b"\n".join([header(), persons(3), *[row()] * 4]) + b"\n"),
    ],
)
async def test_a_body_at_the_limits_is_taken(http: httpx.AsyncClient, media_type: str, body: bytes) -> None:
    answer = await http.post(PATH, content=body, headers=headers(media_type))
    assert (answer.status_code, answer.json()["received"]) == (200, 4)


async def test_no_transaction_waits_while_a_body_is_parsed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []

    @asynccontextmanager
    async def transaction() -> AsyncIterator[Work]:
        happened.append("transaction")
        async with database.transaction() as work:
            yield work

    def parse(*given: Any) -> Any:
        happened.append("parse")
        return parsing(*given)

    parsing = batch.parse
    monkeypatch.setattr(batch, "parse", parse)
    app = application(COUNTIES_SENDING, transaction, TOKENS, limits=LIMITS)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        await client.post(PATH, content=cases(2), headers=headers("application/x-ndjson"))
    assert happened == ["parse", "parse", "transaction"]


async def test_another_body_under_a_used_request_id_loses_nothing(http: httpx.AsyncClient) -> None:
    given = headers(**{"x-request-id": "nightly"})
    first = await http.post(PATH, content=case_bytes(county="Yolo"), headers=given)
    other = await http.post(PATH, content=case_bytes(county="Napa"), headers=given)
    again = await http.post(PATH, content=case_bytes(county="Yolo"), headers=given)

    (one,), (two,), (three,) = (answer.json()["receipts"] for answer in (first, other, again))
    assert one["receipt_id"] == three["receipt_id"] != two["receipt_id"]
    kept = (await operator(http, "GET", "/v1/quarantine"))["quarantine"]
    assert {entry["quarantine_id"] for entry in kept} == {*one["quarantine_ids"], *two["quarantine_ids"]}
    raw = (await operator(http, "GET", f"/v1/quarantine/{two['quarantine_ids'][0]}"))["raw"]
    assert "Napa" in raw


async def test_the_same_body_said_to_be_another_extract_is_another_request(http: httpx.AsyncClient) -> None:
    given = headers("text/csv", **{"x-request-id": "nightly"})
    ids = set()
    for query in ("", "?extract=2026-11-01", "?encoding=latin-1"):
        answer = await http.post(PATH + query, content=row(CNT_ORDER=""), headers=given)
        ids.add(answer.json()["receipts"][0]["receipt_id"])
    assert len(ids) == 3


async def test_a_body_that_says_it_is_too_large_is_not_read(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer la-token\r\n"
        "Content-Type: text/csv\r\nContent-Length: 200000000\r\n\r\n".encode()
    )
    async with asyncio.timeout(180):
        assert b" 413 " in await reader.readline()
    writer.close()


async def test_a_body_that_stops_coming_is_given_up(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer la-token\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n".encode()
    )
    async with asyncio.timeout(180):
        answer = await reader.read()  # up to the end of the connection
    assert b" 408 " in answer and b"body_too_slow" in answer
    writer.close()


async def test_a_body_without_a_length_is_read_up_to_the_limit_only(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer la-token\r\n"
        "Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    )
    sent = 0
    answer = asyncio.create_task(reader.readline())
    async with asyncio.timeout(180):
        with suppress(ConnectionError):
            while not answer.done() and sent < 200_000_000:
                writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
                sent += 65_536
                await writer.drain()
                await asyncio.sleep(0)
        assert b" 413 " in await answer
    assert sent < 50_000_000
    writer.close()


async def operator(http: httpx.AsyncClient, method: str, path: str) -> Any:
    answer = await http.request(method, path, headers={"authorization": "Bearer operator"})
    assert answer.status_code == 200, answer.text
    return answer.json() if answer.headers["content-type"] == "application/json" else answer.text


async def test_the_operator_sees_what_was_refused_and_counts(http: httpx.AsyncClient) -> None:
    lines = case_bytes() + b"\n" + case_bytes(record_id="2", ssn="123-45-6789")
    await http.post(PATH, content=lines, headers=headers("application/x-ndjson"))
    (entry,) = (await operator(http, "GET", "/v1/quarantine?county=los-angeles"))["quarantine"]
    assert (entry["codes"], entry["state"]) == (["unknown_field"], "open")
    assert (await operator(http, "GET", "/v1/quarantine?reason=not_json"))["quarantine"] == []
    whole = await operator(http, "GET", f"/v1/quarantine/{entry['quarantine_id']}")
    assert '"ssn": "*"' in whole["raw"] and "6789" not in whole["raw"]
    assert len((await operator(http, "GET", "/v1/export/quarantine")).splitlines()) == 1
    assert (await operator(http, "GET", "/v1/counts"))["counties"]["los-angeles"]["received"] == 2
    assert (await http.get("/v1/quarantine")).status_code == 401


async def test_what_is_resubmitted_goes_through_the_same_door_once(http: httpx.AsyncClient) -> None:
    refused = await http.post(PATH, content=row(CNT_ORDER=""), headers=headers("text/csv"))
    (quarantine_id,) = refused.json()["receipts"][0]["quarantine_ids"]
    again = await operator(http, "POST", f"/v1/quarantine/{quarantine_id}/resubmit")
    assert (again["state"], again["receipt"]["status"]) == ("open", "quarantined")
    assert len((await operator(http, "GET", "/v1/quarantine"))["quarantine"]) == 1

    conflict = await http.post(PATH, content=case_bytes(county="Yolo"), headers=headers())
    (quarantine_id,) = conflict.json()["receipts"][0]["quarantine_ids"]
    assert (await operator(http, "POST", f"/v1/quarantine/{quarantine_id}/resubmit"))["state"] == "open"


async def test_a_refused_case_whose_fault_is_gone_is_recorded_and_done(
    http: httpx.AsyncClient, database: Database
) -> None:
    refused = await http.post(PATH, content=case_bytes(county="Yolo"), headers=headers())
    (quarantine_id,) = refused.json()["receipts"][0]["quarantine_ids"]
    async with database.transaction() as work:
        await work.db.execute("UPDATE quarantine SET raw = $1", case_bytes())
    path = f"/v1/quarantine/{quarantine_id}/resubmit"
    assert (await operator(http, "POST", path))["receipt"]["status"] == "recorded"
    again = await operator(http, "POST", path)
    assert (again["state"], again["outcome"]) == ("resubmitted", "resubmitted")
