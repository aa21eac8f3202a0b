"""Random numbers from a seed, the same on every machine and Python: only ``random()`` is guaranteed to stay so."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Random values of one seed, the same everywhere for seeds of integers and strings."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed).random  # noqa: S311 - fabricated data must repeat, not be secret

    def below(self, end: int) -> int:
        """A whole number from 0 to ``end`` - 1."""
        return int(self.random() * end)

    def between(self, first: int, last: int) -> int:
        """A whole number from ``first`` to ``last``, both possible."""
        return first + int(self.random() * (last - first + 1))

    def chance(self, of_hundred: int) -> bool:
        """True with this probability in percent."""
        return self.random() * 100 < of_hundred

    def one_of(self, things: Sequence[T]) -> T:
        """One of the values, each with the same probability."""
        return things[int(self.random() * len(things))]
