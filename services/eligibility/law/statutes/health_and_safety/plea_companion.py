"""HS 11364, 11366, PC 32 beside a cannabis charge: a plea that may stand for it, which a person has to see (I-67)."""

from reliefstream_contracts.vocabulary.offense import CodeSection
from services.eligibility.law.engine.finding import CitedTest
from services.eligibility.law.engine.law import Settled
from services.eligibility.law.input.judged_conviction import Case, is_charge_clear
from services.eligibility.law.input.section_list import read_section, section_list
from services.eligibility.law.statutes.health_and_safety.hs_article_2 import current

COMPANIONS = section_list(map(read_section, ("HS 11364", "HS 11366", "PC 32")))
CITATION = "HS 11361.8; People v. Boatwright (2019) 36 Cal.App.5th 848"


def is_plea_companion(case: Case) -> bool:
    """Whether a conviction may stand for a cannabis charge that its event shows as well, in a comment perhaps."""
    conviction = case.conviction
    if conviction.juvenile or not is_charge_clear(conviction):
        return False
    companion = any(COMPANIONS.look_up(one)[0] == "met" for one in conviction.offense.sections)
    return companion and _cannabis_beside(case) is not None


def possible_plea_bargain(case: Case) -> Settled:
    """A review: only a person can decide whether the plea stands for the cannabis charge."""
    facts = {"section": str(case.conviction.offense), "cannabis_charge": str(_cannabis_beside(case))}
    test = CitedTest("possible_plea_bargain", "unknown", CITATION, facts)
    return Settled("needs_review", test.rule, (test,))


def _cannabis_beside(case: Case) -> CodeSection | None:
    event = [one for one in case.history.convictions if one.event == case.conviction.event]
    named = (one for other in event for one in (*other.offense.sections, *other.offense.comment_sections))
    beside = {*case.conviction.charged_beside, *named}
    article = case.statute.article_two
    return next(
        (
            one
            for one in sorted(beside, key=str)
            if article.covered.look_up(current(one, article))[0] == "met"
        ),
        None,
    )
