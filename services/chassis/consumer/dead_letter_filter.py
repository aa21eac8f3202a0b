"""Which dead letters are meant, as a query says it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

STATES = ("open", "processed", "discarded")
LONGEST_PAGE = 1000
LONGEST_READ_PAGE = 100
"""Of a page for which each record has to be read."""


class WrongFilter(Exception):
    """The text says which part is wrong, and what it may be."""


@dataclass(frozen=True, slots=True)
class Filter:
    """None means any. ``since`` and ``until``: days in UTC, both included. ``by``: a text of the record to tell."""

    state: str | None = None
    reason: str | None = None
    consumer: str | None = None
    topic: str | None = None
    since: date | None = None
    until: date | None = None
    by: str | None = None
    after: int = 0
    limit: int = 100


def read_filter(query: Mapping[str, str]) -> Filter:
    """The filter of a query. Raises WrongFilter."""
    after, limit = query.get("after", "0"), query.get("limit", "100")
    longest = LONGEST_READ_PAGE if query.get("by") else LONGEST_PAGE
    if not (is_number(after) and is_number(limit) and 1 <= int(limit) <= longest):
        raise WrongFilter(f"after is a letter's number; limit is 1 to {longest}.")
    state = query.get("state", "open")
    if state not in (*STATES, "all"):
        raise WrongFilter(f"state is one of {', '.join(STATES)}, all; without it, open.")
    return Filter(
        state=None if state == "all" else state,
        reason=query.get("reason") or None,
        consumer=query.get("consumer") or None,
        topic=query.get("topic") or None,
        since=_day("since", query),
        until=_day("until", query),
        by=query.get("by") or None,
        after=int(after),
        limit=int(limit),
    )


def is_number(text: str) -> bool:
    """Whether a text is a letter's number."""
    return text.isascii() and text.isdigit() and len(text) <= 18


def _day(name: str, query: Mapping[str, str]) -> date | None:
    if not query.get(name):
        return None
    try:
        return date.fromisoformat(query[name])
    except ValueError:
        raise WrongFilter(f"{name} is a day: YYYY-MM-DD.") from None
