"""``reliefstream data-sheets``: a page for each of the court's forms, from a determinations.csv."""

import stat
from pathlib import Path

import pypdf
import pytest

from services.cli.data_sheets import data_sheets
from services.cli.terminal.exit import WrongUsage

HEADER = "county,case_number,section,level,disposition_date,outcome,route,reason\n"
PETITION = "los-angeles,BA7,HS 11358,felony,1999-04-02,not_eligible,,super_strike_prior\n"
REDESIGNATED = "los-angeles,BA8,HS 11359,felony,,redesignation,city_attorney:Torrance,r\n"
JUVENILE = "los-angeles,JV9,HS 11357(b),,2001-05-06,needs_review,district_attorney,juvenile_adjudication\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    found = tmp_path / "determinations.csv"
    found.write_text(HEADER + PETITION + REDESIGNATED + JUVENILE)
    return found


def sheets(table: Path, case: str) -> list[str]:
    """The text of each page."""
    out = table.with_name("sheets.pdf")
    data_sheets(table, case=case, out=out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(out).pages]


def test_a_case_has_a_sheet_for_each_form_with_what_the_table_says(table: Path) -> None:
    pages = sheets(table, "BA8")
    assert [page.partition(": ")[0][-6:] for page in pages] == ["CR-400", "CR-401", "CR-402", "CR-403"]
    for said in ("This is not the form.", "BA8", "HS 11359", "felony", "redesignated"):
        assert said in pages[0]
    assert "city attorney of Torrance" in pages[2]


def test_a_juvenile_adjudication_has_the_juvenile_courts_forms(table: Path) -> None:
    pages = sheets(table, "JV9")
    assert len(pages) == 3
    assert "JV-744" in pages[0]
    assert "May 6, 2001" in pages[0]


def test_a_case_that_is_not_there_and_a_file_that_is_another_are_wrong_calls(table: Path) -> None:
    with pytest.raises(WrongUsage, match="no determination on a case BA1"):
        sheets(table, "BA1")
    table.write_text("a,b\n1,2\n")
    with pytest.raises(WrongUsage, match=r"no determinations\.csv"):
        sheets(table, "BA7")


def test_a_table_that_a_spreadsheet_saved_is_read_or_refused_by_its_line(table: Path) -> None:
    saved = table.read_text()
    table.write_text("\ufeff" + saved)
    assert len(sheets(table, "BA7")) == 4
    for changed, why in (
        (saved.replace("1999-04-02", "04/02/99"), "line 2: disposition_date is no day"),
        (saved + "los-angeles,BA10,HS 11358,fel", "line 5: the row is cut off"),
        (saved.replace(",outcome", ",result"), "no column outcome"),
    ):
        table.write_text(changed)
        with pytest.raises(WrongUsage, match=why):
            sheets(table, "BA7")
