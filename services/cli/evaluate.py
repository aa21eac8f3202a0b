"""``reliefstream evaluate``: the law on files, offline, with the functions that the services use."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from services import COUNTIES
from services.cli.file_options import AS_THEY_ARE, FileOptions
from services.cli.terminal.exit import Broken, WrongUsage, ends_as


def evaluate(
    *files: Annotated[Path, Parameter(help="DOJ's CSV files and court files, in any order")],
    county: Annotated[str, Parameter(help="one of California's 58, in lower case with dashes: los-angeles")],
    policy: Annotated[str, Parameter(help="its name (see: reliefstream policy list) or a file's path")],
    as_of: Annotated[date, Parameter(help="the day to judge for: YYYY-MM-DD")],
    out: Annotated[Path, Parameter(help="the directory for determinations.csv and refused.csv")],
    explain: Annotated[str | None, Parameter(help="explain the determinations of this case number")] = None,
    options: Annotated[Path | None, Parameter(help="a file with the options of this policy")] = None,
    reading: FileOptions = AS_THEY_ARE,
    reports: Annotated[
        Literal["peer"] | None,
        Parameter(
            help="peer: All_Results.csv and the other files of Code for America's program, for those used to it"
        ),
    ] = None,
) -> int:
    """Judge the convictions in DOJ files and court files, without any server; each file is told by its content.

    Writes determinations.csv and refused.csv, without names or birth dates. Exit status 1 when some input was
    refused. With --reports peer also All_Results.csv, All_Results_Condensed.csv, Prop64_Results.csv, gogen.out and
    gogen.json: these repeat DOJ's rows, so that THEY HOLD NAMES AND BIRTH DATES. They are written into --out only,
    for you alone to read (mode 0600); social security and licence numbers are left blank.
    """
    from services.cli.terminal.progress_bar import progress_bar
    from services.eligibility.files.policy_files import UnknownPolicy, load_policy
    from services.eligibility.files.policy_options import read_options
    from services.eligibility.files.statute_files import load_statute
    from services.evaluation.county import offline_county
    from services.evaluation.judge_files import DETERMINATIONS, REFUSED, Judge, judge_files
    from services.evaluation.processes.workers import WorkerKilled

    if not files:
        raise WrongUsage("Name at least one file: DOJ's CSV, or court cases as JSON lines.")
    missing = [str(path) for path in files if not path.exists()]
    if missing:
        raise WrongUsage(f"No such file: {', '.join(missing)}")
    directories = [str(path) for path in files if path.is_dir()]
    if directories:
        raise WrongUsage(f"A directory, not a file: {', '.join(directories)}. Name its files.")
    with ends_as(WrongUsage, UnknownPolicy, ValueError):
        chosen = read_options(options) if options is not None else None
        known = offline_county(county, COUNTIES)
        load_policy(policy, chosen)
    load_statute()  # and the policy: read once, by the process that workers are copies of
    out.mkdir(parents=True, exist_ok=True)
    for name in (DETERMINATIONS, REFUSED):
        if any(path.samefile(out / name) for path in files if (out / name).exists()):
            raise WrongUsage(f"{out / name} is read and would be written over: name another --out.")
    task = Judge(known.county, policy, chosen, as_of, explain, peer=reports == "peer")
    with progress_bar() as progress, ends_as(Broken, WorkerKilled):
        histories = reading.histories_of(files, known, progress)
        done = judge_files(histories, task, out, reading.encoding)
    print(f"{done.determinations} determinations in {out / DETERMINATIONS}")
    if done.reports:
        print(f"With names and birth dates, for you alone: {', '.join(map(str, done.reports))}")
    if explain is not None:
        _print_explained(explain, done.explained)
    print(
        f"{done.read:,} rows and cases read: {done.recorded:,} on record, {done.repeated:,} known already, "
        f"{done.read - done.recorded - done.repeated:,} refused"
    )
    for path, problem in done.whole_files:
        print(f"{path}: {problem.what}; {problem.remedy}")
    if done.refused:
        print(f"{done.refused} reasons for what was refused, of rows or of whole files, in {out / REFUSED}")
    return 1 if done.refused else 0


def _print_explained(case: str, found: Sequence[Mapping[str, Any]]) -> None:
    from services.eligibility.explain.explanation import explain

    if not found:
        print(f"No determination on a case {case}: determinations.csv has each case number as it was read.")
    for entry in sorted(found, key=lambda one: (one["section"], str(one["source_row"]))):
        print("\n".join(("", *explain(entry))))
