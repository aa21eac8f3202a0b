"""Whether a birth date is plausible for a person with these convictions."""

from collections.abc import Iterable
from datetime import date

YOUNGEST, OLDEST = 14, 100
"""Ages at a conviction. Nobody under 14 could be tried as an adult (Welfare and Institutions Code 707)."""

_PLACEHOLDERS = frozenset({date(1900, 1, 1), date(1901, 1, 1)})


def plausible(born: date, convicted_on: Iterable[date]) -> bool:
    """False for a date that stands for none, and where an age at a conviction is impossible."""
    return born not in _PLACEHOLDERS and all(YOUNGEST <= _age(born, on) <= OLDEST for on in convicted_on)


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
