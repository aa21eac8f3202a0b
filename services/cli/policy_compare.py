"""``reliefstream policy compare``: the same people judged under several policies at once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from services import COUNTIES
from services.cli.client.addresses import Addresses, addresses
from services.cli.client.services import exported
from services.cli.file_options import AS_THEY_ARE, FileOptions
from services.cli.terminal.exit import Broken, WrongUsage, ends_as
from services.statistics.small_cells import SMALLEST

if TYPE_CHECKING:
    from reliefstream_contracts.histories import HistoryChanged
    from services.eligibility.files.policy_options import GivenOptions


def compare(
    *policies_then_files: Annotated[
        str, Parameter(help="policies, the one to compare with first; then files")
    ],
    county: Annotated[str, Parameter(help="one of California's 58, in lower case with dashes: los-angeles")],
    as_of: Annotated[date, Parameter(help="the day to judge for: YYYY-MM-DD")],
    out: Annotated[Path, Parameter(help="the directory for changes.csv and comparison.csv")],
    options: Annotated[Path | None, Parameter(help="options for those policies that have some")] = None,
    small_cells: Annotated[
        int, Parameter(help=f"show no count of fewer persons than this; at least {SMALLEST}")
    ] = SMALLEST,
    reading: FileOptions = AS_THEY_ARE,
) -> int:
    """Show how many convictions and persons get another outcome under other policies than under the first, and which.

    Name two policies or more (see: reliefstream policy list; or a .yaml file of your own), then the files: DOJ's
    CSV, court cases as JSON lines. Without files: everyone who has been streamed; the services go on meanwhile.
    Relief that was ordered stays as it is.

    Prints tables and writes them as comparison.csv: counts of 1 to 10 persons are withheld, and with them counts
    that such a number could be computed from (California Health and Human Services Agency, Data De-Identification
    Guidelines, 4.4). changes.csv lists each conviction that changes, for the district attorney: case numbers and
    subject ids, no name, no birth date. Exit status 1 when some input was refused; its reasons are in refused.csv.
    """
    from services.cli.policy_arguments import names, policies_and_files
    from services.cli.printed.comparison_tables import print_comparison
    from services.cli.terminal.progress_bar import progress_bar
    from services.eligibility.comparison.shown_counts import figures
    from services.eligibility.files.policy_titles import policy_names
    from services.evaluation.comparison.compare import Compare, tally_changes, write_figures
    from services.evaluation.county import offline_county
    from services.evaluation.output.refused_csv import write_refused
    from services.evaluation.processes.workers import WorkerKilled

    policies, files = policies_and_files(policies_then_files, policy_names())
    if small_cells < SMALLEST:
        raise WrongUsage(
            f"--small-cells {small_cells}: at least {SMALLEST}. Counts of fewer persons are not shown; "
            "changes.csv lists whom they are of."
        )
    with ends_as(WrongUsage, ValueError):
        known = offline_county(county, COUNTIES)
    task = Compare(known.county, policies, _checked(policies, options), as_of)
    out.mkdir(parents=True, exist_ok=True)
    with progress_bar() as progress, ends_as(Broken, WorkerKilled):
        taken = reading.histories_of(files, known, progress)
        found = taken.map(task) if files else map(task, streamed(addresses(), known.county.name))
        tally, written = tally_changes(found, names(policies), as_of, out / "changes.csv")
    if not files and not tally.persons:
        print(f"Nobody has been streamed yet whose convictions in {county} these policies judge.")
    shown = figures(tally, small_cells)
    write_figures(shown, out / "comparison.csv")
    print_comparison(shown, county, as_of)
    print(
        f"{written} changes, one a line, in {out / 'changes.csv'}; these tables in {out / 'comparison.csv'}"
    )
    if files:
        write_refused(taken.refused, out / "refused.csv")
    if taken.refused:
        print(f"{len(taken.refused)} refused, with reasons, in {out / 'refused.csv'}")
    return 1 if taken.refused else 0


def streamed(found: Addresses, county: str) -> "Iterator[HistoryChanged]":
    """The newest history of each person of whom the county sent something, sorted by subject.

    Raises ServerMissing, also where the service goes away in the middle, or Refused.
    """
    from reliefstream_contracts.histories import HistoryChanged

    for entry in exported("histories", {"county": county}, found=found):
        yield HistoryChanged.of(entry)


def _checked(policies: tuple[str, ...], options: Path | None) -> "GivenOptions | None":
    """The options, once every policy could be loaded. Raises WrongUsage."""
    from services.chassis.settings.located_yaml import WrongFile
    from services.eligibility.files.policy_files import UnknownPolicy
    from services.eligibility.files.policy_options import read_options
    from services.evaluation.comparison.compare import load_policies

    with ends_as(WrongUsage, UnknownPolicy, WrongFile):
        given = read_options(options) if options is not None else None
        rules = load_policies(policies, given)
    if given is not None and not any(policy.options for policy in rules):
        raise WrongUsage(f"--options {options}: none of these policies has options")
    return given
