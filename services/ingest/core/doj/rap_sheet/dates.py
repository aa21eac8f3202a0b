"""DOJ's dates: YYYYMMDD, in part or whole, or nonsense."""

from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

EARLIEST = date(1900, 1, 1)


class ReadDate(NamedTuple):
    """``on`` is None when blank or doubtful; ``doubt`` then says why, and is None for blank."""

    on: date | None
    doubt: Literal["partial", "impossible", "unparsed"] | None = None


@lru_cache(maxsize=50_000)
def read_date(text: str, received_on: date) -> ReadDate:
    """A date of a row that was received on ``received_on``, after which nothing can have happened."""
    if not text:
        return ReadDate(None)
    if not (text.isascii() and text.isdigit() and len(text) == 8):
        return ReadDate(None, "unparsed")
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if EARLIEST.year <= year <= received_on.year and day == 0 and month <= 12:
        return ReadDate(None, "partial")
    try:
        on = date(year, month, day)
    except ValueError:
        return ReadDate(None, "impossible")
    return ReadDate(on) if EARLIEST <= on <= received_on else ReadDate(None, "impossible")
