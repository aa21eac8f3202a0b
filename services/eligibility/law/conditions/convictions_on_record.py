"""How many convictions a person has, and how long ago the latest was: in any county, of any offense.

A conviction is one count with a convicted disposition, so that two counts of one case are two (I-36).
"""

from datetime import date

from services.eligibility.law.conditions.reported_twice import ask_which_repeat, surely_different
from services.eligibility.law.engine.calendar import add_days, add_years, first_later
from services.eligibility.law.engine.finding import OPPOSITE, CitedTest
from services.eligibility.law.input.judged_conviction import Case, is_certain


def more_than_one_conviction(case: Case) -> CitedTest:
    """Whether the record shows two convictions or more, this one among them (I-36).

    Unknown where another's disposition is unclear, where two may be one that was reported twice, or where no
    complete rap sheet has come, unless two are certain without.
    """
    rule = "more_than_one_conviction"
    certain = [one for one in case.standing() if is_certain(one)]
    at_least = surely_different(certain, case.facts)
    at_most = sum(1 for _ in case.standing())
    if at_least > 1:
        return CitedTest(rule, "met", "", {"convictions": at_least})
    if not case.knows_everything:
        return CitedTest(rule, "unknown", "", unknown="rap_sheet")
    if at_most > 1:
        missing = "disposition" if at_most > len(certain) else "repeated"
        if missing == "repeated":
            ask_which_repeat(case.others(), case.facts)
        return CitedTest(rule, "unknown", "", unknown=missing)
    return CitedTest(rule, "not_met", "", {"convictions": 1})


def single_conviction(case: Case) -> CitedTest:
    """Whether this is the only conviction on record: the opposite of ``more_than_one_conviction``."""
    several = more_than_one_conviction(case)
    return several._replace(rule="single_conviction", finding=OPPOSITE[several.finding])


def no_conviction_in_past_years(case: Case, years: int) -> CitedTest:
    """Whether every conviction is at least this many years old; the anniversary counts (I-01)."""
    return _all_before(case, "no_conviction_in_past_years", years, 0)


def latest_conviction_more_than_years_ago(case: Case, years: int) -> CitedTest:
    """Whether the latest conviction is more than this many years old: from the day after the anniversary (I-37)."""
    return _all_before(case, "latest_conviction_more_than_years_ago", years, 1)


def _all_before(case: Case, rule: str, years: int, days_after: int) -> CitedTest:
    """Whether for every conviction the anniversary and this many days after it have passed.

    Unknown where a conviction has no date, may not be one, or may be missing, unless a certain one decides.
    """
    facts: dict[str, object] = {"years": years}
    blocked: list[tuple[date, date]] = []
    may_block: list[date] = []
    missing = None if case.knows_everything else "rap_sheet"
    for conviction in case.standing():
        on = conviction.conviction_date
        anniversary = add_years(on, years) if on is not None else None
        until = add_days(anniversary, days_after) if anniversary is not None else None
        if on is None or until is None:
            days_left = add_days(case.as_of, -days_after)
            case.facts.turn(conviction, "conviction_date", days_left and first_later(years, days_left))
            missing = missing or "conviction_date"
        elif until > case.as_of and is_certain(conviction):
            blocked.append((until, on))
        elif until > case.as_of:
            may_block.append(until)
    if blocked:
        until, on = max(blocked)
        return CitedTest(rule, "not_met", "", facts | {"latest_conviction": on.isoformat()}, turns_on=until)
    missing = missing or ("disposition" if may_block else None)
    turns_on = min(may_block, default=None)
    return CitedTest(rule, "unknown" if missing else "met", "", facts, turns_on, unknown=missing)
