"""What a snapshot's determinations come to: of one conviction in two counties, the less; what a review has at stake."""

import pytest

from reliefstream_contracts.determinations import OpenQuestion, PossibleAnswer
from services.relief.lifecycle.findings import findings
from services.relief.lifecycle.for_review import for_review
from tests.relief.builders import a_determination, a_snapshot, count


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("dismissal", "dismissal", ("dismissal", "dismissal")),
        ("dismissal", "needs_review", ("needs_review", None)),
        ("needs_review", "dismissal", ("needs_review", None)),
        ("dismissal", "redesignation", ("dismissal", None)),
        ("redesignation", "dismissal", ("redesignation", None)),
    ],
)
def test_of_two_counties_determinations_on_one_conviction_the_less_is_given(
    first: str, second: str, found: tuple[str, str | None]
) -> None:
    both = a_determination("d1", outcome=first), a_determination("d1", outcome=second, county="yolo")
    (one,) = findings(a_snapshot("A", 1, *both))
    assert (one.outcome, one.gives and one.gives.kind) == found


@pytest.mark.parametrize(
    ("facts", "at_stake"),
    [
        ({"outcome": "needs_review", "legal_minimum": "redesignation"}, "redesignation"),
        ({"outcome": "needs_review", "legal_minimum": "dismissal"}, "dismissal"),
        ({"outcome": "needs_review", "legal_minimum": None}, "dismissal"),
        ({"outcome": "redesignation", "route": "city_attorney", "city": "Torrance"}, "redesignation"),
        ({"outcome": "dismissal", "route": "city_attorney", "city": "Torrance"}, "dismissal"),
    ],
    ids=str,
)
def test_at_stake_in_a_review_is_what_the_determination_gives_or_compels(
    facts: dict[str, str | None], at_stake: str
) -> None:
    found = for_review(a_determination("d1", **facts))
    assert found is not None and found.at_stake == at_stake


@pytest.mark.parametrize(
    ("reached", "at_stake"),
    [
        (("redesignation", "needs_review"), "redesignation"),
        (("redesignation", "dismissal"), "dismissal"),
        (("dismissal", "not_eligible"), "dismissal"),
    ],
)
def test_or_what_an_answer_may_reach(reached: tuple[str, ...], at_stake: str) -> None:
    answers = tuple(
        PossibleAnswer(value=each, words=each, outcome=each, reason="r")  # type: ignore[arg-type]
        for each in reached
    )
    question = OpenQuestion(
        code="plants",
        count=count("d1"),
        section="HS 11358",
        question="How many?",
        answers=answers,
        asked_of=("clerk",),
    )
    found = for_review(
        a_determination("d1", outcome="needs_review", legal_minimum=None, open_questions=(question,))
    )
    assert found is not None and found.at_stake == at_stake
