"""HS 11361.8 and 11361.9 as one law: which convictions are reviewed, and what is settled before a county's policy."""

from typing import Any

from reliefstream_contracts.vocabulary.offense import CodeSection, Offense
from reliefstream_contracts.vocabulary.stated_facts import ANOTHER_SECTION
from services.eligibility.law.conditions.word import Word
from services.eligibility.law.engine.finding import CitedTest, Finding
from services.eligibility.law.engine.in_doubt import in_doubt
from services.eligibility.law.engine.law import ForTheTable, Law, Settled, Withheld
from services.eligibility.law.input.judged_conviction import Case
from services.eligibility.law.input.statute import Statute
from services.eligibility.law.statutes.health_and_safety.hs_11358_to_11360_felony import disqualified
from services.eligibility.law.statutes.health_and_safety.hs_11361_5 import record_destroyed
from services.eligibility.law.statutes.health_and_safety.hs_11361_8 import (
    compelled,
    convicted_on_or_after,
    legal_minimum,
    limits,
    other_relief,
    record_sealed,
    relief_shown,
)
from services.eligibility.law.statutes.health_and_safety.hs_11361_8_m import juvenile_adjudication
from services.eligibility.law.statutes.health_and_safety.hs_article_2 import as_named, coverage, names_article
from services.eligibility.law.statutes.health_and_safety.plea_companion import (
    is_plea_companion,
    possible_plea_bargain,
)
from services.eligibility.law.statutes.health_and_safety.redesignated_to import redesignated_to


def _reaches(case: Case) -> bool:
    return names_article(case.conviction, case.statute.article_two)


def _named(offense: Offense, statute: Statute) -> str:
    return as_named(offense, statute.article_two)


def before_the_table(case: Case) -> Settled | ForTheTable:
    """What no policy is asked about: relief on record, a section that 11361.8 does not reach or that cannot be
    read, a record sealed or destroyed, and doubts that only a person can settle (I-15, I-27, I-32)."""
    juvenile = juvenile_adjudication(case)
    if juvenile is not None:
        return juvenile
    reach = case.once(coverage, case.conviction, case.statute.article_two)
    sources, shown = relief_shown(case)
    if shown is not None:
        return Settled("already_relieved", shown.rule, (shown,), sources)
    if reach.status == "not_covered":
        return Settled("not_covered", reach.reason, (reach.test,))
    if reach.section is None:
        if case.facts.stated(case.conviction, "section") == ANOTHER_SECTION:
            another = CitedTest("of_another_section", "met", case.statute.relief.citation)
            return Settled("not_covered", another.rule, (another,))
        return Settled("needs_review", reach.reason, (reach.test,))
    sealed, destroyed = record_sealed(case), record_destroyed(case, reach.section)
    gone = tuple(test for test in (sealed, destroyed) if test is not None)
    showing = set(case.conviction.sealed_by)
    if destroyed is not None and destroyed.finding == "met":
        showing.update(case.conviction.destroyed_by)
    if showing:
        tests = (*gone, reach.test)
        return Settled("already_relieved", "record_sealed_or_destroyed", tests, tuple(sorted(showing)))
    doubtful = in_doubt(case, of_person="HS 11361.9(a)", of_conviction="HS 11361.8(e)")
    if doubtful is not None:
        return Settled("needs_review", doubtful.rule, (doubtful, reach.test))
    beside = (other_relief(case), *gone)
    return ForTheTable(reach.section, (reach.test, *(test for test in beside if test is not None)))


def withheld(case: Case) -> Withheld | None:
    """Whether 11361.8 gives a court no authority for relief, whatever a county's table says: convicted under the
    new law (I-22), or nobody knows when or of which level (I-04)."""
    convicted = convicted_on_or_after(case, case.statute.relief.in_force)
    if convicted.finding == "met":
        return Withheld("convicted_under_prop_64", convicted)
    if convicted.finding == "unknown":
        return Withheld("unknown_conviction_date", convicted)
    if case.conviction.level_convicted is None:
        test = CitedTest("level_known", "unknown", case.statute.relief.citation, unknown="level")
        return Withheld("unknown_level", test)
    return None


def _compels(case: Case, section: CodeSection, relief: str) -> CitedTest:
    minimum = compelled(case, section)
    finding: Finding = "met" if minimum.relief == relief else "unknown" if minimum.may_be else "not_met"
    unknown = minimum.missing if finding == "unknown" else None
    return CitedTest(f"statute_compels_{relief}", finding, case.statute.relief.citation, unknown=unknown)


def _says_compels(relief: Any) -> str:
    return f"the statute compels {relief}"


LAW = Law(
    name="hs-11361.8",
    title="HS 11361.8 and 11361.9: relief for cannabis convictions under Proposition 64",
    route="district_attorney",
    version=lambda statute: statute.relief.version,
    citation=lambda statute: statute.relief.citation,
    reaches=_reaches,
    named=_named,
    before_the_table=before_the_table,
    minimum=legal_minimum,
    withheld=withheld,
    companion=lambda case: possible_plea_bargain if is_plea_companion(case) else None,
    redesignated_to=redesignated_to,
    limits=lambda case: (limits(case),),
    words={
        "legal_minimum": Word(str, "redesignation", _says_compels, _compels),
        "disqualified": Word(
            bool,
            "true",
            lambda _: "a disqualifier that keeps the offense a felony today",
            lambda case, section, _: disqualified(case, section),
        ),
    },
)
