"""``reliefstream policy compare``: the same people judged under several policies at once."""

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from reliefstream_contracts.histories import HistoryChanged
from services import COUNTIES
from services.chassis.runtime.clock import SystemClock
from services.chassis.settings.located_yaml import WrongFile
from services.cli.client.addresses import addresses
from services.cli.terminal.exit import WrongUsage
from services.cli.terminal.plain_table import a_console
from services.cli.terminal.progress_bar import progress_bar
from services.eligibility.files.policy_files import UnknownPolicy, load_policy, policy_names
from services.eligibility.files.policy_options import GivenOptions, read_options
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.case import County
from services.eligibility.law.engine.policy import Policy
from services.evaluation.comparison.arguments import names, policies_and_files
from services.evaluation.comparison.changes_csv import Sorted, changed, write_changes
from services.evaluation.comparison.figures import COLUMNS, Figures, figures
from services.evaluation.comparison.person import Person, compared
from services.evaluation.comparison.report import report
from services.evaluation.comparison.small_cells import SMALLEST
from services.evaluation.comparison.streamed import streamed
from services.evaluation.comparison.tally import Tally
from services.evaluation.county import PROFILE, offline_county, profile_named
from services.evaluation.histories import OfflineHistories
from services.evaluation.refused_csv import write_refused
from services.evaluation.sorted_runs import SortedRuns
from services.ingest.core.message import Metadata


@dataclass(frozen=True, slots=True)
class Compare:
    """The task for each person; it crosses processes, so it names its policies and loads them where it runs."""

    county: County
    policies: tuple[str, ...]
    options: GivenOptions | None
    as_of: date

    def __call__(self, history: HistoryChanged) -> Person | None:
        rules = _loaded(self.policies, self.options)
        return compared(history, self.county, rules, load_statute(), self.as_of)


def compare(
    *policies_then_files: str,
    county: str,
    as_of: date,
    out: Annotated[Path, Parameter(help="the directory for changes.csv and comparison.csv")],
    options: Annotated[Path | None, Parameter(help="options for those policies that have some")] = None,
    small_cells: Annotated[
        int, Parameter(help=f"show no count of fewer persons than this; at least {SMALLEST}")
    ] = SMALLEST,
    extract: Annotated[str | None, Parameter(help="DOJ: a date or number; later extracts replace")] = None,
    encoding: Annotated[str | None, Parameter(help="DOJ: utf-8 or latin-1")] = None,
    profile: Annotated[str | None, Parameter(help=PROFILE)] = None,
    workers: Annotated[int | None, Parameter(help="processes; one for each core if not given")] = None,
) -> int:
    """Say how many convictions and persons come out otherwise under other policies than under the first, and which.

    Name two policies or more (see: reliefstream policy list; or a .yaml file of your own), then the files: DOJ's
    CSV, court cases as JSON lines. Without files: everyone who has been streamed; the services go on meanwhile.
    Relief that was ordered stays as it is.

    Prints tables and writes them as comparison.csv: counts of 1 to 10 persons are withheld, and with them counts
    that such a number could be computed from (California Health and Human Services Agency, Data De-Identification
    Guidelines, 4.4). changes.csv lists each conviction that changes, for the district attorney: case numbers and
    subject ids, no name, no birth date. Exit status 1 when some input was refused; its reasons are in refused.csv.
    """
    words, files = policies_and_files(policies_then_files, policy_names())
    if small_cells < SMALLEST:
        raise WrongUsage(
            f"--small-cells {small_cells}: at least {SMALLEST}. Counts of fewer persons are not shown; "
            "changes.csv lists whom they are of."
        )
    known = offline_county(county, COUNTIES)
    given = _checked(words, options)
    tally = Tally(names(words))
    task = Compare(known.county, words, given, as_of)
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        changes = stack.enter_context(SortedRuns[Sorted]())
        progress = stack.enter_context(progress_bar())
        taken = OfflineHistories(
            files,
            known.source.intake,
            known.source.day(SystemClock().now()),
            Metadata(extract=extract or "", encoding=encoding or ""),
            profile=profile_named(known.source, profile),
            workers=workers,
            progress=progress,
        )
        found: Iterator[Person | None] = (
            taken.map(task) if files else map(task, streamed(addresses(), known.county.name))
        )
        for person in found:
            if person is not None:
                tally.add(person)
                changes.add(changed(person, tally.policies, as_of))
        written = write_changes(changes.sorted(), out / "changes.csv")
    if not files and not tally.persons:
        print(f"Nobody has been streamed yet whose convictions in {county} these policies judge.")
    shown = figures(tally, small_cells)
    _write(shown, out / "comparison.csv")
    report(shown, county, as_of, a_console())
    print(
        f"{written} changes, one a line, in {out / 'changes.csv'}; these tables in {out / 'comparison.csv'}"
    )
    if files:
        write_refused(taken.refused, {path for path, _ in taken.doj}, out / "refused.csv")
    if taken.refused:
        print(f"{len(taken.refused)} refused, with reasons, in {out / 'refused.csv'}")
    return 1 if taken.refused else 0


def _checked(words: tuple[str, ...], options: Path | None) -> GivenOptions | None:
    """The options; every policy was read. Raises WrongUsage."""
    try:
        given = read_options(options) if options is not None else None
        rules = _loaded(words, given)
    except OSError as error:
        raise WrongUsage(f"--options {options}: {error.strerror}") from None
    except (UnknownPolicy, WrongFile) as error:
        raise WrongUsage(str(error)) from error
    if given is not None and not any(policy.options for policy in rules):
        raise WrongUsage(f"--options {options}: none of these policies has options")
    return given


@cache
def _loaded(words: tuple[str, ...], options: GivenOptions | None) -> tuple[Policy, ...]:
    """The policies, under these options where a policy has some. Raises UnknownPolicy, WrongFile."""
    plain = [load_policy(word) for word in words]
    return tuple(
        load_policy(word, options) if policy.options else policy
        for word, policy in zip(words, plain, strict=True)
    )


def _write(shown: Figures, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(shown.lines())
