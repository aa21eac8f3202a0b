"""One release: counts of convictions and persons, and which of them stay back in every view of it alike. Pure.

A reader may subtract one view of a release from another: a part from its total, a county from the state. So what
such a subtraction gives must be no small number of persons either.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from services.statistics.elimination import Line
from services.statistics.small_cells import SMALLEST, withheld

Cell: TypeAlias = Any
"""A tuple of texts: what it is depends on the table."""
NEVER_SHOWN = "difference"
"""Begins the name of a count that stands in no table, and follows from two that do."""


class Sum(NamedTuple):
    """A total and its parts. ``adds_up``: each conviction is in one part; else only that each part is of the total."""

    total: Cell
    parts: tuple[Cell, ...]
    adds_up: bool = True


def held_back(  # noqa: PLR0917
    convictions: Mapping[Cell, int],
    persons: Mapping[Cell, int],
    sums: Iterable[Sum],
    smallest: int = SMALLEST,
    worth: Callable[[Cell], int] = lambda _: 0,
    lines: Iterable[Line[Cell]] = (),
) -> frozenset[Cell]:
    """The cells whose convictions and persons are both not to be shown; ``persons`` has every cell.

    A person may be in several parts of a total, a conviction in one. ``lines``: what else a reader knows of persons.
    """
    known = list(sums)
    counts: dict[Cell, int] = dict(persons)
    of_persons: list[Line[Cell]] = [*lines]
    for one in known:
        of_persons += _differences(one, counts, smallest)
    of_convictions: list[Line[Cell]] = [
        dict.fromkeys(one.parts, 1) | {one.total: -1}
        for one in known
        if one.adds_up and convictions.get(one.total)
    ]

    out: set[Cell] = set()
    while True:
        by_persons = {cell for cell in withheld(counts, of_persons, smallest, worth, out) if cell in persons}
        both = withheld(convictions, of_convictions, smallest, worth, by_persons)
        if both == out:
            return frozenset(cell for cell in persons if cell in out)
        out = set(both)


def _differences(one: Sum, counts: dict[Cell, int], smallest: int) -> list[Line[Cell]]:
    """The sums of persons that follow; a small difference becomes a cell of its own in ``counts``."""
    twice = sum(counts[part] for part in one.parts) - counts[one.total] if one.adds_up else None
    found: list[Line[Cell]] = []
    for part in one.parts if twice != 0 else ():  # else each is what the total has beyond the others
        rest = counts[one.total] - counts[part]
        if 0 < rest < smallest:
            found.append({part: 1, _cell(counts, rest, one.total, part): 1, one.total: -1})
    if twice is not None and twice < smallest:
        line: dict[Cell, int] = dict.fromkeys(one.parts, 1) | {one.total: -1}
        if twice:
            line[_cell(counts, twice, one.total, *one.parts)] = -1
        found.append(line)
    return found


def _cell(counts: dict[Cell, int], number: int, total: Cell, *parts: tuple[Cell, ...]) -> Cell:
    """A cell for the difference of the total and these parts."""
    made = (NEVER_SHOWN, str(total), *map(str, parts))
    counts[made] = number
    return made
