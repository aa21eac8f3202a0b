"""Dates in one person's life: no two cases in one month, all days exist in every month."""

from datetime import date

from deploy.sample.chance.dice import Dice

LAST_BEFORE = (2016, 10)
"""The last whole month before Proposition 64 took effect on 9 November 2016."""

# Convictions by the decade they begin in, of a hundred.
_DECADES = ((1961, 9, 5), (1970, 10, 22), (1980, 10, 25), (1990, 10, 24), (2000, 10, 17), (2010, 7, 7))


def first_year(dice: Dice) -> int:
    """The year of a first conviction: 1961 to 2016, most in the decades in which most were."""
    at = dice.below(100)
    for start, years, share in _DECADES:
        if at < share:
            return start + dice.below(years)
        at -= share
    raise AssertionError("shares add up to a hundred")


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month; ``day`` is at most the 28th."""
    at = day.year * 12 + day.month - 1 - months
    return date(at // 12, at % 12 + 1, day.day)


class Life:
    """Chooses days of one life, each in a different month."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._used: set[int] = set()

    def day_in(self, year: int) -> date:
        """A day in ``year``, or in the next free month after it; before it from 2000 on.

        Up to 2016 never later than October 2016, and never before 1961 if ``year`` is not.
        """
        first, last = year * 12, year * 12 + 11
        if year == LAST_BEFORE[0]:
            last = LAST_BEFORE[0] * 12 + LAST_BEFORE[1] - 1
        month = self._dice.between(first, last)
        step = 1 if year < 2000 else -1
        while month in self._used:
            month += step
        self._used.add(month)
        return date(month // 12, month % 12 + 1, self._dice.between(1, 28))
