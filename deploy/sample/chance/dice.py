"""Chance from a seed, the same on every machine and Python: only ``random()`` is promised to stay so."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Throws of one seed. Integers and strings give the same throws everywhere."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed).random  # noqa: S311 - fabricated data must repeat, not be secret

    def below(self, end: int) -> int:
        """A whole number from 0 to ``end`` - 1."""
        return int(self.random() * end)

    def between(self, first: int, last: int) -> int:
        """A whole number from ``first`` to ``last``, both possible."""
        return first + int(self.random() * (last - first + 1))

    def chance(self, of_hundred: int) -> bool:
        """True in so many cases of a hundred."""
        return self.random() * 100 < of_hundred

    def one_of(self, things: Sequence[T]) -> T:
        """One of them, each as likely."""
        return things[int(self.random() * len(things))]
