"""How old the person was at the offense: HS 11357 to 11360 and 11362.1 ask for 18 and 21 (INTERPRETATIONS I-62)."""

from datetime import date

from services.eligibility.law.engine.calendar import add_years
from services.eligibility.law.engine.whatever_the_day import whatever_the_day
from services.eligibility.law.input.judged_conviction import Case

ADULT, GROWN = 21, 18
BANDS = {"under_18": 0, "18_to_20": 18, "21_or_older": 21}


@whatever_the_day
def reached_at_offense(case: Case, age: int) -> bool | None:
    """Whether the person was of that age (18 or 21) at the offense; None when nothing on record says.

    Where the day of the offense is unknown, that of the arrest counts (I-62). The offense was not later than the
    conviction, so a person who was younger at the conviction had not reached it.
    """
    born, offense, convicted = case.born, case.committed_by, case.conviction.conviction_date
    recorded, latest = None, offense or convicted
    if born is None and latest is not None:
        case.turns_at_age(age, latest)
    if born is not None and offense is not None:
        recorded = _band(case, born, offense)
    elif born is not None and convicted is not None and not _reached(born, age, convicted):
        return False
    band = case.facts.of(case.conviction, "age_at_offense", recorded)
    return None if band is None else BANDS[band] >= age


@whatever_the_day
def _band(_: Case, born: date, offense: date) -> str:
    if _reached(born, ADULT, offense):
        return "21_or_older"
    return "18_to_20" if _reached(born, GROWN, offense) else "under_18"


def _reached(born: date, age: int, day: date) -> bool:
    reached = add_years(born, age)
    return reached is not None and day >= reached
