"""The closed vocabulary of a policy's conditions: each word, what it takes, and the rule behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reliefstream_contracts.offense import CodeSection
from services.eligibility.law.age import age_at_least, age_at_most
from services.eligibility.law.case import Case
from services.eligibility.law.finding import Answer, CitedTest, Finding, all_of, any_of
from services.eligibility.law.hs_11358_to_11360_priors import earlier_same_section
from services.eligibility.law.hs_11361_8 import convicted_on_or_after, legal_minimum
from services.eligibility.law.pc_290_c import earlier_pc_290_conviction, earlier_pc_290_registration
from services.eligibility.law.pc_667_e_2_c_iv import earlier_super_strike
from services.eligibility.law.prosecutor import prosecuted_by_city
from services.eligibility.law.section_list import SectionList, read_section, section_list
from services.eligibility.law.whole_history import (
    a_sentence_running,
    all_sentences_ended,
    deceased,
    no_conviction_in_past_years,
    only_cannabis_convictions,
)

Condition = Callable[[Case, CodeSection], Answer]
"""Asked of a case and its section in today's numbering."""


class WrongCondition(ValueError):
    """A policy says what the vocabulary has no word for. ``within`` and ``key`` say where, for the loader."""

    def __init__(self, what: str, within: Mapping[str, Any], key: str | None = None) -> None:
        super().__init__(what)
        self.within, self.key = within, key


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the vocabulary: what it takes, what it says to a reader, and its rule."""

    takes: type
    example: str
    says: Callable[[Any], str]
    test: Callable[[Case, CodeSection, Any], CitedTest]


def _level(case: Case, _: CodeSection, levels: tuple[str, ...]) -> CitedTest:
    level, rule = case.conviction.level_convicted, "level_" + "_or_".join(levels)
    if level is None:
        return CitedTest(rule, "unknown", "PC 17", unknown="level")
    return CitedTest(rule, "met" if level in levels else "not_met", "PC 17", {"level": level})


def _names_section(_: Case, section: CodeSection, listed: SectionList) -> CitedTest:
    """Met only when the record itself names the section: a bare number names no subdivision."""
    named = listed.look_up(section)[0] == "met"
    facts = {"section": str(section), "listed": [str(entry.section) for entry in listed.entries]}
    return CitedTest("names_section", "met" if named else "not_met", "", facts)


def _legal_minimum(case: Case, section: CodeSection, relief: str) -> CitedTest:
    minimum = legal_minimum(case, section)
    finding: Finding = "met" if minimum.relief == relief else "not_met"
    return CitedTest(f"statute_compels_{relief}", finding, case.statute.relief.citation)


def _listed(values: tuple[str, ...]) -> str:
    return " or ".join(values)


VOCABULARY: dict[str, Word] = {
    "otherwise": Word(bool, "true", lambda _: "otherwise", lambda *_: CitedTest("otherwise", "met", "")),
    "level": Word(tuple, "[misdemeanor, infraction]", lambda v: f"a {_listed(v)}", _level),
    "names_section": Word(tuple, '["HS 11357(a)"]', lambda v: f"names {v.name}", _names_section),
    "convicted_on_or_after": Word(
        date,
        "2016-11-09",
        lambda v: f"convicted on or after {v}",
        lambda c, _, v: convicted_on_or_after(c, v),
    ),
    "earlier_super_strike": Word(
        bool, "true", lambda _: "an earlier super strike", lambda c, *_: earlier_super_strike(c)
    ),
    "earlier_pc_290_conviction": Word(
        bool, "true", lambda _: "an earlier PC 290(c) conviction", lambda c, *_: earlier_pc_290_conviction(c)
    ),
    "earlier_pc_290_registration": Word(
        bool, "true", lambda _: "an earlier PC 290 registration", lambda c, *_: earlier_pc_290_registration(c)
    ),
    "earlier_same_section": Word(
        int, "2", lambda v: f"{v} or more earlier felonies of the same section", earlier_same_section
    ),
    "age_at_least": Word(int, "50", lambda v: f"{v} or older on the day", lambda c, _, v: age_at_least(c, v)),
    "age_at_most": Word(int, "21", lambda v: f"{v} or younger on the day", lambda c, _, v: age_at_most(c, v)),
    "only_cannabis_convictions": Word(
        bool, "true", lambda _: "only cannabis convictions", lambda c, *_: only_cannabis_convictions(c)
    ),
    "all_sentences_ended": Word(
        bool, "true", lambda _: "all sentences ended", lambda c, *_: all_sentences_ended(c)
    ),
    "a_sentence_running": Word(
        bool, "true", lambda _: "a sentence still running", lambda c, *_: a_sentence_running(c)
    ),
    "no_conviction_in_past_years": Word(
        int,
        "10",
        lambda v: f"no conviction in the past {v} years",
        lambda c, _, v: no_conviction_in_past_years(c, v),
    ),
    "deceased": Word(bool, "true", lambda _: "deceased", lambda c, *_: deceased(c)),
    "prosecuted_by_city": Word(
        bool, "true", lambda _: "filed by a city with its own prosecutor", lambda c, *_: prosecuted_by_city(c)
    ),
    "legal_minimum": Word(str, "redesignation", lambda v: f"the statute compels {v}", _legal_minimum),
}
LEVELS = ("felony", "misdemeanor", "infraction")
COMBINATIONS = {"all": all_of, "any": any_of}


def read_condition(source: Mapping[str, Any]) -> tuple[Condition, str]:
    """A condition as a policy writes it (``{age_at_least: 50}``, ``{all: [...]}``) and how it reads.

    Raises WrongCondition for an unknown word, a wrong parameter, or more than one word at a place.
    """
    if not isinstance(source, Mapping) or len(source) != 1:
        raise WrongCondition(
            "a condition is one word with its parameter; join several with all: or any:", source
        )
    name, parameter = next(iter(source.items()))
    if name in COMBINATIONS:
        return _combination(source, name, parameter)
    word = VOCABULARY.get(name)
    if word is None:
        known = ", ".join([*VOCABULARY, *COMBINATIONS])
        raise WrongCondition(f"unknown condition {name!r}; known are {known}", source, name)
    value = _parameter(source, name, word, parameter)

    def ask(case: Case, section: CodeSection) -> Answer:
        test = word.test(case, section, value)
        return Answer(test.finding, (test,))

    return ask, word.says(value)


def _combination(source: Mapping[str, Any], name: str, parts: object) -> tuple[Condition, str]:
    if not isinstance(parts, list) or len(parts) < 2:
        raise WrongCondition(f"{name}: takes a list of two or more conditions", source, name)
    read = [read_condition(part) for part in parts]
    combine, joined = COMBINATIONS[name], " and " if name == "all" else " or "

    def ask(case: Case, section: CodeSection) -> Answer:
        return combine(part(case, section) for part, _ in read)

    return ask, joined.join(says for _, says in read)


def _parameter(source: Mapping[str, Any], name: str, word: Word, given: object) -> Any:
    """The parameter, typed: lists become tuples of text, sections and levels are checked."""
    value: Any = tuple(given) if word.takes is tuple and isinstance(given, list) else given
    fits = isinstance(value, bool) == (word.takes is bool) and isinstance(value, word.takes)
    if not fits or value is False or value == () or (isinstance(value, int) and value < 1):
        raise WrongCondition(f"{name}: takes {word.example}, not {given!r}", source, name)
    if name == "level" and not set(value).issubset(LEVELS):
        raise WrongCondition(f"level: takes some of {', '.join(LEVELS)}, not {given!r}", source, name)
    if name == "legal_minimum" and value not in {"dismissal", "redesignation"}:
        raise WrongCondition(f"legal_minimum: takes dismissal or redesignation, not {given!r}", source, name)
    if name == "names_section":
        try:
            return section_list(map(read_section, value), name=_listed(value))
        except ValueError as error:
            raise WrongCondition(f"names_section: {error}", source, name) from None
    return value
