"""The manual says what the law says, and every ground has a page."""

import pytest

from services.eligibility.law.conditions.vocabulary import VOCABULARY
from services.eligibility.law.engine.laws import LAWS
from services.eligibility.manual.pages import UnknownPage, page
from services.eligibility.manual.rule_functions import may_miss, rule_of, rules
from tests.eligibility.law.test_law_tables import found_in, read_cases


def test_every_word_of_a_policy_has_a_page() -> None:
    words = {*VOCABULARY, *(word for law in LAWS.values() for word in law.words)}

    assert words <= set(rules())


def test_every_ground_of_a_determination_has_a_page() -> None:
    shown = {rule_of(ground.rule) for case in read_cases() for ground in found_in(case.values[0]).grounds}

    assert shown <= set(rules())


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("earlier_super_strike", "PC 288 but not (c)"),
        ("earlier_super_strike", "[los-angeles-2020](../policies/los-angeles-2020.md), row 4"),
        ("earlier_super_strike", "**I-09 Gang enhancement.**"),
        ("earlier_super_strike", "Cites PC 667(e)(2)(C)(iv)."),
        ("sentence_completed", "unknown_sentence"),
        ("other_felony", "years: 4"),
        ("pc_290_c", "[earlier_pc_290_conviction](../rules/earlier_pc_290_conviction.md)"),
        ("sacramento", "| Row | If |"),
    ],
)
def test_a_page_holds_what_a_reader_looks_for(rule: str, says: str) -> None:
    assert says in page(rule)


def test_a_rule_names_the_facts_that_it_may_miss() -> None:
    assert may_miss("deceased") == ("deceased_on", "rap_sheet")


def test_a_page_that_is_not_there_is_told_with_those_near_it() -> None:
    with pytest.raises(UnknownPage, match="no page 'superstrike'; there are earlier_super_strike"):
        page("superstrike")
