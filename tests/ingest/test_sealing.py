"""Ingest forgets what a court sealed, and does not let it come back; on a real Postgres."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from reliefstream_contracts.event import Event
from reliefstream_contracts.identifiers import CountKey
from reliefstream_contracts.records import RapSheetRecorded, SourceRecord
from reliefstream_contracts.relief import ReliefSealDue, ReliefSealed
from reliefstream_contracts.sealing import ConvictionForgotten, LinksPinned
from reliefstream_contracts.statements import FactStated
from services.chassis.http.application import Application
from services.chassis.outbox import outbox
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery, Tombstone
from services.ingest import store
from services.ingest.core.message import SourceMessage
from services.ingest.handlers import on_relief
from services.ingest.http.dependencies import Dependencies
from services.ingest.http.seal_endpoints import seals
from services.ingest.quarantine.erasing import erase_old
from services.ingest.quarantine.filter import Filter
from services.ingest.quarantine.store import listed
from services.ingest.sealing.intake import forget_old_cases
from tests.ingest.applications import application
from tests.ingest.core.sealing.county import seal_due
from tests.ingest.http.test_statements import directory
from tests.ingest.rows import HASH, row
from tests.ingest.test_batch import COUNTIES_SENDING, codes, court, doj, send, statuses

pytestmark = pytest.mark.servers
JANE, CASE = "doj/los-angeles/18000001", "court/los-angeles/case-of-jane"
BURGLARY_COLUMNS = {"CNT_ORDER": "002002001000", "CYC_DATE": "20010101", "STP_EVENT_DATE": "20010601",
                    "DISP_DATE": "20010601", "OFN": "BA999999", "OFFENSE_DESCR": "459 PC-BURGLARY"}  # fmt: skip
BURGLARY = row(**BURGLARY_COLUMNS)
CHARGE = {"charge_number": "1", "code_section": "11358 HS", "level_convicted": "felony", "disposition": "convicted",
          "disposition_date": "1995-06-01"}  # fmt: skip
JANES_CASE: dict[str, Any] = {"record_id": "case-of-jane", "case_number": "BA-012345", "charges": [CHARGE]}
PERSONAL = ("DOE", "1970", "A12345678", "18000001", "012345", "11358", "case-of-jane", "page 3")
WAITING = """SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"""
STATEMENT = {"basis": "report, page 3", "facts": [{"fact": "plants", "value": "at_most_six"}]}


@pytest_asyncio.fixture
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(COUNTIES_SENDING, database.transaction, {}))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://ingest", headers={"authorization": "Bearer operator"}
    ) as client:
        yield client


async def forget(database: Database, *due: ReliefSealDue) -> Sequence[Any]:
    """What is published."""
    pinned = [LinksPinned(relief_id=each.relief_id) for each in due]
    return await hear(database, *due, *pinned)


async def hear(database: Database, *events: Event) -> Sequence[Any]:
    async with database.transaction() as work:
        await on_relief(COUNTIES_SENDING, HASH)([Delivery(each) for each in events], work)
        return [event for event, *_ in work.emitted]


def due(events: Sequence[Event], *keys: str, number: int = 1) -> ReliefSealDue:
    """Relief's request to seal the conviction of these counts, as they were published."""
    counts = {
        f"{record.key()}/{count.count_id}": count
        for record in events
        if isinstance(record, SourceRecord)
        for count in record.counts
    }
    return seal_due(number, [(CountKey(key), counts[key]) for key in keys])


@pytest.mark.parametrize("pinned_first", [True, False])
async def test_nothing_is_forgotten_before_the_persons_records_are_pinned(
    database: Database, pinned_first: bool
) -> None:
    _, events = await send(database, doj(row()))
    asked = due(events, f"{JANE}/001002001")
    both: list[Event] = [LinksPinned(relief_id=asked.relief_id), asked]
    first, second = both if pinned_first else reversed(both)
    assert await hear(database, first) == []
    assert ConvictionForgotten(relief_id=asked.relief_id, service="ingest") in await hear(database, second)
    assert await database.pool.fetchval("SELECT count(*) FROM seals_due") == 0


