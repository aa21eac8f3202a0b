"""HS 11361.8(m): a juvenile court's adjudication, which is no conviction and is asked of that court (I-65)."""

from services.eligibility.law.engine.finding import CitedTest
from services.eligibility.law.engine.law import Settled
from services.eligibility.law.input.judged_conviction import Case


def juvenile_adjudication(case: Case) -> Settled | None:
    """A review that names the form; None for a conviction."""
    if not case.conviction.juvenile:
        return None
    facts = {"form": case.statute.relief.forms.juvenile, "section": str(case.conviction.offense)}
    test = CitedTest("juvenile_adjudication", "met", "HS 11361.8(m)", facts)
    return Settled("needs_review", test.rule, (test,))
