"""PC 1203.425 as a law: DOJ's monthly review reaches every conviction, and nobody in the county has to act."""

from collections.abc import Callable
from typing import Any

from reliefstream_contracts.vocabulary.offense import CodeSection, Offense
from services.eligibility.law.conditions.word import Word
from services.eligibility.law.engine.finding import Answer, CitedTest
from services.eligibility.law.engine.in_doubt import in_doubt
from services.eligibility.law.engine.law import ForTheTable, Law, Settled, Withheld
from services.eligibility.law.engine.minimum import Minimum
from services.eligibility.law.input.judged_conviction import Case, is_charge_clear
from services.eligibility.law.input.statute import Statute
from services.eligibility.law.statutes.health_and_safety.hs_article_2 import as_named
from services.eligibility.law.statutes.pc_1203_425 import (
    any_clause,
    charges_pending,
    legal_minimum,
    lesser_offense,
    other_felony,
    probation,
    probation_revoked,
    registration_required,
    relief_prohibited,
    serving_a_sentence,
    under_supervision,
)

RELIEVED = frozenset({"pc_1203_4", "pc_1385", "hs_11361_8_dismissal"})
"""Relief after which there is nothing left that this law would give (I-46)."""


def _named(offense: Offense, statute: Statute) -> str:
    return as_named(offense, statute.article_two)


def before_the_table(case: Case) -> Settled | ForTheTable:
    """What no table is asked about: relief on record, a federal charge, one of which the charge itself, level or date
    is unknown (I-04), and doubts that only a person can settle (I-27)."""
    law, conviction = case.statute.automatic_relief, case.conviction
    shown = [one for one in conviction.later_relief if one.relief.kind in RELIEVED]
    sources = tuple(sorted({one.source for one in shown} | set(conviction.sealed_by)))
    if sources:
        facts = {"shown": sorted({one.relief.kind for one in shown}), "sealed_by": list(conviction.sealed_by)}
        test = CitedTest("earlier_relief_shown", "met", law.relief, facts)
        return Settled("already_relieved", "earlier_relief_shown", (test,), sources)
    facts = {"section": conviction.offense.shown}
    if not is_charge_clear(conviction):
        test = CitedTest("section_readable", "unknown", law.citation, facts, unknown="charge")
        return Settled("needs_review", "section_unreadable", (test,))
    for fact, value in (
        ("level", conviction.level_convicted),
        ("conviction_date", conviction.conviction_date),
    ):
        if value is None:
            test = CitedTest(f"{fact}_known", "unknown", law.citation, unknown=fact)
            return Settled("needs_review", f"unknown_{fact}", (test,))
    if any(section.code.upper() == "US" for section in conviction.offense.sections):
        test = CitedTest("california_offense", "not_met", law.citation, facts)
        return Settled("not_covered", "not_a_california_offense", (test,))
    doubtful = in_doubt(case, of_person=law.citation, of_conviction=law.citation)
    if doubtful is not None:
        return Settled("needs_review", doubtful.rule, (doubtful,))
    test = CitedTest("california_offense", "met", law.citation, facts)
    return ForTheTable(conviction.offense.sections[0], (test,))


def withheld(case: Case) -> Withheld | None:
    """Whether none of the statute's conditions is met: a table can give no more than DOJ may (I-40)."""
    clause = any_clause(case)
    if clause.finding != "not_met":
        return None
    return Withheld("beyond_statute", clause.tests[0])


def _minimum(case: Case, _: CodeSection) -> Minimum:
    return legal_minimum(case)


def _word(says: str, test: Callable[[Case], CitedTest | Answer]) -> Word:
    def ask(case: Case, _: CodeSection, __: Any) -> CitedTest | Answer:
        return test(case)

    return Word(bool, "true", lambda _: says, ask)


LAW = Law(
    name="pc-1203.425",
    title="PC 1203.425: relief that DOJ grants by its own monthly review",
    route=None,
    version=lambda statute: statute.automatic_relief.version,
    citation=lambda statute: statute.automatic_relief.citation,
    reaches=lambda case: not case.conviction.juvenile,
    named=_named,
    before_the_table=before_the_table,
    minimum=_minimum,
    withheld=withheld,
    companion=lambda _: None,
    redesignated_to=lambda _, __: None,
    limits=lambda _: (),
    words={
        "registration_required": _word("has to register as a sex offender", registration_required),
        "under_supervision": _word("is under supervision", under_supervision),
        "serving_a_sentence": _word("a sentence still running", serving_a_sentence),
        "charges_pending": _word("charges are pending", charges_pending),
        "relief_prohibited": _word("a court withheld automatic relief", relief_prohibited),
        "probation_revoked": _word("its probation was revoked", probation_revoked),
        "probation_completed": _word("its probation is over, without state prison", probation),
        "lesser_offense": _word(
            "an infraction or misdemeanor without probation, its sentence over, a year after judgment",
            lesser_offense,
        ),
        "other_felony": _word(
            "a felony, neither serious, violent nor registrable, over for four years without a new felony",
            other_felony,
        ),
    },
)
