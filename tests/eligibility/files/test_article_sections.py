"""The statute's file names the same sections as the one list that all other parts use."""

import pytest

from reliefstream_contracts.vocabulary.california_codes import (
    ADDED_BY_PROPOSITION_64,
    AMENDED_BY_PROPOSITION_64,
    CODES,
    PREDECESSORS,
    PROPOSITION_64,
    REST_OF_THE_ARTICLE,
)
from reliefstream_contracts.vocabulary.offense import CodeSection
from services.eligibility.files.policy_files import load_policy, policy_names
from services.eligibility.files.statute_files import load_statute

ARTICLE = load_statute().article_two


def hs(number: str) -> CodeSection:
    return CodeSection(code="HS", section=number)


def test_the_sections_that_the_statute_covers_are_those_of_the_list() -> None:
    listed = {str(entry.section) for entry in ARTICLE.covered.entries}
    assert listed == {f"HS {number}" for number in (*AMENDED_BY_PROPOSITION_64, *ADDED_BY_PROPOSITION_64)}


def test_the_sections_that_it_does_not_cover_are_the_rest_of_the_article() -> None:
    listed = {str(entry.section) for entry in ARTICLE.uncovered.entries}
    assert listed == {f"HS {number}" for number in REST_OF_THE_ARTICLE} | {"HS 11362"}


def test_predecessors_are_those_of_the_list() -> None:
    assert {old.section: old.became for old in ARTICLE.predecessors} == PREDECESSORS


@pytest.mark.parametrize("number", sorted(PROPOSITION_64 - PREDECESSORS.keys()))
def test_each_section_of_the_list_is_reached(number: str) -> None:
    assert ARTICLE.covered.look_up(hs(number))[0] == "met"


def test_every_code_that_a_policy_names_is_known() -> None:
    lists = [charges for name in policy_names() if (charges := load_policy(name).related_charges)]
    assert {entry.section.code for charges in lists for entry in charges.entries} <= CODES