async def everything(database: Database) -> str:
    """All that ingest keeps, as text; what is on its way out aside."""
    async with database.transaction() as work:
        tables = (
            "records",
            "quarantine",
            "statements",
            "seals",
            "sealed_places",
            "recent_places",
            "audit_texts",
        )
        found = [await work.db.fetch(f"SELECT * FROM {table}") for table in tables]
    return str([[tuple(row.values()) for row in rows] for rows in found])


async def test_of_a_person_with_one_conviction_nothing_is_left(
    database: Database, http: httpx.AsyncClient
) -> None:
    bad = row(CNT_ORDER="")
    _, events = await send(database, doj(row(), bad), court(**JANES_CASE))
    count = {"count": f"{CASE}/1", "section": "HS 11358", "case_number": "BA-012345"}
    answer = await http.post("/v1/counties/los-angeles/statements", json=STATEMENT | {"counts": [count]})
    (statement,) = answer.json()["statements"]
    before = await everything(database)
    assert [text for text in PERSONAL if text not in before] == [], (
        "a search that finds nothing must be able to"
    )

    asked = due(events, f"{JANE}/001002001", f"{CASE}/1")
    published = await forget(database, asked)

    assert {each.key() for each in published if isinstance(each, Tombstone)} == {
        JANE,
        CASE,
        f"statement/los-angeles/{statement['statement_id']}",
    }
    (told,) = [each for each in published if not isinstance(each, Tombstone)]
    assert told == ConvictionForgotten(relief_id=asked.relief_id, service="ingest")
    after = await everything(database)
    assert [text for text in PERSONAL if text in after] == []
    async with database.transaction() as work:
        (entry,) = await listed(work.db, Filter(), 10, None)
    assert (entry["state"], entry["ended_why"], entry["codes"]) == (
        "discarded",
        "sealed",
        ["count_order_invalid"],
    )
    assert await forget(database, asked) == [told], "asked again, it says so again"
    assert await everything(database) == after


async def test_what_is_sent_again_is_left_out_and_leaves_nothing(database: Database) -> None:
    again = [doj(row()), court(**JANES_CASE)]
    _, events = await send(database, *again)
    await forget(database, due(events, f"{JANE}/001002001", f"{CASE}/1"))
    corrected = [doj(row(OFN="BA-012345", CNT_ORDER="001004002000"), extract="2026-01-02"),
                 court(**JANES_CASE | {"revision": 2})]  # fmt: skip
    receipts, events = await send(database, *again, *corrected)
    assert (statuses(receipts), events) == (["repeat"] * 4, [])
    assert {code for receipt in receipts for code in codes(receipt)} == {"sealed_count_left_out"}
    assert [text for text in PERSONAL if text in await everything(database)] == []


async def test_a_copy_that_came_in_while_it_was_being_sealed_is_left_out_as_if_it_came_after(
    database: Database,
) -> None:
    _, events = await send(database, doj(row()))
    asked = due(events, f"{JANE}/001002001")
    await hear(database, asked)
    second = CHARGE | {"charge_number": "2", "code_section": "459 PC", "disposition_date": "1996-01-02"}
    codefendant = JANES_CASE | {
        "record_id": "another-person",
        "defendant": {"surname": "Roe", "birth_date": "1980-02-03"},
    }
    await send(database, court(**JANES_CASE | {"charges": [CHARGE, second]}), court(**codefendant))
    published = await hear(database, LinksPinned(relief_id=asked.relief_id))
    (case,) = [each for each in published if isinstance(each, SourceRecord)]
    assert (case.key(), case.sequence, [count.count_id for count in case.counts]) == (CASE, 2, ["2"])
    (told,) = [each for each in published if isinstance(each, ConvictionForgotten)]
    assert told.copies == (HASH.of(f"{CASE}/1"),)
    assert f"{CASE}/1" not in told.to_json().decode(), "what all may read for ever names no record"
    receipts, _ = await send(database, court(**JANES_CASE | {"revision": 2}))
    assert codes(receipts[0]) == ["sealed_count_left_out"], "the case was left with another count"
    assert (
        await database.pool.fetchval("SELECT count(*) FROM recent_places WHERE record_id = 'another-person'")
        > 0
    )
    async with database.transaction() as work:
        assert await forget_old_cases(replace(work, now=work.now + timedelta(days=2))) is False
    assert await database.pool.fetchval("SELECT count(*) FROM recent_places") == 0


