"""Health & Safety Code, article 2 (11357-11362.x) and its predecessors: which convictions the law is asked about."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from reliefstream_contracts.histories import Conviction
from reliefstream_contracts.vocabulary.offense import CodeSection, Offense
from services.eligibility.law.engine.finding import CitedTest
from services.eligibility.law.input.judged_conviction import Case, is_charge_clear
from services.eligibility.law.input.section_list import KEPT
from services.eligibility.law.input.statute import ArticleTwo

MISTYPED = re.compile(r"(1135[7-9]|1136[0-2])\d+")
"""A number of the article with digits too many: no such section exists (I-04)."""
ATTEMPT, CONSPIRACY, ACCESSORY = "664", "182", "32"
"""Penal Code sections that stand before the section they are about."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether 11361.8 reaches a conviction: as which section, or why it does not or needs a person.

    ``section`` is in today's numbering, given when ``status`` is ``covered``.
    """

    status: Literal["covered", "not_covered", "needs_review"]
    reason: str
    test: CitedTest
    section: CodeSection | None = None


class Period(NamedTuple):
    """What the numbers of the article meant when an offense was committed."""

    before_renumbering: bool
    """Surely before the former sections got today's numbers."""
    redrawn: bool
    """Surely after the subdivisions of 11357 and 11360 were drawn as they are today."""


UNDATED = Period(before_renumbering=False, redrawn=False)


def names_article(conviction: Conviction, article: ArticleTwo) -> bool:
    """Whether a conviction names the article, or may, as it cannot be read (I-03, I-04)."""
    return _names_article(conviction.offense, article) or is_unreadable(conviction, article)


@lru_cache(maxsize=KEPT)
def as_named(offense: Offense, article: ArticleTwo) -> str:
    """The offense as text, with the code of a number of the article that was written without one."""
    if all(section.code for section in offense.sections):
        return str(offense)
    sections = tuple(
        section
        if section.code or not _names_article(Offense(as_written="", sections=(section,)), article)
        else section.replace(code="HS")
        for section in offense.sections
    )
    return str(offense.replace(sections=sections))


def is_cannabis(conviction: Conviction, article: ArticleTwo) -> bool | None:
    """Whether a conviction is of a section that 11361.8 reaches and nothing else; None when unclear."""
    status = coverage(conviction, article).status
    return None if status == "needs_review" else status == "covered"


def coverage(conviction: Conviction, article: ArticleTwo) -> Coverage:
    """Whether 11361.8 reaches the conviction (I-03, I-04, I-06, I-07, I-33, I-34)."""
    offense = conviction.offense
    if not is_charge_clear(conviction):
        return _unreadable(offense, article)
    return _coverage(offense, article, _period(conviction, article), _missing_to_date(conviction))


@lru_cache(maxsize=KEPT)
def _coverage(offense: Offense, article: ArticleTwo, period: Period, missing: str) -> Coverage:
    """``missing``: the date that would show whether a former section was in force."""
    if _names_none_that_exists(offense, article):
        return _unreadable(offense, article)
    sections = _as_meant(offense, article, period)
    reached = [section for section in sections if article.covered.look_up(section)[0] == "met"]
    if offense.conspiracy or _names_pc(offense, CONSPIRACY):
        return Coverage("not_covered", "conspiracy", _test("covered_section", "not_met", article, offense))
    if not reached:
        return Coverage(
            "not_covered", "section_not_covered", _test("covered_section", "not_met", article, offense)
        )
    beside = [s for s in sections if s not in reached and article.enhancements.look_up(s)[0] == "not_met"]
    if beside or len(set(reached)) > 1:
        test = _test("single_section", "unknown", article, offense, unknown="charge")
        return Coverage("needs_review", "mixed_sections", test)
    if offense.accessory or _names_pc(offense, ACCESSORY):
        test = _test("covered_section", "unknown", article, offense)
        return Coverage("needs_review", "accessory", test)
    if not _predecessor_in_time(offense, article, period):
        test = _test("predecessor_in_force", "unknown", article, offense, unknown=missing)
        return Coverage("needs_review", "predecessor_after_renumbering", test)
    return Coverage("covered", "covered", _test("covered_section", "met", article, offense), reached[0])


def _unreadable(offense: Offense, article: ArticleTwo) -> Coverage:
    test = _test("section_readable", "unknown", article, offense, unknown="charge")
    return Coverage("needs_review", "section_unreadable", test)


