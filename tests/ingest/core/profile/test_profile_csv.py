"""Separated values by a profile: what real exports do to them."""

from pathlib import Path

import pytest

from services.ingest.core.court.cases import case_content
from services.ingest.core.doj.file.unit import Place
from services.ingest.core.profile.profile import Profile
from services.ingest.core.profile.sent_case import SentCase, SentUnit, read_sent_case
from tests.ingest.small_profiles import (
    COLUMNS,
    CSV,
    HEADER,
    SACRAMENTO,
    TODAY,
    a_profile,
    csv_row,
    read,
    refused,
    sent,
)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return a_profile(tmp_path)


def test_a_row_is_a_charge_with_a_part_of_its_sentence(profile: Profile) -> None:
    case = read(
        profile, csv_row(), csv_row(Part="2", Kind="probation", Length="3", Unit="Years"),
        csv_row(Count="2", Charge="11357(C) HS", Level="", Outcome="dism", Part="", Kind="", Length="", Unit=""),
    )  # fmt: skip

    assert (case.record_id, case.revision, case.case_number) == ("c1", 1, "94F001")
    assert (case.defendant.surname, case.defendant.given_name, case.defendant.middle_name) == (
        "DOE",
        "JANE",
        "Q",
    )
    assert [charge.charge_number for charge in case.charges] == ["1", "2"]
    assert [(part.kind, part.length, part.unit) for part in case.charges[0].sentence] == [
        ("jail", 30, "days"), ("probation", 3, "years"),
    ]  # fmt: skip
    assert (case.charges[1].disposition, case.charges[1].level_convicted, case.charges[1].sentence) == (
        "dismissed", None, (),
    )  # fmt: skip


def test_order_and_repetition_of_rows_change_nothing(profile: Profile) -> None:
    rows = [csv_row(), csv_row(Count="2"), csv_row(Count="2", Part="2")]

    once, again = read(profile, *rows), read(profile, *rows, *rows)

    assert once == again
    assert {c.charge_number: c for c in read(profile, *rows[::-1]).charges}.keys() == {"1", "2"}


@pytest.mark.parametrize(
    "header",
    [
        b"\xef\xbb\xbf" + HEADER,
        HEADER + b"\r",
        COLUMNS.upper().encode(),
        COLUMNS.replace("Decided", " decided ").replace("Level", "LE_VEL").encode(),
        COLUMNS.replace("Number", '"Num ber"').encode(),
    ],
)
def test_a_header_may_be_written_differently(profile: Profile, header: bytes) -> None:
    assert read(profile, csv_row() + b"\r", header=header).charges[0].disposition == "convicted"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("Decided", "Decision", "missing_column"),
        ("Judge", "Level", "duplicate_column"),
        ("Judge", "Courtroom", "unknown_column"),
        (COLUMNS, "a,b,c", "not_this_layout"),
        (COLUMNS, "", "not_this_layout"),
    ],
)
def test_a_header_that_means_something_else_is_refused(
    profile: Profile, old: str, new: str, code: str
) -> None:
    problems = refused(profile, csv_row(), header=COLUMNS.replace(old, new).encode() or b'"')

    assert (code, "header line") in problems


def test_a_separator_at_the_end_of_every_row_is_a_column_of_nothing(profile: Profile) -> None:
    assert read(profile, csv_row() + b",", header=HEADER + b",").record_id == "c1"
    assert refused(profile, csv_row() + b",x", header=HEADER + b",") == [("unnamed_column", "row 1")]