async def test_a_copy_with_nothing_else_goes_as_a_whole(database: Database) -> None:
    _, events = await send(database, doj(row()))
    asked = due(events, f"{JANE}/001002001")
    await hear(database, asked)
    await send(database, court(**JANES_CASE))
    published = await hear(database, LinksPinned(relief_id=asked.relief_id))
    assert {each.key() for each in published if isinstance(each, Tombstone)} == {JANE, CASE}
    assert [text for text in PERSONAL if text in await everything(database)] == []


async def test_a_record_of_the_same_id_counts_on_from_above_what_was_erased(database: Database) -> None:
    another = JANES_CASE | {"record_id": "another", "case_number": "BA-777777"}
    await send(database, court(**another))
    again = [court(**JANES_CASE | {"revision": revision}) for revision in (1, 2, 3)]
    _, events = await send(database, *again)
    await forget(database, due(events, f"{CASE}/1"))
    new = CHARGE | {"charge_number": "2", "code_section": "11357(C) HS", "disposition_date": "2001-06-01"}
    _, came = await send(
        database,
        court(**JANES_CASE | {"charges": [new]}),
        doj(row(SUBJECT_ID="18000009", OFN="XX-9")),
        court(**another | {"revision": 2}),
    )
    assert [each.sequence for each in came if isinstance(each, SourceRecord)] == [4, 4, 2]


async def test_the_other_counts_stay_and_go_on_from_there(database: Database) -> None:
    second = CHARGE | {"charge_number": "2", "code_section": "459 PC"}
    case = court(**JANES_CASE | {"charges": [CHARGE, second]})
    sheet = doj(row(), BURGLARY)
    _, before = await send(database, sheet, case)
    published = await forget(database, due(before, f"{JANE}/001002001", f"{CASE}/1"))
    records = [each for each in published if isinstance(each, SourceRecord)]
    assert [(each.key(), each.sequence) for each in records] == [(JANE, 2), (CASE, 2)]
    assert [each.counts for each in records] == [
        each.counts[1:] for each in before if isinstance(each, SourceRecord)
    ]
    receipts, events = await send(database, sheet, case)
    assert (statuses(receipts), events) == (["repeat", "repeat"], [])
    (receipt,), (event,) = await send(
        database, court(**JANES_CASE | {"revision": 2, "charges": [CHARGE, second]})
    )
    assert isinstance(event, SourceRecord)
    assert (receipt.status, event.sequence, event.counts) == ("recorded", 3, records[1].counts)


async def test_of_a_sheet_whose_numbers_moved_since_the_order_the_conviction_goes_and_not_what_has_its_number(
    database: Database,
) -> None:
    def shifted(extract: str, charge: str) -> SourceMessage:
        other = row(CNT_ORDER="001002001000", CYC_DATE="19900101", STP_EVENT_DATE="19900601", DISP_DATE="19900601",
                    OFN="BA999999", OFFENSE_DESCR=charge)  # fmt: skip
        return doj(row(CNT_ORDER="002002001000"), other, extract=extract)

    for charge in ("459 PC-BURGLARY", "11358 HS-CULTIVATE CANNABIS"):
        _, events = await send(database, doj(row()))
        asked = due(events, f"{JANE}/001002001")
        _, (before,) = await send(database, shifted("2026-03-01", charge))
        published = await forget(database, asked)
        (record,) = [each for each in published if isinstance(each, SourceRecord)]
        assert isinstance(before, SourceRecord)
        assert record.counts == before.counts[:1]
        (told,) = [each for each in published if isinstance(each, ConvictionForgotten)]
        assert told.others == (HASH.of(f"{JANE}/001002001"),), "that number is another conviction's by now"
        assert told.copies == (HASH.of(f"{JANE}/002002001"),)
        assert not any(isinstance(each, SourceRecord) for each in await forget(database, asked)), "again"
        (receipt,), (newer,) = await send(database, shifted("2026-03-02", charge))
        assert isinstance(newer, SourceRecord)
        assert (codes(receipt), newer.counts) == (["sealed_count_left_out"], record.counts)
        await database.pool.execute("TRUNCATE records, seals, sealed_places, recent_places")


