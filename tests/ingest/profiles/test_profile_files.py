"""Profiles are checked before anything is read by them, and say where they are wrong."""

from pathlib import Path

import pytest

from services.chassis.settings.located_yaml import WrongFile
from services.ingest.profiles.counties import sending_counties
from services.ingest.profiles.field_rules import OPTIONS
from services.ingest.profiles.profile_file import OPTIONAL, REQUIRED
from tests.county_files import POLICIES
from tests.ingest.small_profiles import CSV, JSON, SACRAMENTO_FOLDER, a_profile

FIXED = (
    (SACRAMENTO_FOLDER / "profiles" / "mainframe.yaml")
    .read_text()
    .replace("profile: mainframe", "profile: trial")
)


def test_the_profiles_of_every_county_are_good() -> None:
    found = sending_counties(SACRAMENTO_FOLDER.parent)

    assert {name: sorted(intake.profiles) for name, intake in found.items() if intake.profiles} == {
        "sacramento": ["ecourt", "mainframe", "odyssey"]
    }
    assert {name: intake.court_profile for name, intake in found.items() if intake.court_profile} == {
        "sacramento": "odyssey"
    }


@pytest.mark.parametrize(
    ("text", "wrong", "line", "what"),
    [
        (CSV, ("profile: trial", "profile: other"), 1, "should be named as its file"),
        (CSV, ("blank: [N/A]", "blanks: [N/A]"), 5, "unknown key 'blanks'"),
        (CSV, ("blank: [N/A]", "root:$6$salt$hash: [N/A]"), 5, "unknown key a key that is no word; known"),
        (CSV, ("blank: [N/A]", f"{'s' * 90}: [N/A]"), 5, f"unknown key '{'s' * 40}'; known"),
        (CSV, ("blank: [N/A]", "blank: [0]"), 5, "a list of texts is expected (numbers in quotes)"),
        (CSV, ("{kind: csv, encoding: utf-8}", "csv"), 2, "layout: {kind: ...} is expected"),
        (CSV, ("kind: csv", "kind: xml"), 2, "one of csv, fixed, json_lines, json_array"),
        (CSV, ("utf-8}", "utf-16}"), 2, "encoding: one of utf-8, latin-1, cp1252"),
        (CSV, ("utf-8}", 'utf-8, delimiter: "||"}'), 2, "delimiter: one character"),
        (CSV, ("utf-8}", "utf-8, columns: [Case, Version]}"), 2, "the layout has no column"),
        (CSV, ("utf-8}", "utf-8, columns: [Case, case]}"), 2, "'case' stands twice"),
        (CSV, ("case_by: [Case, Version]\n", ""), 1, "tells one case from another"),
        (CSV, ("rows: anywhere", "rows: somewhere"), 4, "rows: one of together, anywhere"),
        (CSV, ("[MM/DD/YYYY]", "[MM/DD]"), 6, "a year, a month and a day are needed"),
        (CSV, ("[MM/DD/YYYY]", "[MM/DD/YY]"), 6, "needs a pivot"),
        (CSV, ("[MM/DD/YYYY]", "[{format: MM/DD/YYYY, pivot: 30}]"), 6, "a pivot is for a year of two digits"),
        (CSV, ("[MM/DD/YYYY]", "[MM/DD/YYYY, DD/MM/YYYY]"), 6, "read one text as two days"),
        (CSV, ("[MM/DD/YYYY]", "[{format: MMDDYY, pivot: 3}, {format: YYMMDD, pivot: 3}]"), 6, "as two days"),
        (CSV, ("[MM/DD/YYYY]", "[Month/Day]"), 6, "stands for nothing"),
        (CSV, ("dates: [MM/DD/YYYY]\n", ""), 18, "birth_date: in which form are its dates"),
        (CSV, ("CONV: convicted", "CONV: guilty"), 10, "disposition is one of acquitted, convicted"),
        (CSV, ("{CONV:", "{01:"), 10, "as a text in quotes"),
        (CSV, ("DISM: dismissed", "conv: dismissed"), 10, "the code 'CONV' stands twice"),
        (CSV, ("  record_id: Case\n", ""), 12, "missing record_id"),
        (CSV, ("record_id: Case", "recordid: Case"), 12, "unknown key 'recordid'"),
        (CSV, ("record_id: Case", "record_id: [Case]"), 12, "record_id: a column, or"),
        (CSV, ("record_id: Case", "record_id: {column: Case, colour: x}"), 12, "unknown key 'colour'"),
        (CSV, ("record_id: Case", "record_id: {column: Case, value: x}"), 12, "one of column, columns, value"),
        (CSV, ("record_id: Case", "record_id: {column: SSN}"), 7, "cannot be dropped"),
        (CSV, ("record_id: Case", "record_id: {column: Case, otherwise: unknown}"), 12, "cannot be unknown"),
        (CSV, ("record_id: Case", "record_id: {column: Case, dates: [YYYYMMDD]}"), 12, "record_id is no date"),
        (CSV, ("case_number: Number", "case_number: {column: Number, pattern: '(['}"), 16, "pattern:"),
        (CSV, ("case_number: Number", "case_number: {column: Number, pattern: '(a+)+'}"), 16, "can take for ever"),
        (CSV, ("case_number: Number", "case_number: {column: Number, write: x}"), 16, "write: needs a pattern"),
        (CSV, ("case_number: Number", "case_number: {column: Number, pattern: a, write: '{b}'}"), 16, "no group 'b'"),
        (CSV, ("case_number: Number", "case_number: {column: Number, table: none}"), 16, "no table 'none'"),
        (CSV, ("revision: Version", "revision: {column: Version, table: {A: 1}}"), 13, "a table is for codes"),
        (CSV, ("LAST, FIRST MIDDLE", "FIRST LAST"), 18, "in which form"),
        (CSV, ("  birth_date: Born", "  surname: Born"), 18, "either the whole name, or its parts"),
        (CSV, ("  by: [Count]\n", ""), 20, "what tells one charge from another"),
        (CSV, ("  by: [Count]", "  each: counts"), 21, "unknown key 'each'"),
        (CSV, ("table: dispositions", "table: 5"), 26, "a mapping of codes"),
        (CSV, ("sentence:\n  - by", "sentence:\n    by"), 28, "a list is expected"),
        (CSV, ("revision: Version", "revision: {column: Version, timestamp: [YYYYMMDD], table: x}"), 13, "table"),
        (CSV, ("case_number: Number", "case_number: Number\n  withdrawn: Number"), 17, "true and false is needed"),
        (CSV, ("case_number: Number", "case_number: Number\n  prosecuting_agency: {column: A, table: {T: {city: X}}}"),
         17, "'X' does not prosecute by county.yaml"),
        (JSON, ("path: cases", "path: 'cases[0]'"), 2, "keys from the top to the array"),
        (JSON, ("record_id: id", "record_id: id["), 7, "is no path"),
        (JSON, ("each: counts", "each: ..counts"), 16, "is no path"),
        (JSON, ("dates:", "case_by: [id]\ndates:"), 3, "an object of JSON is one case"),
        (JSON, ("seq\n", "{statute: {code: a, section: b}}\n"), 18, "statute: of code_section only"),
        (FIXED, ("encoding: latin-1", "encoding: utf-8"), 6, "positions count bytes"),
        (FIXED, ("length: 100", "length: 99"), 16, "is not within 1 to 99"),
        (FIXED, ("COURT: [39, 41]", "COURT: [38, 41]"), 15, "COUNTY and COURT overlap"),
        (FIXED, ("COUNTY: [21, 38]", "COUNTY: [20, 38]"), 15, "common VERSION and COUNTY overlap"),
        (FIXED, ("COUNTY: [21, 38]", "COUNTY: 21"), 15, "[first, last] is expected"),
        (FIXED, ("starts: charge", "starts: crime"), 21, "either starts or continues"),
        (FIXED, ("starts: relief", "starts: sentence"), 12, "two record types start the same part"),
        (FIXED, ("{column: STATUS,", "{column: STATE,"), 0, "no row of a case has a column 'STATE'"),
        (FIXED, ("case_by: [CASE-KEY, VERSION]", "case_by: [CASE-NO]"), 0, "is no column of every row"),
        (FIXED, ('skipped: ["00", "99"]', "skipped: [0]"), 10, "in quotes"),
    ],
)  # fmt: skip
def test_a_wrong_profile_is_told_with_its_line(
    tmp_path: Path, text: str, wrong: tuple[str, str], line: int, what: str
) -> None:
    assert text.count(wrong[0]) >= 1

    with pytest.raises(WrongFile) as refused:
        a_profile(tmp_path, text.replace(*wrong, 1))

    assert what in str(refused.value)
    assert f"{tmp_path / 'trial.yaml'}, line {line or ''}" in str(refused.value)


