"""Earlier convictions on a statute's list: the tests that super strikes and PC 290(c) share."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from reliefstream_contracts.histories import Conviction
from reliefstream_contracts.vocabulary.offense import CodeSection, Level, Offense
from reliefstream_contracts.vocabulary.stated_facts import FactCode
from services.eligibility.law.engine.finding import CitedTest, Finding
from services.eligibility.law.input.facts import Facts
from services.eligibility.law.input.judged_conviction import Case, bars_for_certain, is_charge_clear
from services.eligibility.law.input.section_list import (
    KEPT,
    ListedSection,
    SectionList,
    read_section,
    section_list,
)
from services.eligibility.law.statutes.prior_convictions.recorded_facts import recorded

CANNABIS_ARTICLE = re.compile(r"(1135[7-9]|1136[0-2]|1153[01])(\.[0-9]+)?")
"""Numbers that no other code has (I-03): on no list, though the record names no code."""
FELONY: frozenset[Level | None] = frozenset({"felony", None})
NO_INFRACTION: frozenset[Level | None] = FELONY | {"misdemeanor"}
INCHOATE = section_list((read_section("PC 664"), read_section("PC 182(a)(1)")))
"""An attempt, and a conspiracy to commit a crime: alone they do not name the crime."""
BY_SECTION = frozenset({"section", "life_term", "seriousness"})
"""What is missing where only the offense as a whole can be told: no single element would settle it."""
ABSENT = "absent"


class Listed(NamedTuple):
    """Whether one conviction is on the list, and why, or which fact is missing."""

    finding: Finding
    citation: str = ""
    unknown: str | None = None


def on_list(
    conviction: Conviction, listed: SectionList, facts: Facts, levels: frozenset[Level | None] = FELONY
) -> Listed:
    """Whether a list names the offense. Unknown when its text could not be read or is contradicted, names no
    code, stops short of the subdivision, is a felony of another law than California's, an accessory's, an attempt
    or conspiracy that the list does not speak of or of a crime that it does not name, or of a level that no offense
    of the list has (I-29), and when an element that its number does not show is unknown (I-10)."""
    if not is_charge_clear(conviction):
        return Listed("unknown", listed.citation, "section")
    level = conviction.level_convicted
    found, entries = _by_its_text(conviction.offense, level in FELONY, level in levels, listed)
    for entry, is_named in entries:
        on = _on_entry(conviction, entry, facts, levels, is_named)
        if on.finding == "met":
            return Listed("met", entry.citation or listed.citation)
        if on.finding == "unknown" and (found.finding == "not_met" or found.unknown == "section"):
            found = Listed("unknown", entry.citation or listed.citation, on.unknown)
    return found


@lru_cache(maxsize=KEPT)
def _by_its_text(
    offense: Offense, felony: bool, of_level: bool, listed: SectionList
) -> tuple[Listed, tuple[tuple[ListedSection, bool], ...]]:
    """What an offense is that no entry names, and the entries that name it or may; True: by its section, or once all
    elements are present. ``of_level``: its level is one that offenses of the list have."""
    found = Listed("not_met", listed.citation)
    if felony and any(_of_another_law(section) for section in offense.sections):
        found = Listed("unknown", listed.citation, "section")
    if of_level and all(INCHOATE.look_up(section)[0] != "not_met" for section in offense.sections):
        found = Listed("unknown", listed.citation, "section")
    entries = []
    for section in offense.sections:
        for named, entry in listed.entries_of(section if section.code else _penal(section)):
            by_elements = bool(entry.elements) and entry.names(section)
            entries.append((entry, bool(section.code) and (named == "met" or by_elements)))
    return found, tuple(entries)


def _on_entry(
    conviction: Conviction,
    entry: ListedSection,
    facts: Facts,
    levels: frozenset[Level | None],
    is_named: bool,
) -> Listed:
    """Whether the conviction is one of the entry. ``is_named``: by its section, or once all elements are present."""
    in_time = _in_time(conviction, entry)
    if in_time is None:
        bounds = (day for day in (entry.committed_from, entry.committed_before) if date.min < day < date.max)
        facts.turn(conviction, "offense_date", *bounds)
    level = conviction.level_convicted
    if in_time is False or (entry.felonies_only and level not in FELONY):
        return Listed("not_met")
    if not is_named:
        return Listed("unknown", unknown="section")
    missing = _missing_element(conviction, entry, facts)
    if missing == ABSENT:
        return Listed("not_met")
    if level not in levels or not _reaches(entry, conviction.offense):
        return Listed("unknown", unknown="section")
    if missing is None and entry.felonies_only and level is None:
        missing = "level"
    if missing is None and in_time is None:
        missing = "offense_date"
    return Listed("unknown", unknown=missing) if missing else Listed("met")


def _missing_element(conviction: Conviction, entry: ListedSection, facts: Facts) -> str | None:
    """The first element that is unknown; None when all are present, ``ABSENT`` when one is known not to be."""
    missing: FactCode | None = None
    for fact, wanted in entry.elements:
        value = facts.of(conviction, fact, recorded(conviction, fact))
        if value is None:
            missing = missing or fact
        elif value != wanted:
            return ABSENT
    return missing


def _in_time(conviction: Conviction, entry: ListedSection) -> bool | None:
    """Whether the offense falls into the entry's time; None when its day is unknown and could decide."""
    if entry.committed_from == date.min and entry.committed_before == date.max:
        return True
    day, latest = conviction.offense_date, conviction.conviction_date
    if day is not None:
        return entry.committed_from <= day < entry.committed_before
    if latest is not None and latest < entry.committed_from:
        return False
    no_start = entry.committed_from == date.min
    return True if no_start and latest is not None and latest < entry.committed_before else None


