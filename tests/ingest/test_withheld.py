"""A person's rows that are refused with their message: the history lacks them until they come right."""

import itertools
from collections.abc import Callable, Sequence

import pytest

from reliefstream_contracts.event import Event
from reliefstream_contracts.receipts import ReceiptIssued
from reliefstream_contracts.records import RapSheetRecorded
from services.chassis.runtime.database import Database
from services.ingest.core import intake_decision
from services.ingest.core.doj.file.uniting import DojRecord, from_json, to_json
from services.ingest.core.intake_decision import StoredRecord, decide
from services.ingest.core.message import SourceMessage
from services.ingest.core.message_headers import metadata_of
from services.ingest.core.parse import parse
from services.ingest.core.parsed import ParsedRows, Unparseable
from tests.ingest.rows import LA, TODAY, row
from tests.ingest.test_batch import doj, send

OTHER = row(CNT_ORDER="003001001000", OFFENSE_DESCR="187 PC-MURDER")
SPANISH = row(CNT_ORDER="003001001000", PRI_NAME="MUÑOZ,JANE").decode().encode("latin-1")
B = row()


def message(*rows: bytes, key: str = "", **headers: str) -> SourceMessage:
    return SourceMessage(
        "t/0/1", LA.county, metadata_of({"format": "doj"} | headers), b"\n".join(rows), key=key
    )


class OnFile:
    """Records without a database, and what is published of them."""

    def __init__(self) -> None:
        self.stored: dict[str, StoredRecord] = {}
        self.published: dict[str, RapSheetRecorded] = {}
        self.statuses: list[str] = []

    def take(self, *messages_of: SourceMessage) -> "OnFile":
        for message in messages_of:
            found = parse(message, LA, TODAY)
            assert isinstance(found, ParsedRows | Unparseable)
            readings = found.withheld if isinstance(found, Unparseable) else (found, *found.withheld)
            for reading in readings:
                done = decide(self.stored.get(reading.record_id), reading, LA, TODAY)
                self.statuses.append("quarantined" if isinstance(found, Unparseable) else done.status)
                if done.stored:
                    assert isinstance(done.stored.content, DojRecord)
                    kept = to_json(done.stored.content)
                    assert from_json(done.stored.revision, kept) == done.stored.content
                    self.stored[reading.record_id] = done.stored
                if done.event:
                    assert isinstance(done.event, RapSheetRecorded)
                    self.published[reading.record_id] = done.event
        return self

    def refused_rows(self, subject: str = "18000001") -> int:
        return self.published[subject].refused_rows


