"""Doubts about the person, the place or the existence of a conviction: they go to review before any table (I-27)."""

from services.eligibility.law.engine.finding import CitedTest
from services.eligibility.law.input.judged_conviction import Case, is_in_doubt

IMPOSSIBLE = frozenset({"impossible"})
OF_A_PERSON = frozenset({"identity", "name", "name.surname", "name.suffix", "birth_date"})


def in_doubt(case: Case, of_person: str, of_conviction: str) -> CitedTest | None:
    """The test that a person must settle first: identity, county, case number, disposition, or relief in texts.

    None when nothing is in doubt. ``of_person`` and ``of_conviction``: what the law is cited by.
    """
    if not case.history.doubts and not case.conviction.doubts and case.conviction.county is not None:
        return None
    about_person = {doubt.field for doubt in case.history.doubts if doubt.kind == "contradictory"}
    if about_person & OF_A_PERSON or is_in_doubt(case.history.doubts, "cii_numbers", IMPOSSIBLE):
        return CitedTest("identity_in_doubt", "unknown", of_person, unknown="identity")
    about_conviction = {doubt.field: doubt for doubt in reversed(case.conviction.doubts)}
    if case.conviction.county is None or "county" in about_conviction:
        case.facts.of(case.conviction, "county")
        return CitedTest("county_unknown", "unknown", of_conviction, unknown="county")
    number = about_conviction.get("case_number")
    # A court orders relief by the number of the case (I-69).
    named = any(ref.case_number is not None for ref in case.conviction.counts)
    if number is not None and (number.kind == "unparsed" or not named):
        return CitedTest("case_number_unreadable", "unknown", of_conviction, unknown="case_number")
    for field in ("disposition", "later_relief"):
        if doubt := about_conviction.get(field):
            if field == "later_relief":
                case.facts.of(case.conviction, "relief_granted")
            # Relief stands in comments too, which may name people.
            facts = (
                {"as_written": list(doubt.as_written)} if field == "disposition" else {"doubt": doubt.kind}
            )
            return CitedTest(f"{field}_in_doubt", "unknown", of_conviction, facts, unknown=field)
    return None
