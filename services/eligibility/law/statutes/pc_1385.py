"""PC 1385: a related charge, beside those that a law reaches, is dismissed by the court's own act, case by case."""

from services.eligibility.law.engine.finding import CitedTest
from services.eligibility.law.engine.in_doubt import in_doubt
from services.eligibility.law.engine.law import ForTheTable, Settled
from services.eligibility.law.input.judged_conviction import Case

CITATION = "PC 1385; no authority in HS 11361.8 or 11361.9"


def before_the_table(case: Case) -> Settled | ForTheTable:
    """Settles a related charge without the policy's table: a sealed record, doubts that a person must settle.

    The table's own answer is not relief either: a person takes it to the court.
    """
    authority = CitedTest("authority_in_law", "not_met", CITATION, {"section": str(case.conviction.offense)})
    if case.conviction.sealed_by:
        sealed = tuple(sorted(case.conviction.sealed_by))
        test = CitedTest("record_sealed_or_destroyed", "met", CITATION, {"sealed_by": list(sealed)})
        return Settled("already_relieved", "record_sealed_or_destroyed", (test,), sealed)
    doubtful = in_doubt(case, of_person="PC 1385", of_conviction="PC 1385")
    if doubtful is not None:
        return Settled("needs_review", doubtful.rule, (doubtful, authority))
    return ForTheTable(case.conviction.offense.sections[0], (authority,), in_reach=False)
