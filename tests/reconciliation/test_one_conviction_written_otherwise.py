"""One conviction whose case number ends in a defendant's suffix in one source, or whose section lacks its code."""

from typing import Any

import pytest

from reliefstream_contracts.case_numbers import without_defendant, without_run_on
from reliefstream_contracts.identifiers import CaseNumber
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.vocabulary.offense import Offense
from services.reconciliation.linkage.conviction.convictions import convictions_of
from tests.reconciliation.records import CONVICTED, a_case, a_count, a_rap_sheet, an_offense


def of_court(case_number: str, count_id: str = "1", **given: Any) -> SourceRecord:
    count = a_count(count_id, event="case", case_number=CaseNumber(case_number), **given)
    return a_case(f"C-{case_number}-{count_id}", count)


def of_doj(case_number: str, count_id: str = "001002001", **given: Any) -> SourceRecord:
    return a_rap_sheet("R1", a_count(count_id, case_number=CaseNumber(case_number), **given))


@pytest.mark.parametrize(
    ("written", "bases"),
    [
        ("SF1234567-02", ("SF1234567",)),
        ("SF1234567-2", ("SF1234567",)),
        ("12F01234 02", ("12F1234",)),
        ("RIF1234567 D2", ("RIF1234567",)),
        ("SCD123456-B", ("SCD123456",)),
        ("SCD123456B", ("SCD123456",)),
        ("SF1234567(02)", ("SF1234567",)),
        ("SF1234567_02", ("SF1234567",)),
        ("SF1234567#2", ("SF1234567",)),
        ("SF1234567:2", ("SF1234567",)),
        ("SF1234567 DEFT B", ("SF1234567",)),
        ("SF1234567-CO-DEF 2", ("SF1234567",)),
        ("SF1234567 (DEFENDANT 2)", ("SF1234567",)),
        ("SF1234567-2005", ()),
        ("SF1234567-02-01", ("SF123456702", "SF1234567")),
        ("SF1234567 D2 A", ("SF1234567D2", "SF1234567")),
        ("SF1234567-02-01-03", ("SF12345670201", "SF123456702")),
        ("SF1234567", ()),
        ("SF123456702", ()),
        ("BA012345", ()),
        ("1234-5", ("1234",)),
        ("04-12", ()),
        ("", ()),
    ],
)
def test_a_defendants_suffix_is_told_from_the_number_of_the_case(
    written: str, bases: tuple[str, ...]
) -> None:
    assert without_defendant(CaseNumber(written)) == bases


@pytest.mark.parametrize(
    ("number", "base"),
    [
        ("SF123456702", "SF1234567"),
        ("12345609", "123456"),
        ("SF1234502", None),
        ("SF123456712", None),
        ("SF123456700", None),
    ],
)
def test_a_defendants_number_that_is_run_on_is_two_digits_behind_six_or_more(
    number: str, base: str | None
) -> None:
    assert without_run_on(number) == base


@pytest.mark.parametrize(
    ("doj", "court"),
    [
        ("SF1234567", "SF1234567-02"),
        ("SF1234567-02", "SF1234567"),
        ("SF1234567", "SF1234567-02-01"),
        ("SF1234567-02-01", "SF1234567"),
        ("SF1234567-02", "SF1234567-02-01"),
        ("SF1234567", "SF123456702"),
        ("SF123456702", "SF1234567"),
        ("SF1234567", "SF123456702-01"),
        ("SF1234567-02", "SF123456702"),
    ],
)
def test_one_conviction_with_a_defendants_suffix_in_one_source_is_one(doj: str, court: str) -> None:
    (found,) = convictions_of([of_doj(doj), of_court(court)])
    assert len(found.conviction.counts) == 2 and not found.differing


@pytest.mark.parametrize(
    "other",
    [
        {"conviction_date": CONVICTED.replace(day=CONVICTED.day + 1)},
        {"conviction_date": None},
        {"level_convicted": "misdemeanor"},
        {"section": "11358"},
        {"county": "sacramento"},
    ],
    ids=str,
)
def test_under_a_suffix_another_day_level_charge_or_county_is_another_conviction(
    other: dict[str, Any],
) -> None:
    assert len(convictions_of([of_doj("SF1234567"), of_court("SF1234567-02", **other)])) == 2


UNREADABLE = Offense(as_written="SEE COMMENT", sections=())


@pytest.mark.parametrize(
    "unknown", [{"conviction_date": None}, {"offense": UNREADABLE}, {"county": None}], ids=str
)
def test_under_a_suffix_what_neither_source_knows_joins_nothing(unknown: dict[str, Any]) -> None:
    assert len(convictions_of([of_doj("SF1234567", **unknown), of_court("SF1234567-02", **unknown)])) == 2


@pytest.mark.parametrize(
    ("doj", "court"),
    [("SF1234567-01", "SF1234567-02"), ("SF1234567-01-02", "SF1234567-02"), ("SF123456701", "SF123456702")],
)
def test_different_suffixes_are_different_numbers(doj: str, court: str) -> None:
    assert len(convictions_of([of_doj(doj), of_court(court)])) == 2


def test_two_convictions_under_suffixes_go_each_with_its_own() -> None:
    doj = a_rap_sheet(
        "R1", *(a_count(f"00{n}002001", case_number=CaseNumber(f"SF123456{n}")) for n in (1, 2))
    )
    court = [of_court("SF1234562-01"), of_court("SF1234561-01")]
    found = [
        sorted(str(count.case_number)[:9] for count in one.conviction.counts)
        for one in convictions_of([doj, *court])
    ]
    assert sorted(found) == [["SF1234561", "SF1234561"], ["SF1234562", "SF1234562"]]


def test_the_very_number_goes_before_the_number_with_a_suffix() -> None:
    convictions = convictions_of([of_doj("SF1234567"), of_court("SF1234567"), of_court("SF1234567-02")])
    assert sorted(len(one.conviction.counts) for one in convictions) == [1, 2]


def test_a_section_without_its_code_agrees_with_the_same_section_with_it() -> None:
    bare = an_offense("11359", code="").replace(as_written="11359")
    (found,) = convictions_of([of_doj("BA012345"), of_court("BA012345", offense=bare)])
    assert str(found.conviction.offense) == "HS 11359" and not found.conviction.doubts


def test_a_section_without_its_code_that_two_codes_have_stays_without() -> None:
    bare = an_offense("459", code="").replace(as_written="459")
    burglary, other = an_offense("459", code="PC"), an_offense("459", code="WI")
    sheet = a_rap_sheet("R1", a_count(offense=burglary), a_count("001002002", offense=other))
    found = convictions_of([sheet, of_court("BA012345", offense=bare)])
    assert sum(len(one.conviction.counts) for one in found) == 3
    assert not any(one.conviction.doubts for one in found)
