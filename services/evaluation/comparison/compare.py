"""Everyone judged under several policies at once: the figures of what changes, and the file that lists it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from reliefstream_contracts.histories import HistoryChanged
from services.csv_lines import csv_line
from services.eligibility.comparison.person_compared import Person, compared
from services.eligibility.comparison.shown_counts import COLUMNS, Figures
from services.eligibility.comparison.tally import Tally
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_options import GivenOptions
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.policy import Policy
from services.eligibility.law.input.judged_conviction import County
from services.evaluation.comparison.changes_csv import Sorted, changed, write_changes
from services.evaluation.processes.sorted_runs import SortedRuns


@dataclass(frozen=True, slots=True)
class Compare:
    """The task for each person. It crosses processes, so it names its policies and loads them where it runs."""

    county: County
    policies: tuple[str, ...]
    options: GivenOptions | None
    as_of: date

    def __call__(self, history: HistoryChanged) -> Person | None:
        rules = load_policies(self.policies, self.options)
        return compared(history, self.county, rules, load_statute(), self.as_of)


@cache
def load_policies(policies: tuple[str, ...], options: GivenOptions | None) -> tuple[Policy, ...]:
    """The policies, under these options where a policy has some. Raises UnknownPolicy, WrongFile."""
    plain = [load_policy(name) for name in policies]
    return tuple(
        load_policy(name, options) if policy.options else policy
        for name, policy in zip(policies, plain, strict=True)
    )


def tally_changes(
    people: Iterable[Person | None], names: tuple[str, ...], as_of: date, changes: Path
) -> tuple[Tally, int]:
    """The counts of everyone under policies of these names, and how many changes were written to changes.csv."""
    tally = Tally(names)
    with SortedRuns[Sorted]() as lines:
        for person in people:
            if person is not None:
                tally.add(person)
                lines.add(changed(person, tally.policies, as_of))
        return tally, write_changes(lines.sorted(), changes)


def write_figures(shown: Figures, path: Path) -> None:
    """Writes comparison.csv. Raises OSError."""
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(map(csv_line, (COLUMNS, *shown.lines())))
