"""HS 11361.8: which procedure applies, what no record shows, and that both are said beside the legal minimum."""

from datetime import date
from typing import Any

import pytest

from reliefstream_contracts.determinations import Determination, Ground
from reliefstream_contracts.vocabulary.offense import SentencePart
from tests.eligibility.builders import a_conviction, a_history, judged

YEAR_OF_PROBATION = (SentencePart(kind="probation", length=1, unit="years"),)


def found(as_of: date, section: str = "HS 11358", **changes: Any) -> Determination:
    facts = {"conviction_date": date(2015, 6, 1), "sentence": YEAR_OF_PROBATION} | changes
    return judged(a_history(a_conviction(section, **facts)), "statute", as_of)


def ground(one: Determination, rule: str) -> Ground:
    return next(each for each in one.grounds if each.rule == rule)


@pytest.mark.parametrize(
    ("as_of", "finding", "citation", "procedure"),
    [
        (date(2016, 5, 31), "not_met", "HS 11361.8(a), (b)", "petition"),
        (date(2016, 6, 1), "met", "HS 11361.8(e), (f)", "application"),
        (date(2016, 6, 2), "met", "HS 11361.8(e), (f)", "application"),
    ],
)
def test_a_petition_while_serving_and_an_application_from_the_day_the_sentence_is_over(
    as_of: date, finding: str, citation: str, procedure: str
) -> None:
    one = found(as_of)
    tested = ground(one, "sentence_completed")

    assert (tested.finding, tested.citation) == (finding, citation)
    assert tested.facts["procedure"].startswith(procedure)
    assert one.legal_minimum == "redesignation"


def test_only_who_still_serves_can_meet_the_objection_of_danger() -> None:
    serving, completed = (
        ground(found(day), "sentence_completed") for day in (date(2016, 1, 1), date(2017, 1, 1))
    )

    assert "danger" in serving.facts["procedure"]
    assert "danger" not in completed.facts["procedure"]


def test_where_the_end_is_unknown_both_procedures_are_named_and_the_minimum_is_the_same() -> None:
    one = found(date(2020, 1, 1), sentence=())
    tested = ground(one, "sentence_completed")

    assert tested.finding == "unknown"
    assert tested.facts["procedure_if_completed"].startswith("application")
    assert tested.facts["procedure_if_still_serving"].startswith("petition")
    assert one.legal_minimum == "redesignation"


@pytest.mark.parametrize(
    ("section", "facts"),
    [
        ("HS 11357", ["weight"]),
        ("HS 11358", ["number of plants", "harm to the environment"]),
        ("HS 11359", ["age of a buyer", "age of a helper"]),
        ("HS 11360(a)", ["weight", "age of a buyer", "import or export"]),
    ],
)
def test_what_no_record_shows_is_unknown_and_presumed_for_the_person(section: str, facts: list[str]) -> None:
    tested = ground(found(date(2020, 1, 1), section), "amounts_and_ages")

    assert (tested.finding, tested.citation) == ("unknown", "HS 11361.8(b), (f)")
    assert tested.facts["not_on_record"] == facts
    assert tested.facts["presumed"].startswith("for the person")


def test_what_no_record_shows_decides_nothing() -> None:
    one = found(date(2020, 1, 1))

    assert (one.outcome, one.grounds[0].finding) == ("redesignation", "met")
