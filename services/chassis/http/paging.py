"""Pages of a list: where one begins, and whether another follows."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Path
from pydantic import Field

T = TypeVar("T")
K = TypeVar("K")

LARGEST_NUMBER = 10**18 - 1
Number = Annotated[int, Path(ge=0, le=LARGEST_NUMBER)]
"""The number of an entry, in a path."""
After = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
"""What a page begins after: the number of the last entry of the page before; 0: the first page."""


def next_after(page: Sequence[T], limit: int, key: Callable[[T], K]) -> K | None:
    """What the next page begins after: the key of the last entry; None where the page is not full and so the last."""
    return key(page[-1]) if len(page) == limit else None
