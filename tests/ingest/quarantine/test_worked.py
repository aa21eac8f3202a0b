"""What becomes of what was refused: tried again, superseded, discarded, counted; on a real Postgres."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from prometheus_client import REGISTRY

from reliefstream_contracts.identifiers import CountyName
from services.chassis.runtime.database import Database
from services.ingest.core.counties import intake
from services.ingest.core.message import SourceMessage
from services.ingest.quarantine.filter import Filter
from services.ingest.quarantine.metrics import watch_quarantine
from services.ingest.quarantine.store import listed
from tests.ingest import test_batch
from tests.ingest.applications import application
from tests.ingest.rows import LA, row
from tests.ingest.test_batch import court, doj, send

pytestmark = pytest.mark.servers
YOLO = CountyName("yolo")
COUNTIES_SENDING = {
    **test_batch.COUNTIES_SENDING,
    YOLO: test_batch.COUNTIES_SENDING[LA.county]._replace(intake=intake(YOLO)),
}
TOKENS = {"los-angeles": "la-token", "yolo": "yolo-token"}
CHARGE = {"charge_number": "1", "code_section": "11358 HS", "disposition": "dismissed"}
BAD_DATE: list[dict[str, object]] = [{**CHARGE, "disposition_date": "x"}]
MENDED = """replace(convert_from(raw, 'UTF8'), '"x"', '"2001-02-03"')"""


@pytest_asyncio.fixture
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(COUNTIES_SENDING, database.transaction, TOKENS))
    async with httpx.AsyncClient(transport=transport, base_url="http://ingest") as client:
        yield client


async def ask(http: httpx.AsyncClient, path: str, body: Any = None, token: str = "operator") -> Any:
    method = "GET" if body is None else "POST"
    answer = await http.request(method, path, json=body, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def entries(database: Database, **chosen: Any) -> list[dict[str, Any]]:
    async with database.transaction() as work:
        return await listed(work.db, Filter(**chosen), 1000, None)


async def mend(database: Database) -> None:
    """Makes every date in quarantine one: what a corrected profile does, seen from here."""
    async with database.transaction() as work:
        await work.db.execute(f"UPDATE quarantine SET raw = convert_to({MENDED}, 'UTF8')")


def bad(number: int, revision: int = 1, **more: object) -> SourceMessage:
    return court(record_id=f"r{number}", revision=revision, charges=BAD_DATE, **more)


def metric(name: str, **labels: str) -> float | None:
    """A metric of ingest as Prometheus reads it; None: there is none with these labels."""
    return REGISTRY.get_sample_value(f"reliefstream_{name}", labels)


async def test_a_summary_tells_how_many_have_what_wrong_open_ones_first(
    database: Database, http: httpx.AsyncClient
) -> None:
    await send(database, bad(1), bad(2), doj(row(), row(CNT_ORDER="")), court(county="Yolo"), bad(1))
    (one, *_) = await entries(database, reason="other_county")
    await ask(http, "/v1/quarantine/discard", {"ids": [str(one["quarantine_id"])], "why": "Yolo's"})
    found = await ask(http, "/v1/quarantine/summary")
    assert [(s["state"], s["county"], s["entries"], s["sent"]) for s in found["states"]] == [
        ("open", "los-angeles", 3, 4),
        ("discarded", "los-angeles", 1, 1),
    ]
    assert [(r["entries"], r["reason"], r["field"], r["kind"], r["state"]) for r in found["reasons"]] == [
        (2, "invalid_date", "charges[].disposition_date", "record", "open"),
        (1, "count_order_invalid", "CNT_ORDER", "rows", "open"),
        (1, "other_county", "county", "record", "discarded"),
    ]
    assert [(d["entries"], d["open"]) for d in found["days"]] == [(4, 3)]


async def test_many_are_tried_first_and_then_recorded_once(
    database: Database, http: httpx.AsyncClient
) -> None:
    await send(database, *(bad(n) for n in range(7)), court(county="Yolo"))
    chosen = {"county": "los-angeles", "reason": "invalid_date"}

    async def outcomes(**more: object) -> list[str]:
        found, after = [], None
        while True:
            page = await ask(http, "/v1/quarantine/resubmit", {**chosen, **more, "limit": 3, "after": after})
            found += [one["outcome"] for one in page["entries"]]
            after = page["next"]
            if after is None:
                return found

    assert await outcomes(**{"try": True}) == ["refused"] * 7
    await mend(database)
    assert await outcomes(**{"try": True}) == ["recorded"] * 7
    assert {(e["state"], e["attempts"]) for e in await entries(database)} == {("open", 0)}
    async with database.transaction() as work:
        assert await work.db.fetchval("SELECT count(*) FROM records") == 0
    assert await outcomes() == ["recorded"] * 7
    assert await outcomes() == [], "nothing is left to try"
    (one, *_) = await entries(database, state="resubmitted")
    assert (one["ended_why"], one["attempts"]) == (f"recorded as {one['record_id']}, revision 1", 1)
    whole = await ask(http, f"/v1/quarantine/{one['quarantine_id']}")
    assert [(h["outcome"], h.get("by")) for h in whole["history"]] == [
        ("refused", None),
        ("recorded", "operator"),
    ]
    again = await ask(http, "/v1/quarantine/resubmit", {"ids": [str(one["quarantine_id"])]})
    assert again["entries"][0]["outcome"] == "resubmitted"
    assert len(await entries(database, state="open")) == 1


async def test_the_same_entry_tried_at_the_same_time_is_recorded_once(
    database: Database, http: httpx.AsyncClient
) -> None:
    await send(database, *(bad(n) for n in range(5)))
    await mend(database)
    pages = await asyncio.gather(*(ask(http, "/v1/quarantine/resubmit", {"all": True}) for _ in range(4)))
    outcomes = [one["outcome"] for page in pages for one in page["entries"]]
    assert outcomes.count("recorded") == 5 and "refused" not in outcomes
    async with database.transaction() as work:
        assert await work.db.fetchval("SELECT sum(sequence) FROM records") == 5


async def test_what_is_refused_again_stays_open_with_todays_reason(
    database: Database, http: httpx.AsyncClient
) -> None:
    await send(database, bad(1))
    async with database.transaction() as work:
        await work.db.execute("UPDATE quarantine SET raw = 'no JSON'")
    (told,) = (await ask(http, "/v1/quarantine/resubmit", {"all": True}))["entries"]
    assert (told["outcome"], told["state"]) == ("refused", "open")
    (one,) = await entries(database)
    assert (one["codes"], one["attempts"], one["record_id"]) == (["not_json"], 1, "r1")


async def test_an_entry_is_superseded_by_the_same_or_a_higher_revision_sent_right(database: Database) -> None:
    await send(database, bad(1, revision=2), bad(2, revision=2), bad(3, revision=2), bad(4, revision=2))
    await send(database, court(record_id="r1", revision=2), court(record_id="r2", revision=3))
    await send(database, court(record_id="r3", revision=1))
    found = {e["record_id"]: (e["state"], e["ended_why"]) for e in await entries(database)}
    assert found == {
        "r1": ("superseded", "revision 2 was recorded"),
        "r2": ("superseded", "revision 3 was recorded"),
        "r3": ("open", ""),
        "r4": ("open", ""),
    }


async def test_what_comes_broken_after_the_record_is_not_superseded_by_it(database: Database) -> None:
    await send(database, court(record_id="r1"), bad(1))
    await send(database, bad(2), court(record_id="r2"))
    found = {e["record_id"]: e["state"] for e in await entries(database)}
    assert found == {"r1": "open", "r2": "superseded"}


async def test_two_contents_of_one_revision_are_superseded_by_a_higher_one_only(database: Database) -> None:
    await send(database, court(record_id="r1"))
    await send(database, court(record_id="r1", case_number="OTHER1"))
    await send(database, court(record_id="r1"))
    assert [e["state"] for e in await entries(database)] == ["open"]
    await send(database, court(record_id="r1", revision=2))
    assert [e["state"] for e in await entries(database)] == ["superseded"]


async def test_refused_rows_are_superseded_by_a_later_extract_not_by_more_of_the_same(
    database: Database,
) -> None:
    await send(database, doj(row(), row(CNT_ORDER="")))
    await send(database, doj(row(CNT_ORDER="001003001000")))
    assert [(e["state"], e["kind"]) for e in await entries(database)] == [("open", "rows")]
    await send(database, doj(row(), extract="2026-11-01"))
    (one,) = await entries(database)
    assert (one["state"], one["ended_why"]) == ("superseded", "extract 20261101 was recorded")


async def test_one_file_of_an_extract_does_not_end_what_was_refused_of_another(database: Database) -> None:
    await send(database, doj(row(CNT_ORDER="001003001000"), encoding="utf-61", extract="2026-11-01"))
    await send(database, doj(row(), extract="2026-11-01"))
    assert [(e["state"], e["kind"]) for e in await entries(database)] == [("open", "record")]
    await send(database, doj(row(), extract="2026-11-02"))
    assert [e["state"] for e in await entries(database)] == ["superseded"]


async def test_a_county_sees_and_works_its_own_only(database: Database, http: httpx.AsyncClient) -> None:
    await send(database, bad(1))
    (one,) = await entries(database)
    path = f"/v1/quarantine/{one['quarantine_id']}"
    assert len((await ask(http, "/v1/quarantine", token="la-token"))["quarantine"]) == 1
    assert (await ask(http, path, token="la-token"))["raw"]
    assert (await ask(http, "/v1/quarantine", token="yolo-token"))["quarantine"] == []
    assert (await ask(http, "/v1/quarantine/summary", token="yolo-token"))["states"] == []
    yolo = {"authorization": "Bearer yolo-token"}
    assert (await http.get(path, headers=yolo)).status_code == 404
    assert (await http.post(f"{path}/resubmit", headers=yolo)).status_code == 404
    assert (await http.get("/v1/quarantine?county=los-angeles", headers=yolo)).status_code == 403
    said = {"why": "w", "ids": [str(one["quarantine_id"])]}
    assert await ask(http, "/v1/quarantine/discard", said, "yolo-token") == {
        "discarded": 0,
        "unknown": said["ids"],
    }
    assert (await ask(http, "/v1/quarantine/resubmit", {"ids": said["ids"]}, "yolo-token"))["entries"] == []
    assert (await http.get("/v1/quarantine")).status_code == 401
    assert (await http.get(path, headers={"authorization": "Bearer x"})).status_code == 401
    await mend(database)
    assert (await ask(http, f"{path}/resubmit", {}, "la-token"))["outcome"] == "recorded"
    whole = await ask(http, path, token="la-token")
    assert whole["history"][-1]["by"] == "los-angeles"


async def test_a_list_is_read_page_by_page_in_the_order_of_arrival(
    database: Database, http: httpx.AsyncClient
) -> None:
    for start in (0, 5):
        await send(database, *(bad(n) for n in range(start, start + 5)))
    found: list[str] = []
    after = ""
    while after is not None:
        page = await ask(http, f"/v1/quarantine?limit=3&after={after}")
        found += [one["quarantine_id"] for one in page["quarantine"]]
        after = page["next"]
    assert len(found) == len(set(found)) == 10
    assert len(await entries(database, reason="invalid_date", format="court", state="open")) == 10


async def test_what_is_tried_again_is_counted_but_no_news_for_the_alert_on_what_a_county_sends(
    database: Database, http: httpx.AsyncClient
) -> None:
    refused = {"county": "los-angeles", "status": "quarantined"}
    before = metric("ingest_receipts_total", **refused) or 0
    await send(database, bad(1))
    await ask(http, "/v1/quarantine/resubmit", {"all": True})
    assert metric("ingest_receipts_total", **refused) == before + 1
    counts = (await ask(http, "/v1/counts"))["counties"]["los-angeles"]
    assert (counts["received"], counts["quarantined"]) == (2, 2)


async def test_discarding_names_the_ids_that_are_no_entries(
    database: Database, http: httpx.AsyncClient
) -> None:
    await send(database, bad(1))
    (one,) = await entries(database)
    ids, nobody = [str(one["quarantine_id"])], str(UUID(int=7))
    body = {"why": "w", "ids": [*ids, nobody]}
    assert await ask(http, "/v1/quarantine/discard", body) == {"discarded": 1, "unknown": [nobody]}
    assert await ask(http, "/v1/quarantine/discard", body) == {"discarded": 0, "unknown": [nobody]}


async def test_what_is_discarded_is_kept_with_who_and_why(
    database: Database, http: httpx.AsyncClient
) -> None:
    await send(database, bad(1), bad(2))
    body = {"reason": "invalid_date", "why": "a test file"}
    assert await ask(http, "/v1/quarantine/discard", body) == {"discarded": 2, "unknown": []}
    assert await ask(http, "/v1/quarantine/discard", body) == {"discarded": 0, "unknown": []}
    (one, _) = await entries(database, state="discarded")
    assert (one["ended_why"], one["ended_by"]) == ("a test file", "operator")
    assert (await ask(http, "/v1/quarantine/resubmit", {"all": True}))["entries"] == []
    operator = {"authorization": "Bearer operator"}
    for wrong in (
        {},
        {"why": "w"},
        {"why": "\0"},
        {"reason": "invalid_date", "why": "w", "by": "somebody else"},
    ):
        answer = await http.post("/v1/quarantine/discard", json=wrong, headers=operator)
        assert answer.status_code in (400, 422), wrong


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "state=shut",
        "kind=x",
        "since=1.1.2026",
        "file=xyz",
        "after=x",
        "after=" + base64.urlsafe_b64encode(f"9999-12-31T23:59:59-14:00 {UUID(int=0)}".encode()).decode(),
        "after=" + base64.urlsafe_b64encode(f"0001-01-01T00:00:00+14:00 {UUID(int=0)}".encode()).decode(),
        "nonsense=1",
        "reason=a%00b",
    ],
)
async def test_a_wrong_filter_is_refused_with_what_it_may_be(http: httpx.AsyncClient, query: str) -> None:
    answer = await http.get(f"/v1/quarantine?{query}", headers={"authorization": "Bearer operator"})
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_filter")
    assert answer.json()["detail"]


async def test_the_age_of_the_oldest_open_entry_is_a_metric(database: Database) -> None:
    await send(database, bad(1))
    async with database.transaction() as work:
        await work.db.execute("UPDATE quarantine SET opened_at = opened_at - interval '2 hours'")
        await watch_quarantine(COUNTIES_SENDING)(work)
    assert metric("quarantine_open", county="los-angeles") == 1
    assert metric("quarantine_oldest_open_seconds", county="los-angeles") == 7200
    assert metric("quarantine_oldest_open_seconds", county="yolo") == 0


async def test_a_profile_that_the_county_has_not_changes_no_entry(
    database: Database, http: httpx.AsyncClient
) -> None:
    await send(database, bad(1))
    operator = {"authorization": "Bearer operator"}
    for path, which in (
        ("/v1/quarantine/resubmit", {"all": True}),
        (f"/v1/quarantine/{(await entries(database))[0]['quarantine_id']}/resubmit", {}),
    ):
        answer = await http.post(path, json={**which, "profile": "odysey"}, headers=operator)
        assert answer.status_code == 400 and "no profile of that name" in answer.json()["detail"]
    assert [(e["attempts"], e["codes"]) for e in await entries(database)] == [(0, ["invalid_date"])]