def _reaches(entry: ListedSection, offense: Offense) -> bool:
    """Whether the entry is of the offense as it was committed; no list speaks of accessories."""
    attempted = offense.attempt and not entry.attempts
    conspired = offense.conspiracy and not entry.conspiracies
    return not (offense.accessory or attempted or conspired)


def _of_another_law(section: CodeSection) -> bool:
    """Whether a section is federal, or names no code and so may be: no list of ours has its number."""
    code = section.code.upper()
    return code == "US" or (not code and not CANNABIS_ARTICLE.fullmatch(section.section))


def _penal(section: CodeSection) -> CodeSection:
    """A number without a code may be the Penal Code's: that is not enough to say so."""
    return CodeSection(code="PC", section=section.section, subdivisions=section.subdivisions)


def settled(conviction: Conviction, on: Listed, fact: FactCode, facts: Facts, citation: str) -> Listed:
    """The value that somebody stated for the whole offense (``fact``), where no single element would settle it."""
    if on.finding != "unknown" or on.unknown not in BY_SECTION:
        return on
    said = facts.of(conviction, fact)
    return on if said is None else Listed("met" if said == "yes" else "not_met", citation)


def earlier(
    case: Case,
    rule: str,
    citation: str,
    listed: dict[str, tuple[Conviction, Listed]],
    came_before: Callable[[Conviction], bool | None],
) -> CitedTest:
    """Whether any of the ``listed`` convictions (by id; not later, met or unknown) came before this one.

    Met by the first that is on the list, certain (I-30) and came before. Unknown when one may be, or when no
    complete state rap sheet has come and none is met.
    """
    missing: str | None = None if case.knows_everything else "rap_sheet"
    missing_facts: dict[str, str] = {} if missing is None else {"rap_sheet": case.history.rap_sheet}
    for other, on in listed.values():
        before = came_before(other)
        facts = {"section": other.offense.shown}
        if other.conviction_date is not None:
            facts["conviction_date"] = other.conviction_date.isoformat()
        if before and on.finding == "met" and bars_for_certain(other):
            return CitedTest(rule, "met", on.citation or citation, facts)
        if missing in {None, "rap_sheet"}:
            missing = on.unknown or ("disposition" if before else case.missing_to_order(other))
            missing_facts = facts
    if missing is not None:
        return CitedTest(rule, "unknown", citation, missing_facts, unknown=missing)
    return CitedTest(rule, "not_met", citation)
