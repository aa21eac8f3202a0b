"""Dates in the forms that a profile states, exactly; a text that could mean two days is refused."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from itertools import combinations
from typing import NamedTuple

_TOKENS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d{2})",
    "MON": r"(?P<name>[A-Za-z]{3})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{2})",
    "D": r"(?P<day>\d{1,2})",
    "HH": r"(?P<hour>\d{2})",
    "H": r"(?P<hour>\d{1,2})",
    "MI": r"(?P<minute>\d{2})",
    "SS": r"(?P<second>\d{2})",
    "F": r"\d{1,9}",
    "AM": r"(?P<half>[AaPp])\.?[Mm]\.?",
}
_WRITTEN = re.compile(r"YYYY|YY|MON|MM|MI|M|DD|D|HH|H|SS|F|AM|(?P<literal>[-/. :,TZ])")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
TOKENS = "YYYY or YY, MM, M or MON, DD or D, HH or H, MI, SS, F, AM, and - / . : , T Z or blanks between"


class DateFormat(NamedTuple):
    """One form. ``pivot``: a year of two digits below it is of this century, from it on of the last."""

    written: str
    pattern: re.Pattern[str]
    pivot: int | None


def date_format(written: str, pivot: int | None = None) -> DateFormat:
    """The form that is written so: ``MM/DD/YYYY``, ``YYMMDD`` with a pivot. ValueError says what is wrong."""
    pattern, at = "", 0
    while at < len(written):
        match = _WRITTEN.match(written, at)
        if match is None:
            raise ValueError(f"{written!r}: {written[at]!r} stands for nothing; known are {TOKENS}")
        literal = match["literal"]
        pattern += _TOKENS[match[0]] if literal is None else r"\s+" if literal == " " else re.escape(literal)
        at = match.end()
    try:
        compiled = re.compile(pattern, re.ASCII)
    except re.error:
        raise ValueError(f"{written!r}: a part of the date stands twice") from None
    parts = set(compiled.groupindex)
    if not ({"year", "short"} & parts and {"month", "name"} & parts and "day" in parts):
        raise ValueError(f"{written!r}: a year, a month and a day are needed")
    if {"year", "short"} <= parts or {"month", "name"} <= parts:
        raise ValueError(f"{written!r}: a part of the date stands twice")
    if ("short" in parts) != (pivot is not None):
        raise ValueError(
            f"{written!r}: a year of two digits needs a pivot, {{format: {written}, pivot: 30}}: 29 is 2029, 30 is 1930"
            if pivot is None
            else f"{written!r}: a pivot is for a year of two digits"
        )
    return DateFormat(written, compiled, pivot)


def read_moment(text: str, formats: Iterable[DateFormat]) -> datetime | None:
    """The moment that a text is in one of these forms, midnight where it gives no time; None: in none of them,
    or two forms read it as different ones."""
    found = {moment for each in formats if (moment := _moment(text, each)) is not None}
    return found.pop() if len(found) == 1 else None


def read_day(text: str, formats: Iterable[DateFormat]) -> date | None:
    """As ``read_moment``, the day alone."""
    found = {moment.date() for each in formats if (moment := _moment(text, each)) is not None}
    return found.pop() if len(found) == 1 else None


def conflict(formats: Sequence[DateFormat]) -> tuple[str, str] | None:
    """Two forms that read one text as two days, so that they cannot stand beside each other."""
    days = [datetime(y, m, d) for y in (1961, 1999, 2003, 2011) for m in (1, 4, 12) for d in (2, 5, 11)]  # noqa: DTZ001
    for one, other in combinations(formats, 2):
        for day in days:
            for writer in (one, other):
                text = _text(day, writer.written)
                first, second = _moment(text, one), _moment(text, other)
                if first is not None and second is not None and first != second:
                    return one.written, other.written
    return None


def _moment(text: str, form: DateFormat) -> datetime | None:
    match = form.pattern.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    if form.pivot is None:
        year = int(parts["year"])
    else:
        year = int(parts["short"])
        year += 2000 if year < form.pivot else 1900
    name = parts.get("name")
    if name is not None and name.upper() not in _MONTHS:
        return None
    month = _MONTHS.index(name.upper()) + 1 if name else int(parts["month"])
    hour, half = int(parts.get("hour") or 0), parts.get("half")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "Pp" else 0)
    with suppress(ValueError):
        minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
        return datetime(year, month, int(parts["day"]), hour, minute, second)  # noqa: DTZ001
    return None


def _text(day: datetime, written: str) -> str:
    values = {
        "YYYY": f"{day.year}",
        "YY": f"{day.year % 100:02d}",
        "MON": _MONTHS[day.month - 1],
        "MM": f"{day.month:02d}",
        "M": f"{day.month}",
        "DD": f"{day.day:02d}",
        "D": f"{day.day}",
        "HH": "09",
        "H": "9",
        "MI": "00",
        "SS": "00",
        "F": "0",
        "AM": "AM",
    }
    return _WRITTEN.sub(lambda match: values.get(match[0], match[0]), written)
