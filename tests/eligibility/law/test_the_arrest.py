"""The arrest of DOJ's cycle stands for the offense where its day is unknown (INTERPRETATIONS I-62, I-70)."""

from datetime import date, timedelta

import pytest

from tests.eligibility.builders import a_conviction, a_history, judged

ARREST = date(2010, 2, 1)
ARRESTED = {"offense_date": None, "arrest_date": ARREST, "case_number": "A1"}


@pytest.mark.parametrize(
    ("days", "reason"), [(-1, "super_strike"), (0, "unknown_charge_date"), (1, "unknown_charge_date")]
)
def test_what_stood_as_a_conviction_before_the_arrest_is_prior(days: int, reason: str) -> None:
    strike = a_conviction("PC 37", name="2", conviction_date=ARREST + timedelta(days), case_number="B1")
    assert judged(a_history(a_conviction(**ARRESTED), strike)).reason == reason


def test_an_arrest_after_the_conviction_says_nothing() -> None:
    late = ARRESTED | {"arrest_date": date(2010, 5, 2)}
    strike = a_conviction("PC 37", name="2", conviction_date=date(2005, 1, 1), case_number="B1")
    assert judged(a_history(a_conviction(**late), strike)).reason == "unknown_charge_date"


@pytest.mark.parametrize(
    ("born", "outcome"), [(date(1992, 2, 1), "not_eligible"), (date(1992, 2, 2), "needs_review")]
)
def test_the_age_is_that_on_the_day_of_the_arrest(born: date, outcome: str) -> None:
    strike = a_conviction("PC 37", name="2", conviction_date=date(2005, 1, 1), case_number="B1")
    found = judged(a_history(a_conviction(**ARRESTED), strike, birth_date=born))
    assert (found.outcome, found.legal_minimum) == (
        outcome,
        "redesignation" if outcome == "needs_review" else None,
    )
