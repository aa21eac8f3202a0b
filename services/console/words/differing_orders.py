"""What is the matter with an order that was made, and what to do about it: the words of its page. Pure."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from services.console.words import names


class Words(NamedTuple):
    """``what``: in a heading. ``todo``: what somebody does. ``ends``: when it ends by itself."""

    what: str
    todo: str
    ends: str


STANDS: Final = "The order stands until the court changes it."
OTHERWISE: Final = (
    f"{STANDS} Look at what changed in the records. If they are wrong, have their source correct them. If the "
    "order should not have been made, ask the court to set it aside, and tell the public defender. Then say here what "
    "was done."
)
BY_ITSELF: Final = "It ends by itself when the records give again what was ordered, or show the relief."
TWICE: Final = Words(
    "Two orders stand on one conviction",
    "Two records of one conviction were each relieved before they were linked. Ask the judge which order is to stay, "
    "and see that only that one is carried out and reported to DOJ (PC 13151). Then say here what was done.",
    "It ends by itself when the records turn out to be of two convictions.",
)
SPLIT: Final = Words(
    "The order’s counts are of several convictions now",
    f"{STANDS} A corrected record shows that it was made on counts of more than one conviction. Look which of them the "
    "court meant, and ask it to correct the order if need be. Then say here what was done.",
    "It ends by itself when the records show one conviction again.",
)


def of(one: Mapping[str, Any]) -> Words:
    """Of an order as relief shows it."""
    if one["differs"] == "ordered_twice":
        return TWICE
    if one["differs"] == "split":
        return SPLIT
    return Words(f"Ordered, and now: {names.code(one['differs'])}", OTHERWISE, BY_ITSELF)