def test_a_column_more_is_passed_over_where_the_profile_says_so(tmp_path: Path) -> None:
    profile = a_profile(tmp_path, CSV.replace("ignored: [Judge]", "other_columns: ignore"))

    assert read(profile, csv_row(), header=HEADER.replace(b"Judge", b"Courtroom")).record_id == "c1"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (csv_row()[:60], ("column_count", "row 2")),
        (csv_row() + b",", ("column_count", "row 2")),
        (csv_row(Judge='A "X" B'), None),
        (csv_row().replace(b'Q"', b"Q"), ("column_count", "row 2")),
        (csv_row(Judge="a\x00b"), ("row_not_text", "row 2")),
        (csv_row(Judge="a").replace(b",a,", b",\xff,"), ("wrong_encoding", "row 2, byte 50")),
        (csv_row(Outcome="X"), ("unknown_code", "row 2, column Outcome")),
        (csv_row(Outcome=""), ("missing_field", "row 2, column Outcome")),
        (csv_row(Decided="15/01/1999"), ("invalid_date", "row 2, column Decided")),
        (csv_row(Born="01/02/70"), ("invalid_date", "row 2, column Born")),
        (csv_row(Length="3O"), ("not_a_number", "row 2, column Length")),
        (csv_row(Length="9" * 12), ("not_a_number", "row 2, column Length")),
        (csv_row(Length="2001"), ("invalid_value", "row 2, column Length")),
        (csv_row(Kind="hard labour"), ("unknown_code", "row 2, column Kind")),
        (csv_row(Name="JANE DOE"), ("unexpected_form", "row 2, column Name")),
        (csv_row(Charge="1" * 501), ("too_long", "row 2, column Charge")),
        (csv_row(Version="1.0"), ("not_a_number", "row 2, column Version")),
    ],
)
def test_a_bad_row_is_named_with_its_column(
    profile: Profile, row: bytes, problem: tuple[str, str] | None
) -> None:
    found = read_sent_case(profile, sent(csv_row(Case="c1"), row.replace(b",1,11358", b",2,11358")), TODAY)

    if problem is None:
        assert isinstance(found, SentCase)
    else:
        assert not isinstance(found, SentCase)
        assert problem in [(each.code, each.where) for each in found]


def test_no_problem_repeats_what_stands_in_the_file(profile: Profile) -> None:
    secret = "SECRETPERSON"
    for column in COLUMNS.split(","):
        found = read_sent_case(profile, sent(csv_row(**{column: secret})), TODAY)
        if not isinstance(found, SentCase):
            assert secret not in "".join(problem.to_json().decode() for problem in found)


def test_rows_of_one_case_that_differ_are_refused(profile: Profile) -> None:
    assert refused(profile, csv_row(), csv_row(Count="2", Born="01/03/1970")) == [
        ("rows_disagree", "rows 1-2, column Born")
    ]
    assert refused(profile, csv_row(), csv_row(Part="2", Outcome="DISM")) == [
        ("rows_disagree", "rows 1-2, column Outcome")
    ]


def test_one_day_in_two_forms_is_one_day(tmp_path: Path) -> None:
    profile = a_profile(tmp_path, CSV.replace("[MM/DD/YYYY]", "[MM/DD/YYYY, YYYYMMDD]"))

    assert read(profile, csv_row(), csv_row(Count="2", Born="19700102")).defendant.birth_date


def test_a_case_without_a_charge_is_refused_unless_it_is_withdrawn(tmp_path: Path) -> None:
    row = csv_row(Count="", Judge="D")
    assert refused(a_profile(tmp_path), row) == [("no_charge", "row 1, column Count")]

    text = CSV.replace(
        "case_number: Number", "case_number: Number\n  withdrawn: {column: Judge, table: {D: true}}"
    )
    withdrawn = read(a_profile(tmp_path, text.replace("ignored: [Judge]\n", "")), row)
    assert withdrawn.withdrawn
    assert not withdrawn.charges


def test_what_the_profile_lets_be_unknown_is_in_doubt_for_the_law(profile: Profile) -> None:
    found = read_sent_case(profile, sent(csv_row(Level="felonious")), TODAY)

    assert isinstance(found, SentCase)
    content = case_content(found.case, SACRAMENTO, Place(), found.unread)
    (count,) = content.counts
    assert count.level_convicted is None
    assert [(d.field, d.kind, d.as_written) for d in count.doubts] == [
        ("level_convicted", "unparsed", ("felonious",))
    ]