def as_meant(conviction: Conviction, article: ArticleTwo) -> tuple[CodeSection, ...]:
    """What the conviction is of, in today's numbering, without what only says how it was committed.

    Subdivisions of 11357 and 11360 are left out before 1976, when they meant other things (I-34).
    """
    return _as_meant(conviction.offense, article, _period(conviction, article))


@lru_cache(maxsize=KEPT)
def _as_meant(offense: Offense, article: ArticleTwo, period: Period) -> tuple[CodeSection, ...]:
    sections = tuple(current(section, article) for section in offense.sections if not _is_prefix(section))
    if period.redrawn:
        return sections
    return tuple(
        _of_health_and_safety(section.section)
        if section.code.upper() == "HS" and section.section in article.redrawn
        else section
        for section in sections
    )


def is_subdivision_missing(case: Case, section: CodeSection) -> bool:
    """Whether an 11357 or 11360 is named without the subdivision that it must have had since 1976 (I-34), and nobody
    stated it."""
    article, day = case.statute.article_two, case.conviction.offense_date or case.conviction.conviction_date
    if (
        section.subdivisions
        or section.section not in article.redrawn
        or day is None
        or day < article.redrawn_on
    ):
        return False
    return case.facts.of(case.conviction, "section") is None


@lru_cache(maxsize=KEPT)
def current(section: CodeSection, article: ArticleTwo) -> CodeSection:
    """The section in today's numbering; a predecessor loses its subdivisions, which meant other things (I-06).

    A number of the article without a code is HS: no other code has such crimes (I-03).
    """
    if section.code.upper() not in {"HS", ""}:
        return section
    for old in article.predecessors:
        if section.section == old.section:
            return CodeSection(code="HS", section=old.became)
    in_code = _of_health_and_safety(section.section, section.subdivisions)
    return in_code if section.code or article.named.look_up(in_code)[0] == "met" else section


@lru_cache(maxsize=KEPT)
def _names_article(offense: Offense, article: ArticleTwo) -> bool:
    return any(article.named.look_up(current(one, article))[0] == "met" for one in offense.sections)


def is_unreadable(conviction: Conviction, article: ArticleTwo) -> bool:
    """Whether the charge could not be read at all, or names a section of the article that does not exist."""
    if not is_charge_clear(conviction):
        return True  # it may be of the article: nobody but a person can tell (I-04)
    return _names_none_that_exists(conviction.offense, article)


@lru_cache(maxsize=KEPT)
def _names_none_that_exists(offense: Offense, article: ArticleTwo) -> bool:
    return any(_does_not_exist(section, article) for section in offense.sections)


def _does_not_exist(section: CodeSection, article: ArticleTwo) -> bool:
    if section.code.upper() not in {"HS", ""}:
        return False
    in_code = _of_health_and_safety(section.section)
    if article.named.look_up(in_code)[0] == "not_met":
        return MISTYPED.fullmatch(section.section) is not None
    return all(there.look_up(in_code)[0] != "met" for there in (article.covered, article.uncovered))


@lru_cache(maxsize=KEPT)
def _of_health_and_safety(number: str, subdivisions: tuple[str, ...] = ()) -> CodeSection:
    return CodeSection(code="HS", section=number, subdivisions=subdivisions)


def _is_prefix(section: CodeSection) -> bool:
    return section.code.upper() == "PC" and section.section in {ATTEMPT, CONSPIRACY, ACCESSORY}


def _names_pc(offense: Offense, number: str) -> bool:
    return any(section.section == number and section.code.upper() == "PC" for section in offense.sections)


def _predecessor_in_time(offense: Offense, article: ArticleTwo, period: Period) -> bool:
    old = {predecessor.section for predecessor in article.predecessors}
    return period.before_renumbering or not any(section.section in old for section in offense.sections)


def _period(conviction: Conviction, article: ArticleTwo) -> Period:
    day = conviction.offense_date or conviction.conviction_date
    if day is None:
        return UNDATED
    return Period(day < article.renumbered_on, day >= article.redrawn_on)


def _missing_to_date(conviction: Conviction) -> str:
    """The date that would show whether a former section was in force; its charge where a date contradicts it."""
    if conviction.offense_date is not None:
        return "charge"
    return "conviction_date" if conviction.conviction_date is None else "offense_date"


def _test(
    rule: str,
    finding: Literal["met", "not_met", "unknown"],
    article: ArticleTwo,
    offense: Offense,
    unknown: str | None = None,
) -> CitedTest:
    facts = {"section": str(offense)} if offense.sections else {"as_written": offense.as_written}
    return CitedTest(rule, finding, article.citation, facts, unknown=unknown)
