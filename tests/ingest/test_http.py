"""The HTTP door."""

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
from starlette.applications import Starlette

from services.chassis.database import Database
from services.ingest.doors import CountyDoor
from services.ingest.http import record_routes
from services.ingest.quarantine_http import operator_routes
from tests.ingest.rows import LA, case_bytes, header, row

pytestmark = pytest.mark.servers
DOORS = {LA.county: CountyDoor(LA, ZoneInfo("America/Los_Angeles"))}
TOKENS = {"los-angeles": "la-token", "yolo": "yolo-token"}
PATH = "/v1/counties/los-angeles/records"
LIMIT = 100_000


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[int]:
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
    routes = [
        *record_routes(DOORS, TOKENS, database.transaction, lambda: f"r{next(numbers)}", LIMIT),
        *operator_routes(DOORS, database.transaction, "operator"),
    ]
    async with serving(Starlette(routes=routes)) as found:
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
        ("/v1/counties/atlantis/records", headers(), (404, "unknown_county")),
        (PATH, {"content-type": "application/json"}, (401, "missing_token")),
        (PATH, headers(token="wrong"), (403, "wrong_token")),
        (PATH, headers(token="yolo-token"), (403, "wrong_token")),
        (PATH, headers(authorization="Basic la-token"), (401, "missing_token")),
        (PATH, headers("application/xml"), (415, "media_type")),
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


async def test_a_body_that_says_it_is_too_large_is_not_read(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer la-token\r\n"
        "Content-Type: text/csv\r\nContent-Length: 200000000\r\n\r\n".encode()
    )
    async with asyncio.timeout(10):
        assert b" 413 " in await reader.readline()
    writer.close()


async def test_a_body_without_a_length_is_read_up_to_the_limit_only(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer la-token\r\n"
        "Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    )
    sent = 0
    answer = asyncio.create_task(reader.readline())
    async with asyncio.timeout(30):
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
    assert (entry["codes"], entry["status"]) == (["unknown_field"], "open")
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
    assert (again["status"], again["receipt"]["status"]) == ("open", "quarantined")
    assert len((await operator(http, "GET", "/v1/quarantine"))["quarantine"]) == 1

    conflict = await http.post(PATH, content=case_bytes(county="Yolo"), headers=headers())
    (quarantine_id,) = conflict.json()["receipts"][0]["quarantine_ids"]
    assert (await operator(http, "POST", f"/v1/quarantine/{quarantine_id}/resubmit"))["status"] == "open"


async def test_a_refused_case_whose_fault_is_gone_is_recorded_and_done(
    http: httpx.AsyncClient, database: Database
) -> None:
    refused = await http.post(PATH, content=case_bytes(county="Yolo"), headers=headers())
    (quarantine_id,) = refused.json()["receipts"][0]["quarantine_ids"]
    async with database.transaction() as work:
        await work.db.execute("UPDATE quarantine SET raw = $1", case_bytes())
    path = f"/v1/quarantine/{quarantine_id}/resubmit"
    assert (await operator(http, "POST", path))["receipt"]["status"] == "recorded"
    assert await operator(http, "POST", path) == {"quarantine_id": quarantine_id, "status": "resubmitted"}
