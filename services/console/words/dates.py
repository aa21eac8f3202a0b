"""Days and moments as people read them."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from reliefstream_contracts.county_file import CALIFORNIA_TIME

UNKNOWN = "not on record"


def day(given: str | date | None) -> str:
    """``March 4, 1999``; nothing: not on record."""
    if not given:
        return UNKNOWN
    found = date.fromisoformat(given[:10]) if isinstance(given, str) else given
    return f"{found:%B} {found.day}, {found.year}"


def fact(given: str | None) -> str:
    """A value of a record: a day written out, anything else as it is; nothing: not on record."""
    return day(given) if not given or re.fullmatch(r"\d{4}-\d{2}-\d{2}", given) else given


def moment(given: str | datetime | None) -> str:
    """``March 4, 2026, 2:05 p.m.`` in California."""
    if not given:
        return UNKNOWN
    found = datetime.fromisoformat(given) if isinstance(given, str) else given
    local = found.astimezone(ZoneInfo(CALIFORNIA_TIME))
    half = "a.m." if local.hour < 12 else "p.m."
    return f"{day(local.date())}, {local.hour % 12 or 12}:{local:%M} {half}"
