"""The path of every record, on a real Postgres."""

import asyncio
import itertools
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reliefstream_contracts.event import Event
from reliefstream_contracts.receipts import ReceiptIssued
from reliefstream_contracts.records import CaseRecorded, Person, RapSheetRecorded, SourceRecord
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Received
from services.ingest import batch, store
from services.ingest.batch import record_batch
from services.ingest.core.message import Metadata, SourceMessage
from services.ingest.core.message_headers import metadata_of
from services.ingest.handlers import on_source_records
from services.ingest.profiles.counties import SendingCounty
from services.ingest.quarantine import store as quarantine_store
from services.ingest.quarantine.filter import Filter
from tests.ingest.rows import HASH, LA, case_bytes, row
from tests.left_out import without

pytestmark = pytest.mark.servers
COUNTIES_SENDING = {LA.county: SendingCounty(LA, ZoneInfo("America/Los_Angeles"))}
NUMBER = itertools.count(1)
AT = datetime(2026, 11, 22, 17, tzinfo=UTC)


def doj(*rows: bytes, **headers: str) -> SourceMessage:
    numbers = ",".join(str(n) for n, _ in enumerate(rows, 1))
    given = {"format": "doj", "file_sha256": "a" * 64, "rows": numbers} | headers
    return SourceMessage(f"test/0/{next(NUMBER)}", LA.county, metadata_of(given), b"\n".join(rows))


def court(**fields: object) -> SourceMessage:
    return SourceMessage(f"test/0/{next(NUMBER)}", LA.county, Metadata("court"), case_bytes(**fields))


async def send(
    database: Database, *messages_of: SourceMessage
) -> tuple[list[ReceiptIssued], Sequence[Event]]:
    async with database.transaction() as work:
        receipts = await record_batch(messages_of, work, COUNTIES_SENDING, HASH)
        emitted = [event for event, *_ in work.emitted]
    assert [e for e in emitted if isinstance(e, ReceiptIssued)] == receipts
    return receipts, [e for e in emitted if not isinstance(e, ReceiptIssued)]


def statuses(receipts: Sequence[ReceiptIssued]) -> list[str]:
    return [receipt.status for receipt in receipts]


def codes(receipt: ReceiptIssued) -> list[str]:
    return [problem.code for problem in receipt.problems]


async def quarantined(database: Database) -> list[dict[str, Any]]:
    async with database.transaction() as work:
        return await quarantine_store.listed(work.db, Filter(), 100, None)


async def test_a_receipt_names_the_record_that_a_message_names_whatever_else_it_lacks(
    database: Database,
) -> None:
    broken = [b'{"record_id": "r9", "revision": 2}', b'{"record_id": "r8", "charges": [', b'{"revision": 2}']
    sent = [SourceMessage(f"test/9/{n}", LA.county, Metadata("court"), raw) for n, raw in enumerate(broken)]
    receipts, _ = await send(database, *sent)
    assert [(receipt.status, receipt.record_id) for receipt in receipts] == [
        ("quarantined", "r9"),
        ("quarantined", "r8"),
        ("quarantined", None),
    ]


async def test_a_person_and_a_case_are_recorded_with_receipts(database: Database) -> None:
    receipts, events = await send(database, doj(row(), submission_id="s", unit="9"), court())
    assert statuses(receipts) == ["recorded", "recorded"]
    assert (receipts[0].submission_id, receipts[0].unit, receipts[0].record_id) == ("s", 9, "18000001")
    rap_sheet, case = events
    assert isinstance(rap_sheet, RapSheetRecorded) and isinstance(case, CaseRecorded)
    assert (rap_sheet.sequence, rap_sheet.counts[0].file_row, case.revision) == (1, 1, 1)


async def test_the_same_again_changes_nothing_and_says_so(database: Database) -> None:
    again = [doj(row()), court()]
    await send(database, *again)
    receipts, events = await send(database, *again)
    assert (statuses(receipts), events) == (["repeat", "repeat"], [])
    async with database.transaction() as work:
        assert await store.counts(work.db) == {
            "los-angeles": {"received": 4, "recorded": 2, "repeats": 2, "quarantined": 0}
        }


