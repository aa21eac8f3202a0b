"""Which counts of a table must not be shown, so that no person can be identified from it. Pure.

The rule is that of the California Health and Human Services Agency's Data De-Identification Guidelines (section
4.4, statistical masking): a count of 1 to 10 persons is not shown; a count of 0 is; and where a count that is not
shown could be computed from a total, further counts are not shown either. Here further counts are left out until
the counts left out of any line of a table are at least two and come to at least 11 persons, and until none of
them follows from all lines together, by elimination or because no count left out is 0.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import inf
from typing import TypeVar

SMALLEST = 11
"""The smallest number of persons that is shown; a county may ask for more, never for less."""
ROUNDS = 50
"""How often the bounds of what is left out are drawn closer; they hardly ever move more than a few times."""
Cell = TypeVar("Cell", bound=Hashable)
Line = Mapping[Cell, int]


def withheld(
    persons: Mapping[Cell, int],
    lines: Iterable[Line[Cell]],
    smallest: int = SMALLEST,
    worth: Callable[[Cell], int] = lambda _: 0,
) -> frozenset[Cell]:
    """The cells that are not to be shown; ``persons`` has every cell with its count.

    ``lines`` are the sums that a reader knows: in each, the counts times the numbers given here come to 0 (1 for
    each part, -1 for the total). Where there is a choice, cells of less ``worth`` are left out first, then
    those that serve more lines, then smaller ones. The result does not depend on the order of the arguments.
    """
    known = sorted(lines, key=lambda line: sorted(map(str, line)))
    through: dict[Cell, list[Line[Cell]]] = {}
    for line in known:
        for cell in line:
            through.setdefault(cell, []).append(line)
    out = {cell for cell, count in persons.items() if 0 < count < smallest}

    def reveals(line: Line[Cell]) -> bool:
        """Whether what is left out of a line comes to a known sum that is too small, or is one cell alone."""
        missing = [cell for cell in line if cell in out]
        of_one_sign = len({line[cell] > 0 for cell in missing}) == 1
        return len(missing) == 1 or (of_one_sign and sum(persons[cell] for cell in missing) < smallest)

    def best(candidates: Iterable[Line[Cell]]) -> Cell | None:
        """What to leave out next of these lines: what there is no choice about, else what is worth the least."""
        open_to = [[cell for cell in line if cell not in out and persons[cell]] for line in candidates]
        shown = {cell for cells in open_to for cell in cells}
        forced = {cells[0] for cells in open_to if len(cells) == 1}
        serves = {cell: sum(map(reveals, through[cell])) for cell in forced or shown}
        return min(
            serves, key=lambda cell: (worth(cell), -serves[cell], persons[cell], str(cell)), default=None
        )

    while True:
        found = best(line for line in known if reveals(line))
        if found is None:
            computed = determined(out, known) | narrowed(out, known, persons)
            around = [line for one in computed for line in through.get(one, ())]
            beyond = [line for line in known if computed and not out.isdisjoint(line)]
            found = best(around) or best(beyond)
        if found is None:
            return frozenset(out)
        out.add(found)


def determined(out: Iterable[Cell], lines: Sequence[Line[Cell]]) -> set[Cell]:
    """Those of the cells left out that follow from all lines together, by elimination (exact fractions)."""
    missing = frozenset(out)
    reduced: list[tuple[Cell, dict[Cell, Fraction]]] = []
    for line in lines:
        row = {cell: Fraction(number) for cell, number in line.items() if cell in missing}
        for pivot, other in reduced:
            _subtract(row, other, pivot)
        if not row:
            continue
        pivot = min(row, key=str)
        first = row[pivot]
        row = {cell: number / first for cell, number in row.items()}
        for _, other in reduced:
            _subtract(other, row, pivot)
        reduced.append((pivot, row))
    return {pivot for pivot, row in reduced if len(row) == 1}


def narrowed(out: Iterable[Cell], lines: Sequence[Line[Cell]], persons: Mapping[Cell, int]) -> set[Cell]:
    """Those of the cells left out that can have one value only, as each of them is known to be 1 or more.

    Narrows from line to line what each can be at least and at most.
    """
    missing = frozenset(out)
    least: dict[Cell, float] = dict.fromkeys(missing, 1.0)
    most: dict[Cell, float] = dict.fromkeys(missing, inf)
    for _ in range(ROUNDS):
        before = (dict(least), dict(most))
        for line in lines:
            unknown = [(cell, sign) for cell, sign in line.items() if cell in missing]
            shown = sum(sign * persons[cell] for cell, sign in line.items() if cell not in missing)
            for cell, sign in unknown:
                others = [(other, -sign * times) for other, times in unknown if other != cell]
                low = sum(least[other] if times > 0 else -most[other] for other, times in others)
                high = sum(most[other] if times > 0 else -least[other] for other, times in others)
                least[cell] = max(least[cell], low - sign * shown)
                most[cell] = min(most[cell], high - sign * shown)
        if before == (least, most):
            break
    return {cell for cell in missing if least[cell] == most[cell]}


def _subtract(row: dict[Cell, Fraction], other: Mapping[Cell, Fraction], pivot: Cell) -> None:
    """Takes out of ``row`` what it has of ``pivot``, which ``other`` has once."""
    times = row.get(pivot)
    if not times:
        return
    for cell, number in other.items():
        left = row.get(cell, Fraction(0)) - times * number
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)
