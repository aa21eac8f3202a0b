"""Which messages are one entry of quarantine: those of one content that is read in the same way."""

from uuid import UUID

import pytest

from reliefstream_contracts.identifiers import CountyName
from services.ingest.core.counties import intake
from services.ingest.core.intake_decision import IntakeDecision, decide
from services.ingest.core.message import SourceMessage
from services.ingest.core.message_headers import metadata_of
from services.ingest.core.parse import parse
from services.ingest.core.parsed import Unparseable
from services.ingest.core.profile.profile import Profile
from services.ingest.quarantine.entry import Entry, entry_of
from tests.ingest.rows import LA, TODAY, case_bytes, header, row

BAD_CASE = case_bytes(charges=[], ssn="123-45-6789")
BAD_ROW = row(CNT_ORDER="")
DOJ = {"format": "doj", "file_sha256": "a" * 64, "rows": "7", "unit": "3", "extract": "2026-11-01"}
COURT = {"format": "court", "file_sha256": "a" * 64, "rows": "7"}
PROFILES: dict[str, Profile] = {}


def entry(value: bytes, headers: dict[str, str], county: str = "los-angeles") -> Entry:
    message = SourceMessage("t/0/1", CountyName(county), metadata_of(headers), value)
    at = LA if county == "los-angeles" else intake(CountyName(county))
    reading = parse(message, at, TODAY, PROFILES)
    decision = (
        IntakeDecision("quarantined", None, problems=reading.problems)
        if isinstance(reading, Unparseable)
        else decide(None, reading, at, TODAY)
    )
    found = entry_of(message, reading, decision, None, TODAY)
    assert found is not None
    return found


def one_id(value: bytes, headers: dict[str, str]) -> UUID:
    return entry(value, headers).quarantine_id


SAME: dict[str, dict[str, str]] = {
    "another file": {"file_sha256": "b" * 64},
    "another row": {"rows": "12"},
    "another line": {"line_offset": "1"},
    "another submission": {"submission_id": "s", "unit": "9"},
    "another trace": {"traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01"},
    "the format in capitals": {"format": " DOJ "},
    "the extract in other words": {"extract": "20261101"},
    "the encoding that is meant": {"encoding": "UTF-8"},
}
OTHER: dict[str, dict[str, str]] = {
    "profile": {"profile": "odyssey"},
    "extract": {"extract": "2026-11-02"},
    "an extract that is none": {"extract": "soon"},
    "encoding": {"encoding": "latin-1"},
    "format": {"format": "fax"},
    "what the sender saw of the row": {"row_faults": "7=row_truncated"},
    "a numbering that is wrong": {"rows": "7,8"},
    "a file that is none": {"file_sha256": "abc"},
}


@pytest.mark.parametrize("how", SAME)
def test_in_another_file_row_or_submission_it_is_the_same_entry(how: str) -> None:
    assert one_id(BAD_ROW, DOJ | SAME[how]) == one_id(BAD_ROW, DOJ)


@pytest.mark.parametrize("how", OTHER)
def test_what_is_read_in_another_way_is_another_entry(how: str) -> None:
    assert one_id(BAD_ROW, DOJ | OTHER[how]) != one_id(BAD_ROW, DOJ)


def test_a_row_that_was_cut_is_the_same_wherever_it_stands() -> None:
    cut = DOJ | {"row_faults": "7=row_truncated"}
    moved = DOJ | {"rows": "9", "row_faults": "9=row_truncated"}
    assert one_id(BAD_ROW[:90], cut) == one_id(BAD_ROW[:90], moved)


def test_another_county_record_revision_or_content_is_another_entry() -> None:
    found = [
        entry(BAD_CASE, COURT),
        entry(BAD_CASE, COURT, "yolo"),
        entry(case_bytes(charges=[], ssn="123-45-6789", record_id="2"), COURT),
        entry(case_bytes(charges=[], ssn="123-45-6789", revision=2), COURT),
        entry(case_bytes(charges=[], ssn="123-45-6789", court="Another"), COURT),
    ]
    assert len({each.quarantine_id for each in found}) == len(found)


def test_an_id_tells_nothing_of_a_number_that_is_masked() -> None:
    other = BAD_CASE.replace(b"123-45-6789", b"987-65-4321")
    assert one_id(BAD_CASE, COURT) == one_id(other, COURT)
    assert one_id(row(CNT_ORDER="", PRI_SSN="111111111"), DOJ) == one_id(BAD_ROW, DOJ)


def test_rows_that_are_refused_are_one_content_beside_others_and_alone() -> None:
    beside = entry(row() + b"\n" + BAD_ROW, DOJ | {"rows": "6,7"})
    alone = entry(header() + b"\r\n" + BAD_ROW + b"\r\n", DOJ)
    assert (beside.kind, alone.kind) == ("rows", "record")
    assert beside.quarantine_id == alone.quarantine_id


def test_what_is_tried_again_keeps_its_entry() -> None:
    tried = SourceMessage("r", LA.county, metadata_of(COURT), BAD_CASE, resubmitted=UUID(int=7))
    reading = parse(tried, LA, TODAY)
    assert isinstance(reading, Unparseable)
    found = entry_of(
        tried, reading, IntakeDecision("quarantined", None, problems=reading.problems), None, TODAY
    )
    assert found and (found.quarantine_id, found.again) == (UUID(int=7), True)
