"""Whose conviction it is, where, and whether it stands: a doubt about that goes to review before any table (I-27)."""

from services.eligibility.law.case import Case
from services.eligibility.law.finding import CitedTest

IDENTITY = frozenset({"identity", "name", "name.surname"})


def in_doubt(case: Case) -> CitedTest | None:
    """The test that a person must settle first: identity, county or disposition; None when nothing is in doubt."""
    about_person = {doubt.field for doubt in case.history.doubts if doubt.kind == "contradictory"}
    if about_person & IDENTITY:
        return CitedTest("identity_in_doubt", "unknown", "HS 11361.9(a)", unknown="identity")
    if case.conviction.county is None:
        return CitedTest("county_unknown", "unknown", "HS 11361.8(e)", unknown="county")
    for doubt in case.conviction.doubts:
        if doubt.field == "disposition":
            facts = {"as_written": list(doubt.as_written)}
            return CitedTest("disposition_in_doubt", "unknown", "HS 11361.8(e)", facts, unknown="disposition")
    return None