def test_a_blank_is_what_the_profile_says(profile: Profile) -> None:
    assert read(profile, csv_row(Born="n/a", Level=" N/A ")).defendant.birth_date is None
    assert refused(profile, csv_row(Born="none"))[0][0] == "invalid_date"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("DOE, JANE", ("DOE", "JANE", None, None)),
        ("GARCIA LOPEZ, JOSE LUIS M JR.", ("GARCIA LOPEZ", "JOSE", "LUIS M", "JR")),
        ("DOE JR, JOHN", ("DOE", "JOHN", None, "JR")),
        ("DOE, JOHN, III", ("DOE", "JOHN", None, "III")),
        ("DOE, JOHN V", ("DOE", "JOHN", "V", None)),
        ("DOE, JOHN A V", ("DOE", "JOHN", "A", "V")),
        ("O'BRIEN-SMITH , MARY  ANN", ("O'BRIEN-SMITH", "MARY", "ANN", None)),
    ],
)
def test_a_whole_name_has_parts(profile: Profile, name: str, parts: tuple[str | None, ...]) -> None:
    found = read(profile, csv_row(Name=name)).defendant

    assert (found.surname, found.given_name, found.middle_name, found.name_suffix) == parts


@pytest.mark.parametrize("number", ["BA-1012345", "ba1012345", "BA 1012345", "BA01012345", " 0BA1012345 "])
def test_forms_of_a_case_number_become_one(tmp_path: Path, number: str) -> None:
    pattern = "pattern: '0?(?P<s>[A-Z]{2})[- ]?0?(?P<n>[1-9][0-9]+)', write: '{s}{n}', upper: true"
    text = CSV.replace("case_number: Number", f"case_number: {{column: Number, {pattern}}}")

    assert read(a_profile(tmp_path, text), csv_row(Number=number)).case_number == "BA1012345"
    assert refused(a_profile(tmp_path, text), csv_row(Number="?"))[0] == (
        "unexpected_form",
        "row 1, column Number",
    )
    kept = a_profile(tmp_path, text.replace("upper: true", "otherwise: as_written"))
    assert read(kept, csv_row(Number="?")).case_number == "?"


def test_the_highest_revision_of_the_rows_counts_where_the_profile_says_so(tmp_path: Path) -> None:
    rows = csv_row(), csv_row(Count="2", Version="3")
    text = CSV.replace("case_by: [Case, Version]", "case_by: [Case]")
    assert refused(a_profile(tmp_path, text), *rows)[0][0] == "rows_disagree"

    highest = text.replace("revision: Version", "revision: {column: Version, of_rows: highest}")
    assert read(a_profile(tmp_path, highest), *rows).revision == 3


def test_without_columns_that_tell_parts_apart_a_charge_has_one(tmp_path: Path) -> None:
    profile = a_profile(
        tmp_path,
        CSV.replace("  - by: [Part]\n    fields:", "  - fields:").replace("[Judge]", "[Judge, Part]"),
    )

    (charge,) = read(profile, csv_row(Part=""), csv_row(Part="2")).charges
    assert [part.length for part in charge.sentence] == [30]


def test_a_file_without_a_header_has_the_columns_of_the_profile(tmp_path: Path) -> None:
    columns = f"utf-8, delimiter: '|', quote: none, columns: [{COLUMNS}]}}"
    profile = a_profile(tmp_path, CSV.replace("utf-8}", columns))
    row = csv_row(Name="DOE; JANE").replace(b",", b"|").replace(b"DOE; JANE", b'DOE, "JANE')

    assert read(profile, row, header=b"").defendant.given_name == '"JANE'


@pytest.mark.parametrize("value", [b"", HEADER, HEADER + b"\n\n \n"])
def test_a_message_without_a_row_is_refused(profile: Profile, value: bytes) -> None:
    found = read_sent_case(profile, SentUnit(value), TODAY)

    assert not isinstance(found, SentCase)
    assert found[0].code == "empty"
