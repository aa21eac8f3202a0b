"""To which level an offense of HS 11357 to 11360 is redesignated: what it is today (Prop 64; HS 11361.8(b), (f))."""

from typing import Literal

from reliefstream_contracts.vocabulary.offense import CodeSection
from services.eligibility.law.input.judged_conviction import Case
from services.eligibility.law.statutes.health_and_safety.age_at_offense import (
    ADULT,
    GROWN,
    reached_at_offense,
)


def redesignated_to(case: Case, section: CodeSection) -> Literal["misdemeanor", "infraction"] | None:
    """The level today by age at the offense and amounts as stated; None where what is unknown decides.

    ``section`` is in today's numbering. At 21 the lesser amounts are lawful and dismissed (HS 11362.1), so that what is
    redesignated there is the misdemeanor.
    """
    number, subdivision = section.section, section.subdivisions[:1]
    grown, adult = reached_at_offense(case, GROWN), reached_at_offense(case, ADULT)
    if (number, subdivision) in {("11360", ("b",)), ("11357", ("b",)), ("11357", ("e",))} or grown is False:
        return "infraction"
    if grown is None:
        return None
    if number == "11359" or (number, subdivision) in {("11360", ("a",)), ("11357", ("d",))}:
        return "misdemeanor"
    if number not in {"11357", "11358"}:
        return None
    amount = case.facts.stated(case.conviction, "plants" if number == "11358" else "weight")
    if adult or amount in {"more_than_six", "above_the_limit"}:
        return "misdemeanor"
    return "infraction" if adult is False and amount in {"at_most_six", "within_the_limit"} else None