def test_a_city_that_prosecutes_is_named_as_the_law_reads_it(tmp_path: Path) -> None:
    agencies = "prosecuting_agency: {column: Agency, table: {LB: {city: Long Beach}, DA: District Attorney}}"
    profile = a_profile(
        tmp_path,
        CSV.replace("case_number: Number", f"case_number: Number\n  {agencies}"),
        cities=["Long Beach"],
    )

    (field,) = (field for field in profile.case if field.name == "prosecuting_agency")
    assert field.table == {"LB": "Long Beach City Attorney", "DA": "District Attorney"}


def test_a_county_that_names_a_profile_that_is_not_there_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "yolo").mkdir()
    (tmp_path / "yolo" / "county.yaml").write_text(f"county: yolo\ncourt_profile: odyssey\n{POLICIES}")

    with pytest.raises(ValueError, match="no profile 'odyssey'; there are none"):
        sending_counties(tmp_path)


def test_the_manual_names_every_word_of_a_profile() -> None:
    manual = (Path(__file__).parents[3] / "docs" / "guides" / "profiles.md").read_text()
    words = (
        REQUIRED
        | OPTIONAL
        | OPTIONS
        | {"by", "each", "fields", "short_rows", "record_type", "skipped", "common"}
    )

    assert [word for word in sorted(words) if f"`{word}`" not in manual and f"`{word}:" not in manual] == []
