"""The counts of a comparison as they may be shown, in a stable order: for a file and for the screen. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from services.eligibility.comparison.person_compared import AGES, DECEASED, OLDEST, UNKNOWN
from services.eligibility.comparison.tally import ALL, CHANGES, GROUPS, JUDGED, RECORDS, Cell, Tally
from services.statistics.small_cells import SMALLEST

MARK = "*"
LEGEND = "* from 1 to {} persons, or withheld because such a number could be computed from it"
COLUMNS = ("table", "policy", "by", "group", "before", "after", "convictions", "persons")
AGE_ORDER = (*(band for _, band in AGES), OLDEST, DECEASED, UNKNOWN)
RECORD_ORDER = ("has", "no more", "gains", "loses")


class Shown(NamedTuple):
    """One count as text: a number, or the mark."""

    convictions: str
    persons: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What a tally shows when counts below ``smallest`` are withheld."""

    tally: Tally
    withheld: frozenset[Cell]
    smallest: int

    @property
    def legend(self) -> str:
        return LEGEND.format(self.smallest - 1)

    def of(self, cell: Cell) -> Shown:
        """A cell that nobody is in shows 0."""
        if cell in self.withheld:
            return Shown(MARK, MARK)
        return Shown(f"{self.tally.convictions[cell]:,}", f"{self.tally.persons[cell]:,}")

    def cells(self, table: str, policy: str = ALL, by: str | None = None) -> list[Cell]:
        """The cells of a table, those of one policy and of one way of grouping, in their order."""
        return sorted(
            (
                cell
                for cell in self.tally.persons
                if (cell.table, cell.policy) == (table, policy) and by in {None, cell.by}
            ),
            key=_order,
        )

    def lines(self) -> Iterator[tuple[str, ...]]:
        """The lines of comparison.csv (``COLUMNS``), without its header; numbers without separators."""
        for table, policies in (
            (JUDGED, (ALL,)),
            (CHANGES, self.tally.policies[1:]),
            (RECORDS, (ALL, *self.tally.policies)),
        ):
            for policy in policies:
                for cell in self.cells(table, policy):
                    shown = self.of(cell)
                    convictions = "" if table == RECORDS else shown.convictions.replace(",", "")
                    yield (*cell, convictions, shown.persons.replace(",", ""))


def figures(tally: Tally, smallest: int = SMALLEST) -> Figures:
    """The figures of a tally; ``smallest``: the smallest number of persons that is shown."""
    return Figures(tally, tally.withheld(smallest), smallest)


def _order(cell: Cell) -> tuple[object, ...]:
    by = ("", "outcome", *GROUPS).index(cell.by) if cell.table != RECORDS else 0
    groups = {"age": AGE_ORDER}.get(cell.by, RECORD_ORDER if cell.table == RECORDS else ())
    group = groups.index(cell.group) if cell.group in groups else 0
    return (by, cell.by, group, cell.group, cell.before, cell.after)
