"""``reliefstream evaluate``: the law on files, offline, with the functions that the services use."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress

from deploy.local.plan import COUNTIES
from reliefstream_contracts.identifiers import CountyName
from services.chassis.clock import SystemClock
from services.cli.determinations_csv import write_determinations
from services.cli.exit import WrongUsage
from services.cli.explanation import explain as told
from services.cli.offline_records import OfflineRecords
from services.eligibility.county_files import CountyFile, read_counties
from services.eligibility.law.judge import judge
from services.eligibility.law.policy import Policy
from services.eligibility.located_yaml import WrongFile
from services.eligibility.policy_files import UnknownPolicy, load_policy
from services.eligibility.statute_files import load_statute
from services.ingest.doors import doors
from services.reconciliation.linkage.histories import build_histories


def evaluate(
    *files: Path,
    county: str,
    policy: Annotated[str, Parameter(help="see: reliefstream policy list")],
    as_of: date,
    out: Annotated[Path, Parameter(help="the directory for determinations.csv and refused.csv")],
    explain: Annotated[str | None, Parameter(help="tell the determinations of this case number")] = None,
    extract: Annotated[str | None, Parameter(help="DOJ: a date or number; later extracts replace")] = None,
    encoding: Annotated[str | None, Parameter(help="DOJ: utf-8 or latin-1")] = None,
) -> int:
    """Judge the convictions in DOJ files and court case files, told apart by content, without any server.

    Writes determinations.csv and refused.csv. Exit status 1 when some input was refused.
    """
    if not files:
        raise WrongUsage("Name at least one file: DOJ's CSV, or court cases as JSON lines.")
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise WrongUsage(f"No such file: {', '.join(missing)}")
    known, rules = _rules(county, policy)
    way_in = doors(COUNTIES)[known.county.name]
    given = {"extract": extract, "encoding": encoding}
    taken = OfflineRecords(
        way_in.door,
        way_in.day(SystemClock().now()),
        {name: text for name, text in given.items() if text is not None},
    )
    out.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        taken.take(files, lambda paths: progress.track(list(paths), description="reading"))
        histories = build_histories(taken.records.values())
        found = [
            determination.model_dump(mode="json")
            for history in progress.track(histories, total=len(taken.records), description="judging")
            for determination in judge(history, known.county, rules, load_statute(), as_of)
        ]
    written = write_determinations(found, out / "determinations.csv")
    _write_refused(taken, out / "refused.csv")
    print(f"{written} determinations in {out / 'determinations.csv'}")
    if explain is not None:
        _tell(explain, found)
    if taken.refused:
        print(f"{len(taken.refused)} refused, with reasons, in {out / 'refused.csv'}")
    return 1 if taken.refused else 0


def _rules(county: str, policy: str) -> tuple[CountyFile, Policy]:
    try:
        counties = read_counties(COUNTIES)
        if county not in counties:
            raise WrongUsage(f"No county {county!r}; there are {', '.join(counties)}")
        return counties[CountyName(county)], load_policy(policy)
    except (UnknownPolicy, WrongFile) as error:
        raise WrongUsage(str(error)) from error


def _write_refused(taken: OfflineRecords, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("file", "where", "code", "what", "remedy"))
        for source, problem in taken.refused:
            writer.writerow((source.name, problem.where, problem.code, problem.what, problem.remedy))


def _tell(case: str, found: Iterable[dict[str, Any]]) -> None:
    of_case = [
        entry for entry in found if case in {entry["case_number"], *entry["source_case_numbers"].values()}
    ]
    if not of_case:
        print(f"No determination on a case {case}.")
    for entry in sorted(of_case, key=lambda one: (one["section"], str(one["source_row"]))):
        print("\n".join(("", *told(entry))))
