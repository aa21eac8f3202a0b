"""The function behind each rule that a ground or a policy names, and the facts that it may miss."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from inspect import unwrap
from types import CodeType, FunctionType

from services.eligibility import law
from services.eligibility.law.conditions.vocabulary import VOCABULARY
from services.eligibility.law.engine.laws import LAWS
from services.eligibility.law.questions.missing_facts import MISSING_FACTS

NAMED_OTHERWISE = {
    "amounts_and_ages": "hs_11361_8._not_on_record",
    "authority_in_law": "pc_1385.before_the_table",
    "below_legal_minimum": "judge._gives_less",
    "california_offense": "pc_1203_425_review.before_the_table",
    "clause_in_force": "pc_1203_425._in_time",
    "convicted_from": "pc_1203_425._in_time",
    "convicted_after_the_day": "judge._not_yet",
    "case_number_unreadable": "in_doubt.in_doubt",
    "conviction_undone": "judge._undone",
    "county_unknown": "in_doubt.in_doubt",
    "covered_section": "hs_article_2.coverage",
    "disposition_in_doubt": "in_doubt.in_doubt",
    "disqualified_by_offense": "hs_11358_to_11360_felony._involved",
    "earlier_relief_shown": "pc_1203_425_review.before_the_table",
    "fact_stated": "judge._statements",
    "felony_alternative": "hs_11358_to_11360_felony._within_reach",
    "identity_in_doubt": "in_doubt.in_doubt",
    "later_relief_in_doubt": "in_doubt.in_doubt",
    "legal_minimum": "hs_11361_8.legal_minimum",
    "lesser_offense": "pc_1203_425.lesser_offense",
    "lesser_or_no_offense_today": "hs_11361_8._today",
    "level": "own_conviction.level_is",
    "level_known": "hs_11361_9.withheld",
    "otherwise": "policy.decide",
    "petition_route": "hs_11361_8._petition_route",
    "predecessor_in_force": "hs_article_2._predecessor_in_time",
    "probation_completed": "pc_1203_425.probation",
    "record_destroyed_by_law": "hs_11361_5.record_destroyed",
    "record_sealed_or_destroyed": "hs_11361_8.record_sealed",
    "relief_stated": "hs_11361_8._relief_stated",
    "section_readable": "hs_article_2.is_unreadable",
    "sentence_completed": "hs_11361_8._sentence_completed",
    "sentenced_to": "pc_1203_425._sentenced_to",
    "single_section": "hs_article_2.coverage",
    "years_since_judgment": "pc_1203_425._years_since_judgment",
}
"""Rules whose function has another name than they have."""
PARAMETER = re.compile(
    r"(?P<same>level|convicted_on_or_after|convicted_from|sentenced_to)_.+|(?P<prefix>not)_(?P<rest>.+)"
)


def rule_of(ground: str) -> str:
    """The rule that a ground is named by, without its parameter: ``level_felony`` is of ``level``."""
    if re.fullmatch(r"\d+_earlier_of_the_same_section", ground):
        return "earlier_same_section"
    if ground.startswith("statute_compels_"):
        return "legal_minimum"
    if ground in rules():
        return ground
    parameter = PARAMETER.fullmatch(ground)
    if parameter is None:
        return ground
    return parameter["same"] or rule_of(parameter["rest"])


@cache
def rules() -> tuple[str, ...]:
    """Every rule that a policy may ask or a determination may show."""
    words = {word for known in LAWS.values() for word in known.words}
    own = {
        "juvenile_adjudication",
        "limits",
        "possible_plea_bargain",
        "other_relief",
        "relief_shown",
        "serious_violent_or_registrable",
        "years_without_felony",
    }
    return tuple(sorted({*VOCABULARY, *words, *NAMED_OTHERWISE, *own}))


def function(rule: str) -> FunctionType:
    """The function that decides a rule. KeyError: there is no such rule."""
    found = _functions()
    if rule in NAMED_OTHERWISE:
        return found[NAMED_OTHERWISE[rule]]
    fitting = [one for name, one in found.items() if name.partition(".")[2] == rule]
    if len(fitting) != 1:
        raise KeyError(rule)
    return fitting[0]


_LABELLED = {fact for fact, words in MISSING_FACTS.items() if words.label}


def may_miss(rule: str) -> tuple[str, ...]:
    """The facts whose absence may make the rule unknown, as reasons name them."""
    decides = unwrap(function(rule))
    return tuple(sorted(_words(decides.__code__, decides, set()) & _LABELLED))


def _words(code: CodeType, of: FunctionType, seen: set[CodeType]) -> set[str]:
    """Every text in the function, and in those of the law that it calls."""
    if code in seen:
        return set()
    seen.add(code)
    found: set[str] = set()
    for constant in code.co_consts:
        found |= {constant} if isinstance(constant, str) else set()
        found |= {one for one in constant if isinstance(one, str)} if isinstance(constant, tuple) else set()
        found |= _words(constant, of, seen) if isinstance(constant, CodeType) else set()
    for name in code.co_names:
        called = unwrap(of.__globals__.get(name, of))
        if isinstance(called, FunctionType) and called.__module__.startswith(law.__name__):
            found |= _words(called.__code__, called, seen)
    return found


@cache
def _functions() -> dict[str, FunctionType]:
    return dict(_in_law())


def _in_law() -> Iterator[tuple[str, FunctionType]]:
    for module in pkgutil.walk_packages(law.__path__, f"{law.__name__}."):
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            if isinstance(value, FunctionType) and value.__module__ == module.name:
                yield f"{module.name.rpartition('.')[2]}.{name}", value