async def test_what_another_county_convicted_of_stays_when_the_countys_own_was_sealed(
    database: Database,
) -> None:
    kern = row(CNT_ORDER="002002001000", CYC_DATE="20010101", STP_EVENT_DATE="20010601", DISP_DATE="20010601",
               STP_ORI_CNTY_NAME="KERN", OFN="KE999999", OFFENSE_DESCR="459 PC-BURGLARY")  # fmt: skip
    sheet = doj(row(), kern)
    _, before = await send(database, sheet)
    published = await forget(database, due(before, f"{JANE}/001002001"))
    (after,) = [each for each in published if isinstance(each, SourceRecord)]
    assert isinstance(before[0], SourceRecord)
    assert (after.withdrawn, after.counts) == (False, before[0].counts[1:])
    receipts, events = await send(database, sheet, doj(kern, extract="2026-01-02"))
    assert [codes(receipt) for receipt in receipts] == [
        ["sealed_count_left_out"],
        ["county_conviction_sealed"],
    ]
    (newer,) = events
    assert isinstance(newer, RapSheetRecorded)
    assert (newer.withdrawn, [count.count_id for count in newer.counts]) == (False, ["002002001"])
    # Rows that a message withholds from it make it incomplete, and take nothing away.
    _, (lacking,) = await send(database, doj(BURGLARY, encoding="utf-61", extract="2026-01-02"))
    assert isinstance(lacking, RapSheetRecorded)
    assert (lacking.refused_rows, lacking.withdrawn, lacking.counts) == (1, False, newer.counts)


async def test_of_a_sheet_under_another_id_the_rest_stays_when_its_source_removes_the_sealed_conviction(
    database: Database,
) -> None:
    def kern(**other: str) -> bytes:
        return row(CNT_ORDER="002002001000", CYC_DATE="20010101", STP_EVENT_DATE="20010601", DISP_DATE="20010601",
                   STP_ORI_CNTY_NAME="KERN", OFN="KE999999", OFFENSE_DESCR="459 PC-BURGLARY", **other)  # fmt: skip

    _, before = await send(database, doj(row(), kern()))
    await forget(database, due(before, f"{JANE}/001002001"))
    again = {"SUBJECT_ID": "18000077"}
    (receipt,), (event,) = await send(database, doj(row(**again), kern(**again)))
    assert isinstance(event, RapSheetRecorded)
    assert (receipt.status, codes(receipt)) == ("recorded", ["sealed_count_left_out"])
    (receipt,), (newer,) = await send(database, doj(kern(**again), extract="2026-01-02"))
    assert isinstance(newer, RapSheetRecorded)
    assert codes(receipt) == ["county_conviction_sealed"]
    assert (newer.withdrawn, [count.count_id for count in newer.counts]) == (False, ["002002001"])


async def test_a_count_without_a_case_number_is_recognised_in_a_sheet_under_another_id_by_the_person(
    database: Database,
) -> None:
    _, events = await send(database, doj(row(OFN="")))
    await forget(database, due(events, f"{JANE}/001002001"))
    same, other = {"SUBJECT_ID": "18000077"}, {"SUBJECT_ID": "18000078", "CII_NUMBER": "A99999999"}
    receipts, events = await send(database, doj(row(OFN="", **same)), doj(row(OFN="", **other)))
    assert (statuses(receipts), codes(receipts[0])) == (["repeat", "recorded"], ["sealed_count_left_out"])
    assert [event.key() for event in events if isinstance(event, SourceRecord)] == [
        "doj/los-angeles/18000078"
    ]


async def test_what_may_be_sealed_waits_in_quarantine(database: Database) -> None:
    _, events = await send(database, doj(row()))
    await forget(database, due(events, f"{JANE}/001002001"))
    (receipt,), events = await send(database, court(**JANES_CASE | {"defendant": {"surname": "Doe"}}))
    assert (receipt.status, codes(receipt), events) == ("quarantined", ["may_be_sealed"], [])


FIND = "/v1/counties/los-angeles/seals/find"
MISTAKE = {"reason": "the order was of another person"}


def all_forgot(due: ReliefSealDue) -> ReliefSealed:
    """What relief says once every service has forgotten."""
    return ReliefSealed(
        relief_id=due.relief_id,
        sequence=due.sequence + 1,
        county=due.conviction.county,
        order_number=due.order.number,
        sealed_on=date(2026, 11, 23),
    )


