"""Calendar years and months, never hours divided by a mean year (INTERPRETATIONS I-01, I-02)."""

from datetime import date, timedelta


def add_years(day: date, years: int) -> date | None:
    """The same day that many years later; 29 February becomes 1 March (I-02). None past the year 9999."""
    return add_months(day, 12 * years)


def add_months(day: date, months: int) -> date | None:
    """The same day of the month later; a day that the month lacks becomes the first of the next (I-02)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return None
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year, month + 2, 1)  # never after December, which lacks no day


def first_later(years: int, on: date) -> date | None:
    """The first day that lies less than that many years back on ``on``; None where there is none."""
    if on.year <= years:
        return None
    day = date(on.year - years, on.month, 1) + timedelta(days=on.day - 1)
    reached = add_years(day, years)
    return day if reached is not None and reached > on else add_days(day, 1)


def add_days(day: date, days: int) -> date | None:
    """That many days later; None past the year 9999."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def next_flip(as_of: date, *days: date | None) -> date | None:
    """The earliest of the days that is later than ``as_of``: when a test on them may turn."""
    return min((day for day in days if day is not None and day > as_of), default=None)
