"""Ages on the day that is judged or at conviction, as a county's policy asks; the birth date itself is never shown."""

from services.eligibility.law.engine.calendar import add_years
from services.eligibility.law.engine.finding import OPPOSITE, CitedTest
from services.eligibility.law.input.judged_conviction import Case

CITATION = "Family Code 6500"


def age_at_least(case: Case, years: int) -> CitedTest:
    """Whether the person has this age on the day; it is reached when the birthday begins (I-01, I-02)."""
    return _age(case, CitedTest("age_at_least", "met", CITATION, {"years": years}), years)


def age_at_most(case: Case, years: int) -> CitedTest:
    """Whether the person is at most this old on the day; the whole year of that age counts (I-14)."""
    return _age(case, CitedTest("age_at_most", "not_met", CITATION, {"years": years}), years + 1)


def under_age_at_conviction(case: Case, years: int) -> CitedTest:
    """Whether the person was younger than this age at conviction; on that birthday this ends (I-01, I-02)."""
    rule, facts = "under_age_at_conviction", {"years": years}
    born, on = case.born, case.conviction.conviction_date
    reached = add_years(born, years) if born is not None else None
    if on is None or born is None or reached is None or born > on:
        if on is not None:
            case.turns_at_age(years, on)
        missing = "conviction_date" if on is None else "birth_date"
        return CitedTest(rule, "unknown", CITATION, facts, unknown=missing)
    return CitedTest(rule, "met" if on < reached else "not_met", CITATION, facts)


def _age(case: Case, reached: CitedTest, years: int) -> CitedTest:
    """The finding from that birthday on, and its opposite before; unknown without a possible birth date."""
    born = case.born
    day = add_years(born, years) if born is not None else None
    if born is None or day is None or born > case.as_of:
        case.turns_at_age(years, case.as_of)
        return reached._replace(finding="unknown", unknown="birth_date", turns_on=born if day else None)
    if case.as_of >= day:
        return reached
    return reached._replace(finding=OPPOSITE[reached.finding], turns_on=day)
