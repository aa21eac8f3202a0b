"""No cell of a CSV file is a formula to a spreadsheet, and every text comes back exactly."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliefstream_contracts.receipts import Problem
from services.cli.evaluate import evaluate
from services.cli.export import write_csv
from services.cli.offices.attachment import COLUMNS, exceptions, write_attachment
from services.csv_lines import as_written, csv_line
from services.evaluation.output.refused_csv import write_refused
from tests.evaluation.doj_rows import a_file, a_row

HOSTILE = [
    "=1+1",
    "@SUM(A1)",
    "-2+3",
    "+1",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    '"=1',
    "'=1",
    "''=1",
    "\uff1d1",
    " '\" +1",
]


def is_formula(text: str) -> bool:
    """As a spreadsheet may take it, whatever it strips first; a mark alone is a dash, not a formula."""
    stripped = text.lstrip('"' + "".join(mark for mark in text if mark.isspace()))
    return bool(text and text[0] in "\t\r\n") or (
        len(stripped) > 1 and stripped[0] in "=+-@\uff1d\uff0b\uff0d\uff20"
    )


@given(st.text(st.sampled_from("'\"=+-@ \t\r\n\uff1da1"), max_size=8) | st.text(max_size=8))
def test_a_cell_is_no_formula_and_comes_back_exactly(text: str) -> None:
    (written,) = cells_of(csv_line([text, "x"]))[:-1]
    assert not is_formula(written)
    assert as_written(written) == text
    assert written in (text, f"'{text}")


@pytest.mark.parametrize(
    "text", ["BA012345", "11358 HS", "O'BRIEN", "'quoted'", "[{}]", "", "1-2", "a=b", "-"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert cells_of(csv_line([text, "x"])) == [text, "x"]
    assert as_written(text) == text


def cells_of(written: str) -> list[str]:
    return [text for row in csv.reader(io.StringIO(written, newline="")) for text in row]


def assert_harmless(files: Iterable[Path]) -> None:
    for file in files:
        found = cells_of(file.open(newline="").read())
        assert found and not [text for text in found if is_formula(text)], file


def test_no_file_for_people_has_a_formula(tmp_path: Path) -> None:
    entries = [{"case_number": text, "counts": [text]} for text in HOSTILE]
    write_csv(entries, tmp_path / "export.csv")
    lines = [dict.fromkeys(COLUMNS, text) for text in HOSTILE]
    write_attachment(lines, tmp_path / "list.csv")
    problems = [Problem(code="c", column=text, what=text, remedy=text) for text in HOSTILE]
    write_refused([(tmp_path / "=x.csv", problem) for problem in problems], tmp_path / "refused.csv")

    with (tmp_path / "export.csv").open(newline="") as file:
        assert [as_written(row["case_number"]) for row in csv.DictReader(file)] == HOSTILE
    assert_harmless(tmp_path.glob("*.csv"))


def test_what_evaluate_writes_has_no_formula_and_keeps_the_case_number(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(
        a_file(a_row(OFN="-2+3+cmd|' /C calc'!A0", PRI_NAME="@DOE,JANE", SUBJECT_ID="+1"))
    )
    out = tmp_path / "out"
    evaluate(
        tmp_path / "in.csv",
        county="los-angeles",
        policy="los-angeles-2020",
        as_of=date(2019, 11, 11),
        out=out,
        reports="peer",
    )
    with (out / "determinations.csv").open(newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["case_number"], line["source_subject_id"]) == ("'-2+3+cmd|' /C calc'!A0", "'+1")
    assert_harmless(out.rglob("*.csv"))
    assert len(list(out.rglob("*.csv"))) > 3


def test_exceptions_may_be_copied_from_the_attachment(tmp_path: Path) -> None:
    (tmp_path / "except.txt").write_text("'-12\n-12\nBA1\n")
    assert exceptions(tmp_path / "except.txt") == ["-12", "-12", "BA1"]
