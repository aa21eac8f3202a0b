"""Numbers that a spreadsheet has written otherwise are no numbers: of a case, a person or a count."""

import pytest

from services.ingest.core.court.cases import problems_of
from services.ingest.core.court.strict_json import read_case
from services.ingest.core.source_location import MESSAGE
from services.spreadsheet_damage import spreadsheet_damage
from tests.ingest.rows import LA, TODAY, case_bytes, row, sheet, unit

DAMAGED = [
    "2.00E+11",
    "2,01E+11",
    "1E+09",
    "200500012345.0",
    "#REF!",
    "#N/A",
    "########",
    "1/2/2005",
    "01/02/05 00:00",
    "2005-01-02 00:00:00",
    "5-Jan-05",
    "Jan-05",
    "5-Jan",
    "=A1",
    "31.12.1999",
    "00:00:00",
    "1,234,567",
    "False",
]
NUMBERS = [
    "BA012345",
    "5E01234",
    "9E12",
    "12-3456",
    "SCD123456-A",
    "05-01234",
    "7DN01234",
    "2005-12345",
    "MAY-1234567",
    "5.01",
]


@pytest.mark.parametrize("text", DAMAGED)
def test_what_a_spreadsheet_writes_is_told_from_a_number(text: str) -> None:
    assert spreadsheet_damage(text)


@pytest.mark.parametrize("text", [*NUMBERS, "", "200500012345", "001002001000", "A12345678"])
def test_numbers_of_courts_are_none_of_it(text: str) -> None:
    assert spreadsheet_damage(text) is None


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_case_number_of_doj_is_unknown_with_a_doubt(text: str) -> None:
    (count,) = sheet(row(OFN=text)).counts
    assert count.case_number is None
    assert ("case_number", "unparsed") in [(doubt.field, doubt.kind) for doubt in count.doubts]


@pytest.mark.parametrize("text", ["N/A", "NONE", "UNKNOWN", "NAN", "SEE COMMENT", "-", "000000"])
def test_what_stands_where_nobody_has_a_case_number_is_none(text: str) -> None:
    (count,) = sheet(row(OFN=text)).counts
    assert count.case_number is None and not count.doubts
    case = read_case(case_bytes(case_number=text), MESSAGE)
    assert not isinstance(case, tuple)
    (problem,) = problems_of(case, LA, TODAY, MESSAGE)
    assert (problem.code, problem.path) == ("case_number_invalid", "case_number")


@pytest.mark.parametrize("text", DAMAGED)
def test_a_case_of_a_court_with_a_damaged_number_is_refused_with_the_reason(text: str) -> None:
    case = read_case(case_bytes(case_number=text), MESSAGE)
    assert not isinstance(case, tuple)
    (problem,) = problems_of(case, LA, TODAY, MESSAGE)
    assert problem.code == "spreadsheet_number" and "spreadsheet" in problem.what


def test_a_damaged_subject_id_unites_nobody() -> None:
    read = unit(row(SUBJECT_ID="1.80E+07"), row(SUBJECT_ID="1.80E+07", PRI_NAME="ROE,RICHARD"))
    assert not read.rows
    assert [one.problem.code for one in read.refused] == ["spreadsheet_number", "spreadsheet_number"]


def test_a_damaged_count_order_is_refused_with_the_reason() -> None:
    (refused,) = unit(row(CNT_ORDER="1.00E+09")).refused
    assert refused.problem.code == "count_order_invalid" and "spreadsheet" in refused.problem.what


def test_a_damaged_cii_number_links_nobody() -> None:
    found = sheet(row(CII_NUMBER="1.23E+07"))
    assert found.person.cii_numbers == ()
    assert ("cii_numbers", "impossible") in [(doubt.field, doubt.kind) for doubt in found.doubts]


def test_a_damaged_cii_number_of_a_court_is_refused_with_the_reason() -> None:
    read = read_case(case_bytes(defendant={"cii_number": "1.23E+07", "surname": "Doe"}), MESSAGE)
    assert isinstance(read, tuple)
    (problem,) = read
    assert (problem.code, problem.path) == ("spreadsheet_number", "defendant.cii_number")
