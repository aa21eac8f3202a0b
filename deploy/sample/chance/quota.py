"""Random drawing without replacement: any order, exact totals at the end, in constant memory."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from deploy.sample.chance.dice import Dice

T = TypeVar("T")


class Urn(Generic[T]):
    """Holds a number of each value; draws one at random until none is left."""

    def __init__(self, contents: Mapping[T, int], dice: Dice) -> None:
        self._left = dict(contents)
        self._total = sum(contents.values())
        self._dice = dice

    def draw(self) -> T:
        """One of what is left. Raises IndexError when the urn is empty."""
        at = self._dice.below(self._total)
        for thing, left in self._left.items():
            if at < left:
                self._left[thing] = left - 1
                self._total -= 1
                return thing
            at -= left
        raise IndexError("the urn is empty")

    def take(self, thing: T) -> T:
        """Takes this value instead of a random one. Raises IndexError when none of it is left."""
        if not self._left.get(thing):
            raise IndexError(f"no {thing} is left")
        self._left[thing] -= 1
        self._total -= 1
        return thing


class Spaced:
    """True in ``wanted`` of ``turns`` calls, spaced as evenly as whole numbers allow."""

    def __init__(self, wanted: int, turns: int) -> None:
        self._wanted = wanted
        self._turns = max(turns, 1)
        self._turn = 0

    def due(self) -> bool:
        """Whether this call is one of the wanted ones."""
        before = self._turn * self._wanted // self._turns
        self._turn += 1
        return self._turn * self._wanted // self._turns > before
