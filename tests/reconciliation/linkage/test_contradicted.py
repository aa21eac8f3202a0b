"""A conviction that one source shows and the other's record of the same case denies, or shows as relieved."""

from datetime import date
from typing import Any

import pytest

from reliefstream_contracts.histories import Conviction
from reliefstream_contracts.identifiers import CaseNumber
from reliefstream_contracts.records import CaseRecorded
from reliefstream_contracts.vocabulary.offense import LaterRelief, ReliefKind
from services.reconciliation.linkage.conviction.convictions import convictions_of
from services.reconciliation.linkage.conviction.discrepancies import of_convictions
from tests.reconciliation.records import a_case, a_count, a_rap_sheet, an_offense

DENIED = (("court", "dismissed"), ("doj", "convicted"))


def of_court(outcome: str = "not_convicted", count_id: str = "1", **given: Any) -> CaseRecorded:
    defaults: dict[str, Any] = {"case_number": CaseNumber("BA012345"), "disposition": "dismissed"}
    return a_case("C1", a_count(count_id, event="case", outcome=outcome, **(defaults | given)))


def disposition_doubts(conviction: Conviction) -> list[tuple[str, ...]]:
    return [
        doubt.as_written
        for doubt in conviction.doubts
        if (doubt.field, doubt.kind) == ("disposition", "contradictory")
    ]


@pytest.mark.parametrize(
    "court",
    [
        {},
        {"disposition": "acquitted"},
        {"case_number": CaseNumber("BA-12345")},
        {"case_number": CaseNumber("BA012345-02")},
        {"offense": an_offense("11359", "a")},
        {"offense": an_offense("11359", code="")},
        {"conviction_date": None, "level_convicted": None},
        {"offense": an_offense("11360")},
    ],
    ids=str,
)
def test_a_court_that_dismissed_what_doj_shows_as_convicted_puts_the_conviction_in_doubt(
    court: dict[str, Any],
) -> None:
    (found,) = convictions_of([a_rap_sheet(), of_court(**court)])
    said = court.get("disposition", "dismissed")
    assert disposition_doubts(found.conviction) == [(f"court: {said}", "doj: convicted")]
    assert [differing.field for differing in found.differing] == ["disposition"]


def test_both_dispositions_are_one_entry_of_the_ledger() -> None:
    (entry,) = of_convictions(convictions_of([a_rap_sheet(), of_court()]))
    assert (entry.kind, entry.field, entry.values) == ("differing_fact", "disposition", DENIED)


def test_what_doj_shows_as_dismissed_and_the_court_as_convicted_is_in_doubt_too() -> None:
    doj = a_rap_sheet("R1", a_count(outcome="not_convicted", disposition="DISMISSED"))
    (found,) = convictions_of([doj, of_court("convicted", disposition="convicted")])
    assert disposition_doubts(found.conviction) == [("court: convicted", "doj: DISMISSED")]


@pytest.mark.parametrize(
    "court",
    [
        {"case_number": CaseNumber("BA099999")},
        {"case_number": None},
        {"county": "sacramento"},
        {"outcome": "unknown", "disposition": "pending"},
    ],
    ids=str,
)
def test_another_case_or_one_that_has_not_ended_denies_nothing(court: dict[str, Any]) -> None:
    (found,) = convictions_of([a_rap_sheet(), of_court(**court)])
    assert not found.conviction.doubts and not found.differing


def test_a_court_that_dismissed_one_of_two_counts_denies_the_second_alone() -> None:
    doj = a_rap_sheet("R1", a_count("001002001"), a_count("001002002"))
    counts = [
        a_count("1", event="case", case_number="BA012345"),
        a_count("2", event="case", case_number="BA012345", outcome="not_convicted", disposition="dismissed"),
    ]
    found = convictions_of([doj, a_case("C1", *counts)])
    assert sorted(len(disposition_doubts(one.conviction)) for one in found) == [0, 1]


def test_a_dismissed_count_of_another_section_beside_a_conviction_denies_nothing() -> None:
    counts = [
        a_count("1", event="case", case_number="BA012345"),
        a_count("2", event="case", case_number="BA012345", section="11360", outcome="not_convicted"),
    ]
    sheet = a_rap_sheet("R1", a_count("001002001"), a_count("001002002", section="148"))
    assert not any(one.conviction.doubts for one in convictions_of([sheet, a_case("C1", *counts)]))


@pytest.mark.parametrize(
    "kind", ["hs_11361_8_dismissal", "hs_11361_8_redesignation", "pc_1203_4", "pc_17b", "pc_1170_18"]
)
def test_dismissed_by_relief_that_follows_a_conviction_is_that_convictions_relief(kind: ReliefKind) -> None:
    relief = LaterRelief(kind=kind, on=date(2019, 5, 1))
    (found,) = convictions_of([a_rap_sheet(), of_court(later_relief=(relief,))])
    assert [(by.source, by.relief) for by in found.conviction.later_relief] == [("court", relief)]
    assert not found.conviction.doubts


def test_dismissed_under_pc_1385_may_have_ended_the_charge_without_a_conviction() -> None:
    relief = LaterRelief(kind="pc_1385", on=date(1999, 5, 1))
    (found,) = convictions_of([a_rap_sheet(), of_court(later_relief=(relief,))])
    assert disposition_doubts(found.conviction) and not found.conviction.later_relief


def test_relief_of_one_charge_says_that_another_of_the_case_was_convicted() -> None:
    relief = LaterRelief(kind="hs_11361_8_dismissal", on=date(2019, 5, 1))
    sheet = a_rap_sheet("R1", a_count("001002001"), a_count("001002002", section="148"))
    found = convictions_of([sheet, of_court(later_relief=(relief,))])
    assert not any(one.conviction.doubts for one in found)


def test_a_juvenile_adjudication_of_another_day_is_no_denial() -> None:
    court = of_court(juvenile=True, disposition="petition_sustained", conviction_date=date(1995, 1, 1))
    found = convictions_of([a_rap_sheet(), court])
    assert not any(disposition_doubts(one.conviction) for one in found)