async def test_without_a_seal_that_was_a_mistake_it_is_taken_in_anew(
    database: Database, http: httpx.AsyncClient
) -> None:
    _, before = await send(database, doj(row()))
    asked = due(before, f"{JANE}/001002001")
    await hear(database, asked)
    path = f"/v1/seals/{asked.relief_id}/remove"
    waiting = await http.post(path, json=MISTAKE)
    await forget(database, asked)
    forgotten_here = await http.post(path, json=MISTAKE)
    for early in (waiting, forgotten_here):
        assert (early.status_code, early.json()["code"]) == (409, "being_sealed")
        assert "not every service has forgotten" in early.json()["detail"]
    await hear(database, all_forgot(asked))
    assert (await http.post(path, json={})).status_code == 422, "a reason is asked for"
    assert (await http.post(path, json=MISTAKE)).json() == {"relief_id": str(asked.relief_id)}
    assert (await http.post(path, json=MISTAKE)).status_code == 404
    async with database.transaction() as work:
        acts = await work.db.fetch("SELECT act, object, role FROM audit_log ORDER BY id")
    assert [tuple(each) for each in acts] == [("remove_seal", f"seal/{asked.relief_id}", "clerk")]
    (receipt,), (event,) = await send(database, doj(row()))
    assert (receipt.status, codes(receipt), event) == (
        "recorded",
        [],
        before[0].replace(sequence=2),  # a reader that missed the tombstone takes it in, too
    )
    told = await database.pool.fetch("SELECT messages FROM outbox")
    keys = {message.key for row in told for message in outbox.unpacked(row["messages"])}
    assert f"{asked.relief_id}/removed".encode() in keys


async def test_a_seal_is_found_by_its_case_and_section(database: Database, http: httpx.AsyncClient) -> None:
    _, events = await send(database, court(**JANES_CASE))
    asked = due(events, f"{CASE}/1")
    await forget(database, asked)
    found = [
        (await http.post(FIND, json=which)).json()["reliefs"]
        for which in (
            {"case_number": "BA-012345"},
            {"case_number": "ba012345", "section": "HS 11358(c)"},
            {"case_number": "BA-012345", "section": "HS 11359"},
            {"case_number": "BA-012346"},
        )
    ]
    assert found == [[str(asked.relief_id)], [str(asked.relief_id)], [], []]


async def test_a_clerk_of_another_county_sees_no_seal(database: Database) -> None:
    _, events = await send(database, doj(row()))
    asked = due(events, f"{JANE}/001002001")
    await forget(database, asked)
    await hear(database, all_forgot(asked))
    parts = [Dependencies(COUNTIES_SENDING, database.transaction, HASH)]
    transport = httpx.ASGITransport(Application("ingest", [seals], parts, directory()))
    async with httpx.AsyncClient(transport=transport, base_url="http://ingest") as client:

        async def answers(path: str, body: dict[str, str]) -> list[int]:
            accounts = ("ru-1", "sj-1", "cl-1")
            bearers = [{"authorization": f"Bearer {account}"} for account in accounts]
            return [(await client.post(path, json=body, headers=each)).status_code for each in bearers]

        assert await answers(FIND, {"case_number": "BA-012345"}) == [403, 403, 200]
        assert await answers(f"/v1/seals/{asked.relief_id}/remove", MISTAKE) == [403, 404, 200]


async def test_a_statement_on_another_count_too_goes_on_with_that_one(
    database: Database, http: httpx.AsyncClient
) -> None:
    _, events = await send(database, doj(row(), BURGLARY))
    counts = [{"count": f"{JANE}/{number}", "section": "x"} for number in ("001002001", "002002001")]
    answer = await http.post("/v1/counties/los-angeles/statements", json=STATEMENT | {"counts": counts})
    assert answer.json()["recorded"] == 1
    published = await forget(database, due(events, f"{JANE}/001002001"))
    (revised,) = [each for each in published if getattr(each, "TYPE", "").endswith("fact-stated.v1")]
    assert (revised.revision, [seen.count for seen in revised.counts]) == (2, [f"{JANE}/002002001"])


