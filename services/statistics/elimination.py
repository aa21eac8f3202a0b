"""What follows from sums that a reader knows: exact elimination, and bounds drawn closer from sum to sum. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf
from typing import TypeVar

Cell = TypeVar("Cell")
Line = Mapping[Cell, int]
"""A sum that comes to 0: each cell's count times its number (1 for a part, -1 for the total)."""
ROUNDS = 50
"""How often the bounds of what is left out are drawn closer; they hardly ever move more than a few times."""
PRIME = 2**61 - 1
"""Elimination counts modulo this prime: a number that is not 0 and is divisible by it does not come up in sums of
counts, and fractions would take ten times as long."""


def determined(out: Iterable[Cell], lines: Sequence[Line[Cell]]) -> set[Cell]:
    """Those of the cells left out that follow from all lines together, by elimination."""
    missing = frozenset(out)
    reduced: dict[Cell, dict[Cell, int]] = {}
    holding: dict[Cell, set[Cell]] = {}
    """For each cell, the pivots of the reduced rows that it stands in."""
    for line in lines:
        row = {cell: number % PRIME for cell, number in line.items() if cell in missing}
        for pivot in [cell for cell in row if cell in reduced]:
            _subtract(row, reduced[pivot], row[pivot])
        if not row:
            continue
        pivot = min(row, key=str)
        inverse = pow(row[pivot], -1, PRIME)
        row = {cell: number * inverse % PRIME for cell, number in row.items()}
        for other in holding.pop(pivot, set()):
            changed = reduced[other]
            _subtract(changed, row, changed[pivot])
            for cell in row:
                held = holding.setdefault(cell, set())
                held.add(other) if cell in changed else held.discard(other)
        reduced[pivot] = row
        for cell in row:
            if cell != pivot:
                holding.setdefault(cell, set()).add(pivot)
    return {pivot for pivot, row in reduced.items() if len(row) == 1}


def narrowed(out: Iterable[Cell], lines: Sequence[Line[Cell]], counts: Mapping[Cell, int]) -> set[Cell]:
    """Those of the cells left out that can have one value only, as each of them is known to be 1 or more.

    Narrows from line to line what each can be at least and at most.
    """
    missing = frozenset(out)
    least: dict[Cell, float] = dict.fromkeys(missing, 1.0)
    most: dict[Cell, float] = dict.fromkeys(missing, inf)
    known = []
    for line in lines:
        unknown = [(cell, sign) for cell, sign in line.items() if cell in missing]
        if unknown:
            shown = sum(sign * counts[cell] for cell, sign in line.items() if cell not in missing)
            known.append((unknown, shown))
    for _ in range(ROUNDS):
        moved = False
        for unknown, shown in known:
            for cell, sign in unknown:
                others = [(other, -sign * times) for other, times in unknown if other != cell]
                low = sum(least[other] if times > 0 else -most[other] for other, times in others)
                high = sum(most[other] if times > 0 else -least[other] for other, times in others)
                if low - sign * shown > least[cell]:
                    least[cell], moved = low - sign * shown, True
                if high - sign * shown < most[cell]:
                    most[cell], moved = high - sign * shown, True
        if not moved:
            break
    return {cell for cell in missing if least[cell] == most[cell]}


def _subtract(row: dict[Cell, int], other: Mapping[Cell, int], times: int) -> None:
    """Takes ``other`` so many times out of ``row``."""
    for cell, number in other.items():
        left = (row.get(cell, 0) - times * number) % PRIME
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)
