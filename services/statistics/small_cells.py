"""Which counts of a table must not be shown, so that no person can be identified from it. Pure.

The rule is that of the California Health and Human Services Agency's Data De-Identification Guidelines (section
4.4, statistical masking): a count of 1 to 10 persons is not shown; a count of 0 is; and where a count that is not
shown could be computed from a total, further counts are not shown either. Here further counts are left out until
the counts left out of any line of a table are at least two and come to at least 11 persons, and until none of
them follows from all lines together, by elimination or because no count left out is 0.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

from services.statistics.elimination import Line, determined, narrowed

SMALLEST = 11
"""The smallest number of persons that is shown; a county may ask for more, never for less."""
Cell = TypeVar("Cell", bound=Hashable)


def withheld(
    persons: Mapping[Cell, int],
    lines: Iterable[Line[Cell]],
    smallest: int = SMALLEST,
    worth: Callable[[Cell], int] = lambda _: 0,
    already: Collection[Cell] = (),
) -> frozenset[Cell]:
    """The cells that are not to be shown; ``persons`` has every cell with its count.

    ``lines`` are the sums that a reader knows: in each, the counts times the numbers given here come to 0 (1 for
    each part, -1 for the total). ``already``: what is left out in any case. Where there is a choice, cells of less
    ``worth`` are left out first, then those that serve more lines, then smaller ones. The result does not depend on
    the order of the arguments.
    """
    search = _Search(persons, lines, smallest, worth)
    search.leave_out({cell for cell, count in persons.items() if 0 < count < smallest} | set(already))
    while True:
        found = search.best(search.revealing)
        if found is None:
            known = search.lines
            computed = determined(search.out, known) | narrowed(search.out, known, persons)
            around = {number for one in computed for number in search.through.get(one, ())}
            beyond = {
                number for number, line in enumerate(known) if computed and not search.out.isdisjoint(line)
            }
            found = search.best(around) or search.best(beyond)
        if found is None:
            return frozenset(search.out)
        search.leave_out({found})


class _Search(Generic[Cell]):
    """What is left out so far, and the lines that still reveal something: numbers of ``lines``."""

    def __init__(
        self,
        persons: Mapping[Cell, int],
        lines: Iterable[Line[Cell]],
        smallest: int,
        worth: Callable[[Cell], int],
    ) -> None:
        self._persons, self._smallest, self._worth = persons, smallest, worth
        self._names = {cell: str(cell) for cell in persons}
        self.lines = sorted(lines, key=lambda line: sorted(map(str, line)))
        self.through: dict[Cell, list[int]] = {}
        for number, line in enumerate(self.lines):
            for cell in line:
                self.through.setdefault(cell, []).append(number)
        self.out: set[Cell] = set()
        self.revealing: set[int] = set()

    def leave_out(self, cells: Collection[Cell]) -> None:
        """Leaves these out."""
        self.out |= set(cells)
        for number in {number for cell in cells for number in self.through.get(cell, ())}:
            (self.revealing.add if self._reveals(self.lines[number]) else self.revealing.discard)(number)

    def best(self, candidates: Iterable[int]) -> Cell | None:
        """What to leave out next of these lines: what there is no choice about, else what is worth the least."""
        open_to = [
            [cell for cell in self.lines[number] if cell not in self.out and self._persons[cell]]
            for number in candidates
        ]
        shown = {cell for cells in open_to for cell in cells}
        forced = {cells[0] for cells in open_to if len(cells) == 1}
        serves = {cell: len(self.revealing.intersection(self.through[cell])) for cell in forced or shown}
        return min(
            serves,
            key=lambda cell: (self._worth(cell), -serves[cell], self._persons[cell], self._names[cell]),
            default=None,
        )

    def _reveals(self, line: Line[Cell]) -> bool:
        """Whether what is left out of a line comes to a known sum that is too small, or is one cell alone."""
        missing = [cell for cell in line if cell in self.out]
        of_one_sign = len({line[cell] > 0 for cell in missing}) == 1
        few = sum(self._persons[cell] for cell in missing) < self._smallest
        return len(missing) == 1 or (of_one_sign and few)
