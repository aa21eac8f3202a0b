"""Pages of a list: where one begins, and whether another follows."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Path
from pydantic import Field

from services.chassis.http.problems import Refusal

T = TypeVar("T")
K = TypeVar("K")

LARGEST_NUMBER = 10**18 - 1
Number = Annotated[int, Path(ge=0, le=LARGEST_NUMBER)]
"""The number of an entry, in a path."""
After = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
"""What a page begins after: the number of the last entry of the page before; 0: the first page."""
Place = tuple[datetime, UUID]
"""Where an entry stands in a list that is in the order of time: its time, and its id."""


def next_after(page: Sequence[T], limit: int, key: Callable[[T], K]) -> K | None:
    """What the next page begins after: the key of the last entry; None where the page is not full and so the last."""
    return key(page[-1]) if len(page) == limit else None


def next_text(place: Place) -> str:
    """The place as ``next`` gives it to the caller, who sends it back as ``after``."""
    moment, entry = place
    return f"{moment.isoformat()}/{entry}"


def place_after(text: str | None) -> Place | None:
    """The place that ``next_text`` wrote; None: the first page. Raises Refusal for any other text."""
    if text is None:
        return None
    moment, _, entry = text.partition("/")
    try:
        found = datetime.fromisoformat(moment), UUID(entry)
    except ValueError:
        found = None
    if found is None or found[0].tzinfo is None:
        raise Refusal(
            422, "invalid_query", "Invalid query", "after is the next of the page before, unchanged."
        )
    return found
