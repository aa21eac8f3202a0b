"""Counts of convictions and persons that change from the first policy to each other, kept as counts only. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from services.eligibility.comparison.person_compared import Judged, Person
from services.eligibility.comparison.record_left import KINDS
from services.statistics.release import Sum, held_back

ALL = ""
GROUPS = ("section", "level", "race", "sex", "age")
CHANGES, JUDGED, RECORDS = "changes", "judged", "records"
NOT_ADDING_UP = "not adding up"


class Cell(NamedTuple):
    """One count: of a table, under a policy against the first, by a fact, in one of its groups.

    ``before`` and ``after`` are results; all of them empty where a count is of every one.
    """

    table: str
    policy: str = ALL
    by: str = ALL
    group: str = ALL
    before: str = ALL
    after: str = ALL


@dataclass(slots=True)
class Tally:
    """``policies``: their names, the first being the one that the others are compared with."""

    policies: tuple[str, ...]
    convictions: Counter[Cell] = field(default_factory=Counter)
    persons: Counter[Cell] = field(default_factory=Counter)

    def add(self, person: Person) -> None:
        """Adds one person."""
        cells: Counter[Cell] = Counter()
        for judged in person.judged:
            cells.update(_cells(judged, person, self.policies))
        self.convictions.update(cells)
        self.persons.update(cells.keys())
        self.persons.update(_of_record(person, self.policies))

    def withheld(self, smallest: int) -> frozenset[Cell]:
        """The cells that are not to be shown (see ``held_back``), convictions and persons alike."""
        known = record_lines(self.persons, self.policies)
        return held_back(self.convictions, self.persons, sums(self.persons), smallest, _worth, known)


def _worth(cell: Cell) -> int:
    """Totals are kept as long as they can be: first what changes in all, then from which result to which."""
    return 2 * (not cell.by) + (not cell.before)


def _cells(judged: Judged, person: Person, policies: Sequence[str]) -> Iterator[Cell]:
    groups = {
        "section": judged.section_group,
        "level": judged.level or "unknown",
        "race": person.race,
        "sex": person.sex,
        "age": person.age,
    }
    first = judged.verdicts[0].result
    yield Cell(JUDGED)
    yield Cell(JUDGED, by="outcome", group=first)
    for by, group in groups.items():
        yield Cell(JUDGED, by=by, group=group)
    for policy, verdict in zip(policies[1:], judged.verdicts[1:], strict=True):
        if verdict.result == first:
            continue
        for before, after in ((ALL, ALL), (first, verdict.result)):
            yield Cell(CHANGES, policy, ALL, ALL, before, after)
            for by, group in groups.items():
                yield Cell(CHANGES, policy, by, group, before, after)


def _of_record(person: Person, policies: Sequence[str]) -> Iterator[Cell]:
    """What stays on the person's record: has it, would have it no more, and who gains or loses by another policy."""
    first = person.cleared[0]
    for kind in person.has:
        yield Cell(RECORDS, by=kind, group="has")
    for policy, cleared in zip(policies, person.cleared, strict=True):
        for kind in cleared:
            yield Cell(RECORDS, policy, kind, "no more")
        for kind in cleared - first:
            yield Cell(RECORDS, policy, kind, "gains")
        for kind in first - cleared:
            yield Cell(RECORDS, policy, kind, "loses")


def sums(counts: Mapping[Cell, int]) -> Iterator[Sum]:
    """Every total of the tables with its parts, and what is part of it without adding up."""
    parts: dict[tuple[Cell, str], list[Cell]] = {}
    for cell in counts:
        if cell.table == RECORDS:
            continue
        of_all = cell._replace(by=ALL, group=ALL)
        if cell.by:
            parts.setdefault((of_all, cell.by), []).append(cell)
        if cell.before:
            whatever = cell._replace(before=ALL, after=ALL)
            parts.setdefault((whatever, "results"), []).append(cell)
            if cell.by:
                total = of_all._replace(before=ALL, after=ALL)
                parts.setdefault((total, NOT_ADDING_UP), []).append(cell)
    for (total, name), found in sorted(parts.items()):
        yield Sum(total, tuple(sorted(found)), adds_up=name != NOT_ADDING_UP)


def record_lines(counts: Mapping[Cell, int], policies: Sequence[str]) -> Iterator[dict[Cell, int]]:
    """Of each policy and kind of record: who has it no more under the first, and who gains and loses against it."""
    for policy in policies[1:]:
        for kind in KINDS:
            signs = {"no more": -1, "gains": 1, "loses": -1}
            line = {Cell(RECORDS, policy, kind, group): sign for group, sign in signs.items()}
            line[Cell(RECORDS, policies[0], kind, "no more")] = 1
            known = {cell: sign for cell, sign in line.items() if counts.get(cell)}
            if known:
                yield known
