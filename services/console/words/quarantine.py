"""What happened to an entry of quarantine, in words. Pure."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from services.console.words import dates, names

OUTCOMES: Final[Mapping[str, str]] = {
    "recorded": "taken through intake again, and taken in",
    "repeat": "taken through intake again: the record was known already",
    "refused": "taken through intake again, and could not be taken in",
    "opened again": "sent again, and could not be taken in",
    "superseded": "a later record of its source took its place",
    "discarded": "ended for good",
    "erased": "what was sent was erased",
}


TOLD_APART: Final[Mapping[str, str]] = {
    "another_person": "It is another person’s",
    "another_conviction": "It is another conviction of the same person",
}


class Happened(NamedTuple):
    """One line of the history; ``by`` and ``why`` empty: nobody's, or not said."""

    at: str
    what: str
    by: str
    why: str


def happened(one: Mapping[str, Any]) -> Happened:
    """Of an outcome that is not known here, its own name."""
    outcome = str(one.get("outcome", ""))
    told = TOLD_APART.get(str(one.get("what", "")))
    what = OUTCOMES.get(outcome, names.words(outcome))
    return Happened(
        dates.moment(one.get("at")),
        f"{told}: {what}" if told else what,
        str(one.get("by") or ""),
        str(one.get("why") or ""),
    )


def between(first: str, last: str) -> str:
    """``March 4, 1999 to March 9, 1999``; one day once."""
    days = dict.fromkeys((dates.day(first), dates.day(last)))
    return " to ".join(days)