WRONG: dict[str, Callable[[bytes], SourceMessage]] = {
    "encoding": lambda raw: message(raw, encoding="utf-61"),
    "rows": lambda raw: message(raw, rows="1,2"),
    "file": lambda raw: message(raw, file_sha256="abc"),
    "several": lambda raw: message(raw, row(SUBJECT_ID="2")),
    "no format": lambda raw: message(raw, format=""),
    "another format": lambda raw: message(raw, format="rap sheet"),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("raw", [OTHER, SPANISH])
def test_in_any_order_the_history_is_incomplete_until_the_rows_come_right(wrong: str, raw: bytes) -> None:
    refused, right = WRONG[wrong](raw), message(raw, encoding="latin-1")
    for order in itertools.permutations([refused, message(B)]):
        assert OnFile().take(*order).refused_rows() == 1
    for order in itertools.permutations([refused, message(B), right]):
        on_file = OnFile().take(*order)
        assert (on_file.refused_rows(), len(on_file.published["18000001"].counts)) == (0, 2)


def test_a_later_extract_replaces_it_and_an_older_one_says_nothing() -> None:
    refused = message(OTHER, encoding="utf-61", extract="2")
    assert OnFile().take(message(B, extract="2"), refused, message(B, extract="3")).refused_rows() == 0
    assert OnFile().take(refused, message(B, extract="3")).refused_rows() == 0
    assert OnFile().take(message(B, extract="3"), refused).refused_rows() == 0
    # The same row in an older extract is not that of the newer one.
    newer = OnFile().take(message(B, OTHER, extract="1"), refused)
    assert (newer.refused_rows(), newer.take(message(OTHER, extract="2")).refused_rows()) == (1, 0)


def test_each_of_several_persons_lacks_its_own_rows_and_the_one_that_names_nobody() -> None:
    bad = message(OTHER, row(SUBJECT_ID="2", OFN="2"), b"no columns")
    on_file = OnFile().take(message(B), message(row(SUBJECT_ID="2")), bad)
    assert (on_file.refused_rows("18000001"), on_file.refused_rows("2")) == (2, 2)


def test_where_no_row_names_the_person_the_key_does() -> None:
    on_file = OnFile().take(message(B), message(b"no columns", key="18000001"))
    assert on_file.refused_rows() == 1
    assert OnFile().take(message(B), message(b"no columns")).refused_rows() == 0


@pytest.mark.parametrize("extract", ["soon", "2091-01-01"])
def test_where_the_extract_cannot_be_told_it_is_quarantined_and_no_more(extract: str) -> None:
    found = parse(message(OTHER, extract=extract), LA, TODAY)
    assert isinstance(found, Unparseable) and found.withheld == ()


def test_a_record_that_became_too_large_is_known_to_lack_what_made_it_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone = OnFile().take(message(B)).published["18000001"]
    monkeypatch.setattr(intake_decision, "EVENT_LIMIT", len(alone.to_json().decode()) + 20)
    large = message(*(row(CNT_ORDER=f"00{n}001001000") for n in range(2, 8)))
    for order in itertools.permutations([large, message(B)]):
        on_file = OnFile().take(*order)
        assert (on_file.refused_rows(), len(on_file.published["18000001"].counts)) == (6, 1)
        assert sorted(on_file.statuses) == ["quarantined", "recorded"]
        assert on_file.take(large).statuses[-1] == "quarantined"
        assert on_file.take(message(B, extract="1")).refused_rows() == 0


@pytest.mark.parametrize(("room", "status"), [(0, "recorded"), (-1, "quarantined")])
def test_a_record_may_be_as_large_as_the_limit_and_no_larger(
    monkeypatch: pytest.MonkeyPatch, room: int, status: str
) -> None:
    published = OnFile().take(message(B)).published["18000001"]
    monkeypatch.setattr(intake_decision, "EVENT_LIMIT", len(published.to_json()) + room)
    assert OnFile().take(message(B)).statuses == [status]


@pytest.mark.parametrize(("length", "known"), [(60, True), (61, False)])
def test_a_persons_key_that_is_too_long_is_none(length: int, known: bool) -> None:
    found = parse(message(row(SUBJECT_ID="7" * length)[:300]), LA, TODAY)
    assert isinstance(found, ParsedRows) == known


@pytest.mark.parametrize(
    ("form", "what"),
    [({"format": ""}, "the message does not say what it is"), ({"format": "xml"}, "no such format")],
)
def test_a_message_of_no_known_format_is_told_why(form: dict[str, str], what: str) -> None:
    found = parse(SourceMessage("t/0/1", LA.county, metadata_of(form), b"<a/>", key=""), LA, TODAY)
    assert isinstance(found, Unparseable) and [one.what for one in found.problems] == [what]


@pytest.mark.servers
async def test_it_is_published_and_the_receipt_says_quarantined(database: Database) -> None:
    def sheets(events: Sequence[Event]) -> list[tuple[int, int]]:
        return [(e.sequence, e.refused_rows) for e in events if isinstance(e, RapSheetRecorded)]

    def said(receipts: Sequence[ReceiptIssued]) -> list[tuple[str, int | None]]:
        return [(receipt.status, receipt.revision) for receipt in receipts]

    bad = doj(OTHER, encoding="utf-61", extract="7")
    receipts, events = await send(database, doj(B, extract="7"), bad)
    assert said(receipts) == [("recorded", 7), ("quarantined", None)]
    assert sheets(events) == [(1, 0), (2, 1)]
    receipts, events = await send(database, bad)
    assert (said(receipts), events) == ([("quarantined", None)], [])
    receipts, events = await send(database, doj(OTHER, extract="7"))
    assert (said(receipts), sheets(events)) == ([("recorded", 7)], [(3, 0)])
