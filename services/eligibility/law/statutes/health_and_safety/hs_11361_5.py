"""HS 11361.5: records of minor cannabis offenses are destroyed; a court destroys other records only by age."""

from reliefstream_contracts.vocabulary.offense import CodeSection
from services.eligibility.law.engine.finding import CitedTest
from services.eligibility.law.input.judged_conviction import Case
from services.eligibility.law.statutes.health_and_safety.age_at_offense import reached_at_offense


def record_destroyed(case: Case, section: CodeSection) -> CitedTest | None:
    """Whether a destroyed record was destroyed because HS 11361.5 says so (I-32); None when none is destroyed.

    Misdemeanors and infractions of listed sections, and every offense of the article by somebody known to have been
    a minor.
    """
    if not case.conviction.destroyed_by:
        return None
    statute, level = case.statute.destroyed, case.conviction.level_convicted
    lesser = statute.listed.look_up(section)[0] == "met" and level in {"misdemeanor", "infraction"}
    minor = reached_at_offense(case, statute.minors_under) is False
    lawful = lesser or (minor and statute.of_minors.look_up(section)[0] == "met")
    facts = {
        "destroyed_by": sorted(case.conviction.destroyed_by),
        "section": str(section),
        "level": level or "unknown",
    }
    citation = statute.listed.citation
    return CitedTest("record_destroyed_by_law", "met" if lawful else "not_met", citation, facts)
