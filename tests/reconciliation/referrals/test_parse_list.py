"""A list as community groups send it: from a spreadsheet, by hand, with what goes wrong in both."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from services.reconciliation.referrals.parse_list import MOST, Line, Unreadable, read_json, read_table
from tests.reconciliation.referring import SIGNED, TODAY, somebody

HEADER = "surname,given_name,birth_date,case_number"


def lines_of(text: str, encoding: str = "utf-8") -> list[Line]:
    return read_table(text.encode(encoding), TODAY).lines


def refused(text: str) -> list[tuple[int, str]]:
    """Number and column of each line that is refused."""
    return [(line.number, line.problems[0].column) for line in lines_of(text) if line.problems]


def test_a_table_has_a_person_a_line_with_the_authorisation() -> None:
    (line,) = lines_of(
        "Last Name;First Name;DOB;Case;Authorisation;Signed on;Until\n"
        "REYES;ALMA;3/4/1985;BA012345;A-1;10/01/2026;2027-09-30\n"
    )
    assert line.person is not None
    assert (line.person.surname, line.person.birth_date) == ("REYES", date(1985, 3, 4))
    assert line.person.authorisation is not None
    assert line.person.authorisation.signed_on == date(2026, 10, 1)
    assert line.person.authorisation.until == date(2027, 9, 30)


def test_one_column_may_have_the_whole_name() -> None:
    (line,) = lines_of('name,birth_date\n"GARCIA LOPEZ, MARIA ELENA",1985-03-04\n')
    assert line.person is not None
    assert (line.person.surname, line.person.given_name, line.person.middle_name) == (
        "GARCIA LOPEZ", "MARIA", "ELENA",
    )  # fmt: skip
    assert refused("name,birth_date\nMARIA GARCIA,1985-03-04\n") == [(1, "name")]


def test_a_bad_line_costs_nothing_else() -> None:
    found = lines_of(
        f"{HEADER}\nREYES,ALMA,1985-03-04,\n{'X' * 10_000},ALMA,1985-03-04,\nREYES,ALMA,,\nLEE,KIM,1990-05-06,\n"
    )
    assert [line.person is not None for line in found] == [True, False, False, True]
    assert [problem.what for problem in found[1].problems] == ["has more than 100 characters"]
    assert [(problem.column, problem.what) for problem in found[2].problems] == [("birth_date", "is missing")]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("REYES,ALMA,31110,", "birth_date"),
        ("REYES,ALMA,3/4/85,", "birth_date"),
        ("REYES,ALMA,13/45/1985,", "birth_date"),
        ("REYES,ALMA,2031-01-01,", "birth_date"),
        ("REYES,ALMA,1985-03-04,1.20E+11", "case_number"),
        ("UNKNOWN,UNKNOWN,1985-03-04,", "surname"),
        ("123,456,1985-03-04,", "surname"),
        ('"REYES\nALMA",X,1985-03-04,', "surname"),
        ("REYES,ALMA,1985-03-04,A,B", ""),
    ],
)
def test_what_a_spreadsheet_or_a_hand_gets_wrong_is_said_of_its_line(line: str, column: str) -> None:
    assert refused(f"{HEADER}\nLEE,KIM,1990-05-06,\n{line}\n") == [(2, column)]


def test_no_text_repeats_what_was_sent() -> None:
    text = f"{HEADER}\nREYESTOKEN,ALMATOKEN,TOKEN,TOKEN{'X' * 90}\n"
    (line,) = lines_of(text)
    assert line.problems
    assert "TOKEN" not in repr(line.problems)


def test_a_person_who_stands_twice_is_taken_once() -> None:
    alma = "REYES,ALMA,1985-03-04"
    text = f"{HEADER}\nReyes,Alma,1985-03-04,A1\nLEE,KIM,1990-05-06,\n{alma},A1\n{alma},A2\n"
    found = lines_of(text)
    assert [line.number for line in found if line.person is None] == [3]
    assert "line 1" in found[2].problems[0].what


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_any_spreadsheets_encoding_is_read(encoding: str) -> None:
    (line,) = lines_of("surname,given_name,birth_date\nPEÑA,JOSÉ,1985-03-04\n", encoding)
    assert line.person is not None
    assert (line.person.surname, line.person.given_name) == ("PEÑA", "JOSÉ")


def test_a_workbook_is_read_as_the_same_table(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("Surname", "Given name", "Birth date", "Case number"))
        sheet.write_row(1, 0, ("REYES", "ALMA"))
        day = book.add_format({"num_format": "mm/dd/yyyy"})
        sheet.write_datetime(1, 2, datetime(1985, 3, 4), day)  # noqa: DTZ001 - as a spreadsheet has it
        sheet.write_number(1, 3, 123456)
    (line,) = read_table(file.read_bytes(), TODAY).lines
    assert line.person is not None
    assert (line.person.surname, line.person.birth_date) == ("REYES", date(1985, 3, 4))
    assert line.person.case_number == "123456"


def test_columns_that_are_not_known_are_not_read() -> None:
    found = read_table(b"surname,given_name,ssn,birth_date\nREYES,ALMA,123-45-6789,1985-03-04\n", TODAY)
    assert found.unread_columns == 1
    assert "6789" not in repr(found)


@pytest.mark.parametrize(
    "body", [b"", b"\n\n", b"a,b\n1,2\n", b"surname,given_name\nREYES,ALMA\n", b"\x00\x01\x02"]
)
def test_a_table_without_its_columns_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_table(body, TODAY)


@pytest.mark.parametrize("body", [b"", b"{", b'"x"', b"[]", b'{"persons": 1}', b"[" * 100_000])
def test_json_that_is_no_list_of_persons_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_json(body, TODAY)


def test_a_list_has_an_end() -> None:
    with pytest.raises(Unreadable, match="1 to 1000"):
        read_json(json.dumps([somebody(case_number=str(at)) for at in range(MOST + 1)]).encode(), TODAY)


@pytest.mark.parametrize(
    ("signed", "place"),
    [
        ({"reference": "A-1"}, "authorisation.signed_on"),
        ({**SIGNED, "until": "2026-09-30"}, "authorisation.signed_on"),
        ({**SIGNED, "signed_on": "2026-11-03"}, "authorisation.signed_on"),
    ],
)
def test_an_authorisation_is_whole_and_signed_before_it_is_used(signed: dict[str, str], place: str) -> None:
    (line,) = read_json(json.dumps([somebody(authorisation=signed)]).encode(), TODAY).lines
    assert [problem.column for problem in line.problems][:1] == [place]
