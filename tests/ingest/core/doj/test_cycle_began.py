"""The day of the arrest, as a cycle of a rap sheet shows it (INTERPRETATIONS I-70)."""

from datetime import date

import pytest

from tests.ingest.rows import row, sheet

ARREST = {"STP_TYPE_DESCR": "ARREST/DETAINED/CITED", "DISP_DESCR": "", "CNT_ORDER": "001001001000"}
NEW_YEAR = date(1995, 1, 1)


def test_a_cycles_date_is_that_of_the_arrest() -> None:
    (count,) = sheet(row(CYC_DATE="19950101", STP_EVENT_DATE="19950601")).counts
    assert (count.arrest_date, count.offense_date) == (NEW_YEAR, None)


def test_an_arrest_for_another_offense_of_the_cycle_is_the_arrest_all_the_same() -> None:
    arrest = row(**ARREST, OFFENSE_DESCR="11350 HS-POSSESS", STP_EVENT_DATE="19950101", CYC_DATE="19950101")
    (count,) = sheet(arrest, row()).counts
    assert (count.arrest_date, count.offense_date) == (NEW_YEAR, None)


def test_a_cycle_without_a_date_began_with_its_one_arrest() -> None:
    (count,) = sheet(row(**ARREST, STP_EVENT_DATE="19950101", CYC_DATE="x"), row(CYC_DATE="x")).counts
    assert count.arrest_date == NEW_YEAR


@pytest.mark.parametrize("cycle", ["", "x", "19950000", "19950601", "19950602", "20300101", "19830101"])
def test_nobody_can_tell_the_arrest_from(cycle: str) -> None:
    """No date, part of one, the conviction's day or a later one, a day to come, the person's childhood."""
    (count,) = sheet(row(CYC_DATE=cycle, STP_EVENT_DATE="19950601", PRI_DOB="19700102")).counts
    assert count.arrest_date is None


def test_the_person_was_fourteen_in_the_year_of_the_arrest_at_least() -> None:
    (count,) = sheet(row(CYC_DATE="19840101", STP_EVENT_DATE="19950601", PRI_DOB="19700102")).counts
    assert count.arrest_date == date(1984, 1, 1)


def test_a_cycle_that_holds_a_whole_life_began_with_no_arrest() -> None:
    later = row(CNT_ORDER="001009001000", STP_EVENT_DATE="20050601", OFN="BA2")
    assert [count.arrest_date for count in sheet(row(), later).counts] == [None, None]


@pytest.mark.parametrize("days", [("19950101", "19950301"), ("19941201",)])
def test_arrests_on_two_days_or_beside_the_cycles_date_tell_nothing(days: tuple[str, ...]) -> None:
    arrests = [
        row(**ARREST | {"CNT_ORDER": f"00100100{at}000"}, STP_EVENT_DATE=day)
        for at, day in enumerate(days, 1)
    ]
    (count,) = sheet(*arrests, row()).counts
    assert count.arrest_date is None


def test_two_cycles_of_one_number_and_different_dates_are_two() -> None:
    later = row(CNT_ORDER="001009001000", CYC_DATE="20050101", STP_EVENT_DATE="20050601", OFN="BA2")
    assert [count.arrest_date for count in sheet(row(), later).counts] == [NEW_YEAR, date(2005, 1, 1)]