async def test_what_was_refused_long_ago_is_erased(database: Database) -> None:
    await send(database, court(county="Yolo"))
    erase = erase_old(timedelta(days=90))
    async with database.transaction() as work:
        assert await erase(work) is False
        assert [entry["state"] for entry in await listed(work.db, Filter(), 10, None)] == ["open"]
        await work.db.execute("UPDATE quarantine SET last_sent_at = last_sent_at - interval '91 days'")
        await erase(work)
    async with database.transaction() as work:
        (entry,) = await listed(work.db, Filter(), 10, None)
        assert await work.db.fetchval("SELECT raw FROM quarantine") == b""
    assert (entry["state"], entry["record_id"], entry["codes"]) == ("discarded", None, ["other_county"])
    # Sent again, it is open again, with what was sent.
    await send(database, court(county="Yolo"))
    async with database.transaction() as work:
        (entry,) = await listed(work.db, Filter(), 10, None)
        assert b"Yolo" in await work.db.fetchval("SELECT raw FROM quarantine")
    assert (entry["state"], entry["record_id"]) == ("open", "case-1")


async def test_totals_stay(database: Database) -> None:
    _, events = await send(database, doj(row()))
    async with database.transaction() as work:
        before = await store.counts(work.db)
    await forget(database, due(events, f"{JANE}/001002001"))
    async with database.transaction() as work:
        assert await store.counts(work.db) == before


async def test_nothing_is_stated_on_a_conviction_that_is_sealed(
    database: Database, http: httpx.AsyncClient
) -> None:
    _, events = await send(database, doj(row()), court(**JANES_CASE))
    await forget(database, due(events, f"{JANE}/001002001", f"{CASE}/1"))
    count = {"count": f"{CASE}/1", "section": "HS 11358", "case_number": "BA-012345"}
    answer = await http.post("/v1/counties/los-angeles/statements", json=STATEMENT | {"counts": [count]})
    (statement,) = answer.json()["statements"]
    assert (answer.status_code, statement["problems"][0]["code"]) == (422, "conviction_sealed")


ON_THE_CASE = {"count": f"{CASE}/1", "section": "HS 11358", "case_number": "BA-012345"}


@pytest.mark.parametrize(
    ("count", "forgotten"),
    [
        (ON_THE_CASE | {"count": "court/los-angeles/sent-before-under-another-id/1"}, True),
        (ON_THE_CASE | {"count": f"{CASE}/7", "section": "charge as the clerk typed it"}, True),
        ({"count": f"{JANE}/009009001", "section": "11358 HS", "disposed_on": "1995-06-01"}, True),
        ({"count": f"{JANE}/009009001"}, True),
        ({"count": "court/los-angeles/BA012345/1", "section": "HS 11358"}, True),
        (ON_THE_CASE | {"count": f"{JANE}/002002001"}, True),
        ({"count": f"{JANE}/002002001", "section": "PC 459", "case_number": "BA-999999"}, False),
        ({"count": f"{JANE}/009009001", "section": "PC 459"}, False),
        (ON_THE_CASE | {"count": "court/los-angeles/of-the-co-defendant/1"}, False),
        (ON_THE_CASE | {"count": f"{CASE}/1", "case_number": "BA-555555"}, True),
        ({"count": "court/los-angeles/another/1", "section": "HS 11358", "case_number": "BA-555555"}, False),
    ],
)
async def test_what_is_stated_of_the_sealed_conviction_under_any_count_is_forgotten_and_refused_after(
    database: Database, http: httpx.AsyncClient, count: dict[str, str], forgotten: bool
) -> None:
    of_another = JANES_CASE | {"record_id": "of-the-co-defendant"}
    of_another |= {"defendant": {"surname": "Roe", "birth_date": "1980-02-03"}}
    _, events = await send(database, doj(row(), BURGLARY), court(**JANES_CASE), court(**of_another))
    said = STATEMENT | {"statement_id": "s1", "counts": [count]}
    answer = await http.post("/v1/counties/los-angeles/statements", json=said)
    assert answer.json()["recorded"] == 1, answer.json()
    published = await forget(database, due(events, f"{JANE}/001002001", f"{CASE}/1"))
    gone = Tombstone(FactStated.TOPIC, "statement/los-angeles/s1", "statement/los-angeles/s1")
    assert (gone in published) is forgotten
    assert await database.pool.fetchval("SELECT count(*) FROM statements") == (0 if forgotten else 1)
    again = await http.post("/v1/counties/los-angeles/statements", json=said | {"statement_id": "s2"})
    assert (again.status_code == 422) is forgotten
    if forgotten:
        assert again.json()["statements"][0]["problems"][0]["code"] == "conviction_sealed"
        kept = str(await database.pool.fetch("SELECT * FROM audit_texts"))
        assert "page 3" not in kept, "what it rested on stood in the audit log"