async def test_a_bad_row_costs_its_neighbours_nothing_but_the_history_is_incomplete(
    database: Database,
) -> None:
    ((receipt,), (event,)) = await send(database, doj(row(), row(CNT_ORDER="")))
    assert isinstance(event, RapSheetRecorded)
    assert (receipt.status, codes(receipt), event.refused_rows) == ("recorded", ["count_order_invalid"], 1)
    (entry,) = await quarantined(database)
    assert receipt.quarantine_ids == (entry["quarantine_id"],)
    async with database.transaction() as work:
        (kept,) = await quarantine_store.whole(work.db, receipt.quarantine_ids)
    assert kept and kept["headers"]["rows"] == "2"
    assert b"123456789" not in kept["raw"] and b"F1234567" not in kept["raw"]


async def test_the_remedy_for_latin_1_makes_the_history_complete(database: Database) -> None:
    rows = [row(), row(CNT_ORDER="002001001000", PRI_NAME="DOÉ,JANE").decode().encode("latin-1")]
    (first,), _ = await send(database, doj(*rows))
    assert codes(first) == ["row_not_utf8"]
    _, (event,) = await send(database, doj(*rows, encoding="latin-1"))
    assert isinstance(event, RapSheetRecorded)
    assert (event.sequence, event.refused_rows, len(event.counts)) == (2, 0, 2)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (SourceMessage("test/1/1", LA.county, Metadata(), row()), "missing_format_header"),
        (SourceMessage("test/1/2", LA.county, Metadata("xml"), b"<a/>"), "unknown_format"),
        (SourceMessage("test/1/3", LA.county, Metadata("doj"), b""), "empty"),
        (SourceMessage("test/1/4", LA.county, Metadata("court"), b""), "empty"),
        (doj(row(), row(SUBJECT_ID="2")), "several_subjects"),
        (doj(row(), extract="soon"), "invalid_header"),
        (doj(row(), rows="1,2"), "invalid_header"),
        (doj(row(), encoding="ebcdic"), "invalid_header"),
        (doj(row(), file_sha256="abc"), "invalid_header"),
        (doj(row(STP_ORI_CNTY_NAME="YOLO")), "no_conviction_in_county"),
        (doj(row(DISP_DESCR="DISMISSED")), "no_conviction_in_county"),
        (doj(row()[:40], row_faults="1=row_truncated"), "row_truncated"),
        (doj(row(SUBJECT_ID="")), "subject_id_missing"),
        (court(county="Yolo"), "other_county"),
        (court(charge={"disposition_date": "2091-01-01"}), "date_in_the_future"),
    ],
)
async def test_what_cannot_be_recorded_is_quarantined_with_a_remedy(
    database: Database, message: SourceMessage, code: str
) -> None:
    (good, bad), events = await send(database, court(), message)
    assert (good.status, bad.status, codes(bad)) == ("recorded", "quarantined", [code])
    assert bad.problems[0].remedy
    assert len(events) == 1
    assert len(await quarantined(database)) == 1
    # Delivered again after a crash, it has its one place.
    await send(database, message)
    assert len(await quarantined(database)) == 1


async def test_files_of_one_extract_are_united_in_any_order(database: Database) -> None:
    units = [
        doj(row(), file_sha256="b" * 64),
        doj(row(CNT_ORDER="005001001000", STP_ORI_CNTY_NAME="YOLO")),
        doj(row(CNT_ORDER="")),
    ]
    ends: list[SourceRecord] = []
    for number, order in enumerate(itertools.permutations(units)):
        subject = f"S{number}".encode()
        renamed = [
            SourceMessage(f"{s.receipt_id}/{number}", s.county, s.metadata, s.value.replace(b"18000001", subject))
            for s in order
        ]  # fmt: skip
        _, events = await send(database, *renamed[:2])
        _, more = await send(database, renamed[2])
        last = [*events, *more][-1]
        assert isinstance(last, RapSheetRecorded)
        assert (last.refused_rows, len(last.counts)) == (1, 2)
        ends.append(last)
    assert len({without(e, {"record_id", "sequence", "person"}) for e in ends}) == 1  # fmt: skip


