"""Rows and lines that come later than their neighbours, within a window that bounds the memory."""

from collections import deque
from collections.abc import Iterable

from deploy.sample.chance.dice import Dice

WINDOW = 200
"""At most so many persons later."""


class Deferred:
    """Keeps texts back for up to ``WINDOW`` turns."""

    def __init__(self) -> None:
        self._slots: deque[list[str]] = deque([] for _ in range(WINDOW + 1))

    def keep(self, texts: Iterable[str], dice: Dice) -> None:
        """Keeps them for 1 to ``WINDOW`` turns, together and in their order."""
        self._slots[dice.between(1, WINDOW)].extend(texts)

    def due(self) -> list[str]:
        """What is due now; begins the next turn."""
        due = self._slots.popleft()
        self._slots.append([])
        return due

    def rest(self) -> list[str]:
        """All that is left, in the order in which it would be due."""
        return [text for slot in self._slots for text in slot]