async def test_what_waits_for_a_record_in_which_the_sealed_conviction_then_comes_is_forgotten_with_it(
    database: Database, http: httpx.AsyncClient
) -> None:
    _, events = await send(database, doj(row()))
    await forget(database, due(events, f"{JANE}/001002001"))
    counts = [{"count": f"doj/los-angeles/18000077/{number}", "section": section}
              for number, section in (("001002001", "HS 11358"), ("002002001", "PC 459"))]  # fmt: skip
    for number, count in enumerate(counts):
        said = STATEMENT | {"statement_id": f"s{number}", "counts": [count]}
        assert (await http.post("/v1/counties/los-angeles/statements", json=said)).status_code == 200
    other = {"SUBJECT_ID": "18000077"}
    await send(database, doj(row(**other), row(**BURGLARY_COLUMNS | other)))
    kept = await database.pool.fetch("SELECT statement_id FROM statements")
    assert [each["statement_id"] for each in kept] == ["s1"]


async def test_what_is_stated_in_the_moment_of_sealing_waits_and_is_refused(
    database: Database, http: httpx.AsyncClient
) -> None:
    _, events = await send(database, doj(row()))
    asked = due(events, f"{JANE}/001002001")
    stated = STATEMENT | {"counts": [{"count": f"{JANE}/001002001", "section": "HS 11358"}]}
    async with database.transaction() as work:
        both = [Delivery(LinksPinned(relief_id=asked.relief_id)), Delivery(asked)]
        await on_relief(COUNTIES_SENDING, HASH)(both, work)
        answering = asyncio.create_task(http.post("/v1/counties/los-angeles/statements", json=stated))
        while not await database.pool.fetchval(WAITING):
            assert not answering.done()
            await asyncio.sleep(0.01)
    answer = await answering
    assert (answer.status_code, answer.json()["statements"][0]["problems"][0]["code"]) == (
        422,
        "conviction_sealed",
    )


async def test_what_may_be_sealed_is_taken_in_once_the_records_unit_says_that_it_is_another(
    database: Database, http: httpx.AsyncClient
) -> None:
    _, events = await send(database, court(**JANES_CASE))
    await forget(database, due(events, f"{CASE}/1"))
    nameless = JANES_CASE | {"record_id": "another", "defendant": {"surname": "Roe"}}
    bad = {"record_id": "bad", "case_number": "X1", "charges": [{"charge_number": "1"}]}
    receipts, _ = await send(database, court(**nameless), court(**bad))
    assert codes(receipts[0]) == ["may_be_sealed"]
    (entry,), (other,) = (one.quarantine_ids for one in receipts)
    place, said = (
        f"/v1/quarantine/{entry}/tell-apart",
        {"what": "another_person", "basis": "register, page 2"},
    )
    assert (await http.post(place, json={"what": "another_person"})).status_code == 422
    assert (await http.post(f"/v1/quarantine/{other}/tell-apart", json=said)).status_code == 409
    answer = await http.post(place, json=said)
    assert (answer.status_code, answer.json()["outcome"], answer.json()["problems"]) == (200, "recorded", [])
    assert await database.pool.fetchval("SELECT count(*) FROM audit_texts WHERE text LIKE '%page 2%'") == 1
    assert (await http.post(place, json=said)).json()["outcome"] == "resubmitted"
    (attempt,) = (await http.get(f"/v1/quarantine/{entry}")).json()["history"][1:]
    assert {"what": attempt["what"], "basis": attempt["why"]} == said
    again, _ = await send(database, court(**nameless))
    assert statuses(again) == ["repeat"]
    more, _ = await send(
        database, court(**nameless | {"revision": 2, "charges": [CHARGE | {"plea": "guilty"}]})
    )
    assert statuses(more) == ["recorded"]
    (left_out,), _ = await send(database, court(**JANES_CASE))
    assert [one.code for one in left_out.problems] == ["sealed_count_left_out"]