async def test_an_older_extract_is_a_repeat_and_a_later_one_replaces(database: Database) -> None:
    receipts, events = await send(
        database,
        doj(row(), extract="2020-01-01"),
        doj(row(OFN="OLD1"), extract="2019-01-01"),
        doj(row(OFN="NEW1"), extract="2021-01-01"),
    )
    assert statuses(receipts) == ["recorded", "repeat", "recorded"]
    assert codes(receipts[1]) == ["older_extract"]
    last = events[-1]
    assert isinstance(last, RapSheetRecorded)
    assert (last.revision, last.sequence, [c.case_number for c in last.counts]) == (20210101, 2, ["NEW1"])


async def test_a_person_without_a_conviction_here_any_more_is_taken_back(database: Database) -> None:
    _, events = await send(database, doj(row(), extract="1"), doj(row(STP_ORI_CNTY_NAME="YOLO"), extract="2"))
    last = events[-1]
    assert isinstance(last, RapSheetRecorded)
    assert (last.withdrawn, last.person, last.counts) == (True, Person(), ())


async def test_court_revisions_go_forward_only(database: Database) -> None:
    receipts, events = await send(
        database,
        court(revision=2),
        court(revision=1),
        court(revision=2, court="Another Court"),
        court(revision=3, withdrawn=True, charges=[]),
    )
    assert statuses(receipts) == ["recorded", "repeat", "quarantined", "recorded"]
    assert [codes(r) for r in receipts] == [[], ["older_revision"], ["revision_conflict"], []]
    assert isinstance(events[-1], CaseRecorded)
    assert (events[-1].withdrawn, events[-1].person, events[-1].counts) == (True, Person(), ())


async def test_other_tasks_get_their_turn_while_a_large_batch_is_parsed_and_recorded(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, without_a_turn = 0, {"parse": Tally[int](), "decide": Tally[int]()}

    async def beat() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    def counted(name: str) -> Callable[..., Any]:
        step = getattr(batch, name)

        def counting(*given: Any, **more: Any) -> Any:
            without_a_turn[name][turns] += 1
            return step(*given, **more)

        return counting

    for name in without_a_turn:
        monkeypatch.setattr(batch, name, counted(name))
    beating = asyncio.create_task(beat())
    await send(database, *(court(record_id=str(number)) for number in range(130)))
    beating.cancel()

    assert all(tally.total() == 130 for tally in without_a_turn.values())
    assert max(max(tally.values()) for tally in without_a_turn.values()) <= batch.TURN


async def test_a_rap_sheet_without_a_conviction_in_the_county_says_nothing_and_the_others_go_through(
    database: Database,
) -> None:
    strike_of_yolo = row(STP_ORI_CNTY_NAME="YOLO", OFFENSE_DESCR="187 PC-MURDER", SUBJECT_ID="18000002")
    receipts, events = await send(database, doj(strike_of_yolo), doj(row()))
    assert statuses(receipts) == ["quarantined", "recorded"]
    assert codes(receipts[0]) == ["no_conviction_in_county"]
    assert [isinstance(each, RapSheetRecorded) and each.record_id for each in events] == ["18000001"]


async def test_a_countys_topic_takes_the_formats_that_its_file_says_and_the_others_go_through(
    database: Database,
) -> None:
    headers = {"format": "doj", "file_sha256": "a" * 64}, {"format": "court"}, {}
    bodies = row(), case_bytes(), row()
    sent = [
        Received(
            f"source-records-v1-{LA.county}",
            0,
            n,
            None,
            tuple((k, v.encode()) for k, v in given.items()),
            body,
            AT,
        )
        for n, (given, body) in enumerate(zip(headers, bodies, strict=True))
    ]
    only_court = COUNTIES_SENDING[LA.county]._replace(topic_formats=frozenset({"court"}))
    async with database.transaction() as work:
        await on_source_records({LA.county: only_court}, HASH)(sent, work)
        emitted = [event for event, *_ in work.emitted]
    receipts = [each for each in emitted if isinstance(each, ReceiptIssued)]
    assert statuses(receipts) == ["quarantined", "recorded", "quarantined"]
    assert codes(receipts[0]) == ["format_not_granted"]
    assert [type(each) for each in emitted if not isinstance(each, ReceiptIssued)] == [CaseRecorded]
    async with database.transaction() as work:
        assert await work.db.fetchval("SELECT count(*) FROM records WHERE source = 'doj'") == 0
