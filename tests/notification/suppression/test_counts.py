"""Which count a dismissal is of, in whatever way the record that may be reported writes it."""

from datetime import date
from typing import Any

import pytest

from reliefstream_contracts.dismissals import ConvictionDismissed
from reliefstream_contracts.identifiers import CaseNumber, CountyName
from services.notification.dismissal import dismissal
from services.notification.suppression.counts import (
    Count,
    Section,
    case_numbers_of,
    comparable_case_number,
    section_of,
    suppressed,
)
from tests.notification.builders import START, ordered

DAY, OTHER_DAY = date(1999, 3, 4), date(1999, 3, 5)


def dismissed(**changes: Any) -> ConvictionDismissed:
    return dismissal(ordered(1), START).replace(**changes)


def asked(section: str = "HS 11359", on: date = DAY) -> Count:
    found = section_of(section)
    assert found
    return Count(CountyName("los-angeles"), "BA1", found, on)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("HS 11357(c)", Section("HS", "11357", ("C",))),
        ("11357(c) H&S", Section("HS", "11357", ("C",))),
        (" hs  11357 (C) ", Section("HS", "11357", ("C",))),
        ("11357(b)(2) H/S", Section("HS", "11357", ("B", "2"))),
        ("11362.1", Section("", "11362.1", ())),
        ("XX 11357", None),
        ("HS 11357 HS", None),
        ("marijuana", None),
        ("", None),
        ("11357(c", None),
    ],
)
def test_a_section_is_read_with_its_code_before_or_behind_it(written: str, found: Section | None) -> None:
    assert section_of(written) == found


def test_a_case_number_is_the_same_whatever_marks_and_zeros_it_is_written_with() -> None:
    assert len({comparable_case_number(each) for each in ("BA-000001", "ba 1", "BA000001")}) == 1
    assert comparable_case_number("BA1-01") != comparable_case_number("BA1")
    assert [comparable_case_number(each) for each in ("", "PENDING", "000")] == [None] * 3


def test_a_dismissal_is_found_under_each_sources_writing_of_its_case() -> None:
    numbers = {"court": CaseNumber("BA-000001"), "doj": CaseNumber("9BA00001")}
    assert case_numbers_of(dismissed(source_case_numbers=numbers)) == ["9BA1", "BA1"]
    assert case_numbers_of(dismissed(case_number=None, source_case_numbers={})) == []


@pytest.mark.parametrize(
    ("count", "changes", "answer"),
    [
        (asked(), {}, True),
        (asked("11359 H&S"), {}, True),
        (asked("11359"), {}, True),
        (asked("HS 11359(a)"), {}, True),
        (asked("HS 11359(b)"), {"code_section": "HS 11359(a)"}, False),
        (asked("HS 11357"), {}, False),
        (asked("PC 11359"), {}, False),
        (asked(on=OTHER_DAY), {}, False),
        (asked(on=OTHER_DAY), {"disposition_date": OTHER_DAY}, True),
        (asked(on=OTHER_DAY), {"conviction_date": None, "disposition_date": None}, True),
        (asked(), {"relief": "redesignation"}, False),
        (asked("HS 11357"), {"code_section": "HS 11357(c), HS 11359"}, True),
    ],
)
def test_a_count_is_suppressed_where_section_and_day_agree_with_a_dismissal(
    count: Count, changes: dict[str, Any], answer: bool
) -> None:
    assert suppressed(count, [dismissed(**changes)]) is answer


def test_of_a_case_that_is_relieved_in_part_the_other_counts_are_not_suppressed() -> None:
    dismissals = [dismissed(), dismissed(code_section="HS 11360(a)")]
    answers = [
        suppressed(asked(each), dismissals) for each in ("HS 11359", "HS 11360(a)", "HS 11358", "PC 459")
    ]
    assert answers == [True, True, False, False]
