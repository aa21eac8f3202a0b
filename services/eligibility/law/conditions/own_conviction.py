"""Tests on the conviction judged alone: its level, its section, its date, its sentence."""

from functools import cache, lru_cache

from reliefstream_contracts.vocabulary.offense import CodeSection, Level
from services.eligibility.law.conditions.sentence_end import sentence_end
from services.eligibility.law.engine.calendar import add_days, add_years, first_later
from services.eligibility.law.engine.finding import OPPOSITE, CitedTest
from services.eligibility.law.input.judged_conviction import Case
from services.eligibility.law.input.section_list import KEPT, SectionList


def level_is(case: Case, levels: tuple[str, ...]) -> CitedTest:
    """Whether the conviction is of one of these levels (I-24); unknown without a level."""
    return _level_is(case.conviction.level_convicted, levels)


@cache
def _level_is(level: Level | None, levels: tuple[str, ...]) -> CitedTest:
    rule = "level_" + "_or_".join(levels)
    if level is None:
        return CitedTest(rule, "unknown", "PC 17", unknown="level")
    return CitedTest(rule, "met" if level in levels else "not_met", "PC 17", {"level": level})


def names_section(section: CodeSection, listed: SectionList) -> CitedTest:
    """Whether the record itself names a listed section or what is below it: a bare number names no subdivision."""
    return _names_section(section, listed)


@lru_cache(maxsize=KEPT)
def _names_section(section: CodeSection, listed: SectionList) -> CitedTest:
    named = listed.look_up(section)[0] == "met"
    facts = {"section": str(section), "listed": list(listed.written)}
    return CitedTest("names_section", "met" if named else "not_met", "", facts)


def convicted_years_ago(case: Case, years: int) -> CitedTest:
    """Whether this conviction is at least this many years old; the anniversary counts (I-01)."""
    rule, on, facts = "convicted_years_ago", case.conviction.conviction_date, {"years": years}
    since = add_years(on, years) if on is not None else None
    if on is None or since is None:
        case.facts.turn(case.conviction, "conviction_date", first_later(years, case.as_of))
        return CitedTest(rule, "unknown", "", facts, unknown="conviction_date")
    if since <= case.as_of:
        return CitedTest(rule, "met", "", facts | {"convicted_on": on.isoformat()})
    return CitedTest(rule, "not_met", "", facts | {"convicted_on": on.isoformat()}, turns_on=since)


def own_sentence_ended(case: Case) -> CitedTest:
    """Whether this conviction's own sentence is over on the day (I-05); unknown without a known end."""
    rule, end = "own_sentence_ended", case.once(sentence_end, case.conviction)
    if end is None:
        case.facts.turn(case.conviction, "sentence_end", add_days(case.as_of, 1))
        return CitedTest(rule, "unknown", "", unknown="sentence")
    facts = {"sentence_end": end.isoformat()}
    if end <= case.as_of:
        return CitedTest(rule, "met", "", facts)
    return CitedTest(rule, "not_met", "", facts, turns_on=end)


def own_sentence_running(case: Case) -> CitedTest:
    """Whether this conviction's own sentence still runs: the opposite of ``own_sentence_ended``."""
    ended = own_sentence_ended(case)
    return ended._replace(rule="own_sentence_running", finding=OPPOSITE[ended.finding])
