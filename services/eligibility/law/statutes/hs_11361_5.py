"""HS 11361.5: records of small cannabis offenses are destroyed; of others a court destroys what is merely old."""

from reliefstream_contracts.offense import CodeSection
from services.eligibility.law.engine.case import Case
from services.eligibility.law.engine.finding import CitedTest


def record_destroyed(case: Case, section: CodeSection) -> CitedTest | None:
    """Whether a destroyed record was destroyed because HS 11361.5 says so (I-32); None when none is destroyed.

    Only misdemeanors and infractions of listed sections. ``section`` is as meant: before 1976 it has no
    subdivisions, so that nothing older is reached.
    """
    if not case.conviction.destroyed_by:
        return None
    listed, _ = case.statute.destroyed.look_up(section)
    level = case.conviction.level_convicted
    lawful = listed == "met" and level in {"misdemeanor", "infraction"}
    facts = {
        "destroyed_by": sorted(case.conviction.destroyed_by),
        "section": str(section),
        "level": level or "unknown",
    }
    citation = case.statute.destroyed.citation
    return CitedTest("record_destroyed_by_law", "met" if lawful else "not_met", citation, facts)
