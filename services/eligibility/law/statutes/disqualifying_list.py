"""An earlier conviction that a statute's list names: what super strikes and PC 290(c) have in common."""

import re
from dataclasses import dataclass

from reliefstream_contracts.histories import Conviction
from reliefstream_contracts.offense import CodeSection, Level, Offense
from services.eligibility.law.engine.case import Case, is_certain, is_charge_clear
from services.eligibility.law.engine.finding import CitedTest, Finding
from services.eligibility.law.engine.section_list import ListedSection, SectionList

CANNABIS_ARTICLE = re.compile(r"(1135[7-9]|1136[0-2]|1153[01])(\.[0-9]+)?")
"""Numbers that no other code has (I-03): on no list, though the record names no code."""
FELONY: frozenset[Level | None] = frozenset({"felony", None})
NO_INFRACTION: frozenset[Level | None] = FELONY | {"misdemeanor"}


@dataclass(frozen=True, slots=True)
class Listed:
    """Whether one conviction is on the list, and why, or which fact is missing."""

    finding: Finding
    citation: str = ""
    unknown: str | None = None


def on_list(conviction: Conviction, listed: SectionList, levels: frozenset[Level | None] = FELONY) -> Listed:
    """Whether a list names the offense. Unknown when its text could not be read or is contradicted, names no
    code, stops short of the subdivision, is a felony of another law than California's, an accessory's, an attempt
    or conspiracy that the list does not speak of, or of a level that no offense of the list has (I-10, I-29)."""
    offense = conviction.offense
    if not is_charge_clear(conviction):
        return Listed("unknown", listed.citation, "section")
    felony = conviction.level_convicted in FELONY
    found = Listed("not_met", listed.citation)
    if felony and any(_of_another_law(section) for section in offense.sections):
        found = Listed("unknown", listed.citation, "section")
    for section in offense.sections:
        finding, entry = listed.look_up(section if section.code else _penal(section))
        if entry is None:
            continue
        as_listed = conviction.level_convicted in levels and _reaches(entry, offense)
        if finding == "met" and section.code and as_listed:
            return Listed("met", entry.citation or listed.citation)
        found = Listed("unknown", entry.citation or listed.citation, "section")
    return found


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


def earlier(case: Case, rule: str, citation: str, listed: dict[str, tuple[Conviction, Listed]]) -> CitedTest:
    """Whether any of the ``listed`` convictions (by id; not later, met or unknown) came before this one.

    Met by the first that is on the list, certain (I-30) and on an earlier day. Unknown when one may be, or
    when no complete state rap sheet has come and none is met.
    """
    missing: str | None = None if case.knows_everything else "rap_sheet"
    missing_facts: dict[str, str] = {} if missing is None else {"rap_sheet": case.history.rap_sheet}
    for other, on in listed.values():
        before = case.is_earlier(other)
        facts = {"section": str(other.offense) or other.offense.as_written}
        if other.conviction_date is not None:
            facts["conviction_date"] = other.conviction_date.isoformat()
        if before and on.finding == "met" and is_certain(other):
            return CitedTest(rule, "met", on.citation or citation, facts)
        if missing in {None, "rap_sheet"}:
            missing = on.unknown or ("disposition" if before else "conviction_date")
            missing_facts = facts
    if missing is not None:
        return CitedTest(rule, "unknown", citation, missing_facts, unknown=missing)
    return CitedTest(rule, "not_met", citation)
