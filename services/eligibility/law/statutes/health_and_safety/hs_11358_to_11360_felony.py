"""What is a felony today: HS 11358(d), 11359(c), (d), 11360(a)(3), for persons of 18 or over with a disqualifier."""

from functools import lru_cache

from reliefstream_contracts.vocabulary.offense import CodeSection
from services.eligibility.law.engine.finding import Answer, CitedTest, all_of, any_of
from services.eligibility.law.engine.whatever_the_day import whatever_the_day
from services.eligibility.law.input.judged_conviction import Case
from services.eligibility.law.input.section_list import KEPT
from services.eligibility.law.input.statute import FelonyAlternative, FelonyToday
from services.eligibility.law.statutes.health_and_safety.age_at_offense import reached_at_offense
from services.eligibility.law.statutes.health_and_safety.hs_11358_to_11360_priors import earlier_same_section
from services.eligibility.law.statutes.health_and_safety.hs_article_2 import is_subdivision_missing
from services.eligibility.law.statutes.prior_convictions.pc_290_c import earlier_pc_290_conviction
from services.eligibility.law.statutes.prior_convictions.pc_667_e_2_c_iv import earlier_super_strike


@whatever_the_day
def felony_today(case: Case, section: CodeSection) -> Answer:
    """Whether the offense would be a felony today, with the tests that say so (INTERPRETATIONS I-62).

    Not met where no felony is left of the section (11357, 11360(b)), by a minor, or without an element that the
    felony takes (11358: more than six plants), whatever the priors. Then no prior is asked about.
    """
    alternative = alternative_of(case, section)
    if alternative is None:
        return Answer("not_met", ())
    reach = _within_reach(case, alternative, section)
    if reach.finding == "not_met":
        return Answer("not_met", (reach,))
    bars = [
        earlier_super_strike(case),
        earlier_pc_290_conviction(case),
        earlier_same_section(case, section, 2),
    ]
    if involved := _involved(case, alternative):
        bars.append(involved)
    barred = any_of(Answer(bar.finding, (bar,)) for bar in bars)
    return all_of((barred, Answer(reach.finding, (reach,))))


def disqualified(case: Case, section: CodeSection) -> Answer:
    """Whether a disqualifier makes the offense a felony today: the answer of ``felony_today`` as a policy asks it."""
    found = felony_today(case, section)
    return (
        found if found.tests else Answer("not_met", (CitedTest("felony_alternative", "not_met", CITATION),))
    )


CITATION = "HS 11358 to 11360"


def alternative_of(case: Case, section: CodeSection) -> FelonyAlternative | None:
    """The felony that is left of a section; None when none is."""
    return _alternative_of(case.statute.felony_today, section)


@lru_cache(maxsize=KEPT)
def _alternative_of(law: FelonyToday, section: CodeSection) -> FelonyAlternative | None:
    return next((one for one in law.alternatives if one.section.finding(section) != "not_met"), None)


def _within_reach(case: Case, alternative: FelonyAlternative, section: CodeSection) -> CitedTest:
    """Whether the person was old enough and the offense has the elements that the felony takes.

    A misdemeanor of 11360 that names no subdivision may be one of (b), which is none of it: unknown.
    """
    entry, from_age = alternative.section, case.statute.felony_today.from_age
    facts = {"section": str(entry.section)}
    grown = reached_at_offense(case, from_age)
    missing = None if grown is not None else "age_at_offense"
    failed = grown is False
    if grown is not None:
        facts["grown_at_offense"] = "yes" if grown else "no"
    for fact, wanted in entry.elements:
        value = case.facts.of(case.conviction, fact)
        facts[fact] = value or "unknown"
        failed = failed or value not in {None, wanted}
        missing = fact if value is None else missing
    a_felony = case.conviction.level_convicted == "felony"
    if not a_felony and entry.finding(section) == "unknown" and is_subdivision_missing(case, section):
        missing = missing or "section"
    if failed:
        return CitedTest("felony_alternative", "not_met", entry.citation, facts)
    return CitedTest(
        "felony_alternative", "unknown" if missing else "met", entry.citation, facts, unknown=missing
    )


def _involved(case: Case, alternative: FelonyAlternative) -> CitedTest | None:
    """What the offense itself involved that makes it a felony; presumed absent until somebody states it (I-17), and
    unknown where statements differ (I-64)."""
    rule, citation = "disqualified_by_offense", alternative.section.citation
    stated = [fact for fact in alternative.also if case.facts.stated(case.conviction, fact) == "yes"]
    if stated:
        return CitedTest(rule, "met", citation, {"involved": stated})
    contradicted = [fact for fact in alternative.also if case.facts.contradicted(case.conviction, fact)]
    if contradicted:
        return CitedTest(rule, "unknown", citation, {"involved": contradicted}, unknown="statement")
    return None
