"""``reliefstream evaluate``: the law on files, offline, with the functions that the services use."""

from collections.abc import Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from cyclopts import Parameter

from reliefstream_contracts.histories import HistoryChanged
from services import COUNTIES
from services.chassis.runtime.clock import SystemClock
from services.chassis.settings.located_yaml import WrongFile
from services.cli.terminal.exit import WrongUsage
from services.cli.terminal.progress_bar import progress_bar
from services.eligibility.explain.explanation import explain as told
from services.eligibility.files.policy_files import UnknownPolicy, load_policy
from services.eligibility.files.policy_options import GivenOptions, read_options
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.case import County
from services.eligibility.law.engine.judge import judge
from services.evaluation.county import PROFILE, offline_county, profile_named
from services.evaluation.determinations_csv import Sorted, line_of, write_lines
from services.evaluation.histories import OfflineHistories
from services.evaluation.peer_reports.report import PeerReports
from services.evaluation.peer_reports.subject import Subject, Terms, subject
from services.evaluation.refused_csv import write_refused
from services.evaluation.sorted_runs import SortedRuns
from services.ingest.core.message import Metadata


def evaluate(
    *files: Path,
    county: str,
    policy: Annotated[str, Parameter(help="its name (see: reliefstream policy list) or a file's path")],
    as_of: date,
    out: Annotated[Path, Parameter(help="the directory for determinations.csv and refused.csv")],
    explain: Annotated[str | None, Parameter(help="tell the determinations of this case number")] = None,
    options: Annotated[Path | None, Parameter(help="a file with the options of this policy")] = None,
    extract: Annotated[str | None, Parameter(help="DOJ: a date or number; later extracts replace")] = None,
    encoding: Annotated[str | None, Parameter(help="DOJ: utf-8 or latin-1")] = None,
    profile: Annotated[str | None, Parameter(help=PROFILE)] = None,
    workers: Annotated[int | None, Parameter(help="processes; one for each core if not given")] = None,
    reports: Annotated[
        Literal["peer"] | None,
        Parameter(
            help="peer: All_Results.csv and the other files of Code for America's program, for those used to it"
        ),
    ] = None,
) -> int:
    """Judge the convictions in DOJ files and court files, told apart by content, without any server.

    Writes determinations.csv and refused.csv, without names or birth dates. Exit status 1 when some input was
    refused. With --reports peer also All_Results.csv, All_Results_Condensed.csv, Prop64_Results.csv, gogen.out and
    gogen.json: these repeat DOJ's rows, so that THEY HOLD NAMES AND BIRTH DATES. They are written into --out only,
    for you alone to read (mode 0600); social security and licence numbers are left blank.
    """
    if not files:
        raise WrongUsage("Name at least one file: DOJ's CSV, or court cases as JSON lines.")
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise WrongUsage(f"No such file: {', '.join(missing)}")
    chosen = _options(options)
    known = offline_county(county, COUNTIES)
    _check(policy, chosen)
    out.mkdir(parents=True, exist_ok=True)
    to_tell: list[dict[str, Any]] = []
    with progress_bar() as progress, SortedRuns[Sorted]() as lines, PeerReports(county, as_of) as peer:
        histories = OfflineHistories(
            files,
            known.source.intake,
            known.source.day(SystemClock().now()),
            Metadata(extract=extract or "", encoding=encoding or ""),
            profile=profile_named(known.source, profile),
            workers=workers,
            progress=progress,
        )
        asked = _Asked(known.county, policy, chosen, as_of, explain, reports == "peer")
        for judged in histories.map(partial(_judged, asked)):
            lines.add(judged.lines)
            to_tell += judged.to_tell
            if judged.peer is not None:
                peer.add(judged.peer)
        written = write_lines(lines.sorted(), out / "determinations.csv")
        reported = peer.write(histories.doj, histories.refused, encoding, out) if reports == "peer" else []
    write_refused(histories.refused, {path for path, _ in histories.doj}, out / "refused.csv")
    print(f"{written} determinations in {out / 'determinations.csv'}")
    if reported:
        print(f"With names and birth dates, for you alone: {', '.join(map(str, reported))}")
    if explain is not None:
        _tell(explain, to_tell)
    print(_counts(histories))
    if histories.refused:
        print(f"{len(histories.refused)} refused, with reasons, in {out / 'refused.csv'}")
    return 1 if histories.refused else 0


def _counts(histories: OfflineHistories) -> str:
    """What became of every row: none is lost in silence."""
    read, recorded, repeated = histories.rows_read, histories.rows_recorded, histories.rows_repeated
    return (
        f"{read:,} rows and cases read: {recorded:,} on record, {repeated:,} known already, "
        f"{read - recorded - repeated:,} refused"
    )


class _Asked(NamedTuple):
    """By what everyone is judged, the case whose determinations are to be told, and whether the peer reports."""

    county: County
    policy: str
    options: GivenOptions | None
    as_of: date
    explain: str | None
    peer: bool


class _Judged(NamedTuple):
    """The lines of one person's determinations, those of them that are to be told, and what the peer reports."""

    lines: list[Sorted]
    to_tell: list[dict[str, Any]]
    peer: Subject | None


_policy = cache(load_policy)
"""Loaded where it is asked: a policy does not go from one process to another."""


def _judged(asked: _Asked, history: HistoryChanged) -> _Judged:
    policy = _policy(asked.policy, asked.options)
    determinations = judge(history, asked.county, policy, load_statute(), asked.as_of)
    return _Judged(
        [line_of(vars(one)) for one in determinations],
        [
            one.model_dump(mode="json")
            for one in determinations
            if asked.explain and asked.explain in {one.case_number, *one.source_case_numbers.values()}
        ],
        subject(history, determinations, _terms(asked)) if asked.peer else None,
    )


def _terms(asked: _Asked) -> Terms:
    return Terms(asked.county, load_statute(), _policy("dismiss-all"), asked.as_of)


def _options(path: Path | None) -> GivenOptions | None:
    """The options that a file gives. Raises WrongUsage."""
    try:
        return read_options(path) if path is not None else None
    except WrongFile as error:
        raise WrongUsage(str(error)) from error


def _check(policy: str, options: GivenOptions | None) -> None:
    """That there is such a policy, with these options. Raises WrongUsage."""
    try:
        load_policy(policy, options)
    except (UnknownPolicy, WrongFile) as error:
        raise WrongUsage(str(error)) from error


def _tell(case: str, found: Sequence[dict[str, Any]]) -> None:
    if not found:
        print(f"No determination on a case {case}.")
    for entry in sorted(found, key=lambda one: (one["section"], str(one["source_row"]))):
        print("\n".join(("", *told(entry))))
