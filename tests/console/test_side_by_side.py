"""What DOJ and the court say of a conviction, field by field: what differs is marked, what is missing stays so."""

from typing import Any

import pytest

from services.console.pages.side_by_side import others, sources
from services.console.words.time_line import time_line
from tests.console.services import a_person, a_review

REVIEW = a_review("1")


def said(**facts: Any) -> dict[str, Any]:
    """The fields of the review's conviction, with what DOJ says changed."""
    person = a_person(REVIEW)
    person["counts"][1] |= facts
    found = sources(person, REVIEW["counts"])
    assert found is not None
    return {row.name: row for row in found.rows}


@pytest.mark.parametrize(
    ("doj", "differs"), [("BA-1", False), ("ba 1", False), ("BA1", False), ("BA2", True), (None, False)]
)
def test_a_case_number_differs_by_more_than_its_writing(doj: str | None, differs: bool) -> None:
    assert said(case_number=doj)["Case number"].differs is differs


def test_a_level_that_differs_is_marked_and_a_charge_written_otherwise_is_not() -> None:
    rows = said(level="misdemeanor", as_written="11358 HS-CULTIVATE")
    assert rows["Level"].differs
    assert not rows["The charge as written"].differs


def test_each_count_is_told_with_its_place_in_what_was_sent() -> None:
    found = sources(a_person(REVIEW), REVIEW["counts"])
    assert found is not None
    assert found.where == ("The court's record 1, count 1", "DOJ's file ffffffffffff, row 17")


def test_a_conviction_that_is_in_no_record_any_more_has_no_sources() -> None:
    assert sources(a_person(REVIEW), ["court/los-angeles/gone/1"]) is None


def test_the_persons_other_convictions_are_those_that_the_review_is_not_of() -> None:
    assert [one["conviction_date"] for one in others(a_person(REVIEW), REVIEW["counts"])] == ["2003-05-06"]


def test_other_convictions_of_the_same_case_or_arrest_stand_beside_it() -> None:
    found = sources(a_person(REVIEW), REVIEW["counts"])
    assert found is not None
    assert [one["conviction_date"] for one in found.beside] == ["2003-05-06"]


def a_dated(*days: str | None) -> list[dict[str, Any]]:
    return [
        {"conviction_date": day, "offense": {"as_written": f"charge {at}"}} for at, day in enumerate(days)
    ]


def test_the_time_line_has_a_mark_for_each_day_and_says_in_words_which_is_the_pages_own() -> None:
    every = a_dated("2003-05-06", "1999-04-02", None, "1999-04-02")
    found = time_line(every, every[0])
    assert found is not None
    assert [one.own for one in found.marks] == [False, False, True]
    assert found.marks[0].x == found.marks[1].x
    assert found.marks[0].y != found.marks[1].y, "one does not cover the other"
    assert all(0 < one.x < found.width and 0 <= one.y < found.height for one in found.marks)
    assert [one.year for one in found.ticks] == [1999, 2000, 2001, 2002, 2003, 2004]
    assert found.described.endswith("May 6, 2003: charge 0 (this one).")
    assert found.undated == 1


def test_a_single_day_makes_no_time_line() -> None:
    every = a_dated("2003-05-06", None)
    assert time_line(every, every[0]) is None
