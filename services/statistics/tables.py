"""Tables of one release: convictions and persons by one fact and outcome, in each county and in all. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from services.statistics.release import Sum, held_back
from services.statistics.small_cells import SMALLEST

ALL = ""
SEVERAL = "several"


class Cell(NamedTuple):
    """One count. Empty: of all counties, by no fact, whatever the outcome."""

    county: str = ALL
    by: str = ALL
    group: str = ALL
    outcome: str = ALL


class Row(BaseModel):
    """One count; null: withheld. ``convictions`` is null, too, where a table is of persons."""

    model_config = ConfigDict(frozen=True)

    by: str
    group: str
    outcome: str
    convictions: int | None
    persons: int | None
    withheld: bool


class Statistics(BaseModel):
    """``county`` null: all. ``smallest``: smaller numbers of persons are withheld, and what they would follow from.
    A row's ``by``, ``group`` and ``outcome`` are empty where it is of all."""

    made_at: datetime | None
    as_of: date | None
    county: str | None
    smallest: int
    rows: tuple[Row, ...]


class Fact(NamedTuple):
    """What a table counts by, one of its groups, and the outcome that goes with it."""

    by: str
    group: str
    outcome: str = ALL


class Tables:
    """``of_persons``: tables that count persons only, whose groups are no parts of anything."""

    def __init__(self, of_persons: Sequence[str] = ()) -> None:
        self.of_persons = frozenset(of_persons)
        self.convictions: Counter[Cell] = Counter()
        self.persons: Counter[Cell] = Counter()

    def add(
        self, convictions: Iterable[tuple[str, Iterable[Fact]]], person: Iterable[tuple[str, Fact]]
    ) -> None:
        """Adds one person: a county and its facts for each conviction, and for the person itself.

        In all counties together a person counts once for each county, so that the counties add up.
        """
        cells = Counter(cell for county, facts in convictions for cell in _cells(county, facts))
        for cell, number in cells.items():
            for each in (cell, cell._replace(county=ALL)):
                self.convictions[each] += number
                self.persons[each] += 1
        for cell in {Cell(county, *fact) for county, fact in person}:
            self.persons[cell] += 1
            self.persons[cell._replace(county=ALL)] += 1

    def sums(self) -> Iterator[Sum]:
        """Every sum that a reader knows, in each county and in all, and what is part of what without a sum."""
        parts: dict[tuple[Cell, str], list[Cell]] = {}
        for cell in self.persons:
            for name, total in _totals(cell):
                if total in self.persons:
                    parts.setdefault((total, name), []).append(cell)
        for (total, name), found in sorted(parts.items()):
            no_parts = name == SEVERAL or (name != "county" and found[0].by in self.of_persons)
            yield Sum(total, tuple(sorted(found)), adds_up=not no_parts)

    def released(self, smallest: int = SMALLEST) -> frozenset[Cell]:
        """The cells to show."""
        out = held_back(self.convictions, self.persons, self.sums(), smallest, _worth)
        return frozenset(self.persons) - out

    def rows(self, shown: frozenset[Cell], county: str = ALL) -> tuple[Row, ...]:
        """The rows of a county, or of all."""
        return tuple(
            Row(
                by=cell.by,
                group=cell.group,
                outcome=cell.outcome,
                convictions=self.convictions[cell]
                if cell in shown and cell.by not in self.of_persons
                else None,
                persons=self.persons[cell] if cell in shown else None,
                withheld=cell not in shown,
            )
            for cell in sorted(self.persons)
            if cell.county == county
        )


def _cells(county: str, facts: Iterable[Fact]) -> set[Cell]:
    """The cells of its county that a conviction counts in, once each."""
    return {
        cell
        for by, group, outcome in facts
        for result in (outcome, ALL)
        for cell in (Cell(county, by, group, result), Cell(county, outcome=result))
    }


def _totals(cell: Cell) -> Iterator[tuple[str, Cell]]:
    """What the cell is a part of: beside it the name of the sum; several facts left out at once are no sum."""
    wider = {
        "county": {"county": ALL} if cell.county else None,
        f"by {cell.by}": {"by": ALL, "group": ALL} if cell.by else None,
        "outcome": {"outcome": ALL} if cell.outcome else None,
    }
    known = [(name, change) for name, change in wider.items() if change]
    for number in range(1, 2 ** len(known)):
        chosen = [known[place] for place in range(len(known)) if number >> place & 1]
        total = cell
        for _, change in chosen:
            total = total._replace(**change)
        yield (chosen[0][0] if len(chosen) == 1 else SEVERAL), total


def _worth(cell: Cell) -> int:
    """Totals are kept as long as they can be."""
    return 2 * (not cell.by) + (not cell.outcome)
