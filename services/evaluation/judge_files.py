"""Everyone in a county's files judged under one policy: what ``evaluate`` writes, and what it has to tell."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import asdict

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.receipts import Problem
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_options import GivenOptions
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from services.eligibility.law.input.judged_conviction import County
from services.evaluation.histories import OfflineHistories
from services.evaluation.output.determinations_csv import Sorted, line_of, write_lines
from services.evaluation.output.refused_csv import write_refused
from services.evaluation.peer_reports.report import PeerReports
from services.evaluation.peer_reports.subject import Subject, Terms, subject
from services.evaluation.processes.sorted_runs import SortedRuns

DETERMINATIONS, REFUSED = "determinations.csv", "refused.csv"

policy_of = cache(load_policy)
"""Loaded where it is asked: a policy does not go from one process to another. Raises UnknownPolicy, WrongFile."""


class Judged(NamedTuple):
    """The lines of one person's determinations, those of them that are explained, and what the peer reports."""

    lines: list[Sorted]
    explained: list[dict[str, Any]]
    peer: Subject | None


@dataclass(frozen=True, slots=True)
class Judge:
    """The task for each person. It crosses processes, so it names its policy and loads it where it runs."""

    county: County
    policy: str
    options: GivenOptions | None
    as_of: date
    explain: str | None = None
    """The case number whose determinations are explained."""
    peer: bool = False

    def __call__(self, history: HistoryChanged) -> Judged:
        policy = policy_of(self.policy, self.options)
        found = judge(history, self.county, policy, load_statute(), self.as_of)
        lines = [line_of(asdict(one)) for one in found]
        if not (self.explain or self.peer):
            return Judged(lines, [], None)
        return Judged(
            lines,
            [one.to_dict() for one in found if self.explain and self.explain in _numbers(one, history)],
            subject(history, found, self._terms()) if self.peer else None,
        )

    def _terms(self) -> Terms:
        return Terms(self.county, load_statute(), policy_of("dismiss-all", None), self.as_of)


def _numbers(found: Determination, history: HistoryChanged) -> set[str | None]:
    """The case numbers that a determination is known by; of one that cannot be used, as it was written."""
    written = (
        text
        for conviction in history.convictions
        if conviction.conviction_id == found.conviction_id
        for doubt in conviction.doubts
        if doubt.field == "case_number"
        for text in doubt.as_written
    )
    return {found.case_number, *found.source_case_numbers.values(), *written}


@dataclass(slots=True)
class Evaluated:
    """What was written, and the result of every row: none is lost silently."""

    determinations: int = 0
    read: int = 0
    recorded: int = 0
    repeated: int = 0
    refused: int = 0
    """Entries of refused.csv: a row may have several."""
    whole_files: list[tuple[Path, Problem]] = field(default_factory=list)
    """Files of which nothing could be read, and why."""
    explained: list[dict[str, Any]] = field(default_factory=list)
    reports: list[Path] = field(default_factory=list)
    """The peer's reports, which hold names and birth dates."""


def judge_files(histories: OfflineHistories, task: Judge, out: Path, encoding: str | None) -> Evaluated:
    """Writes determinations.csv, refused.csv and the peer's reports, where they are asked for, into ``out``.

    Raises OSError; WorkerKilled, and then nothing was written.
    """
    told = Evaluated()
    with SortedRuns[Sorted]() as lines, PeerReports(task.county.name, task.as_of) as peer:
        for judged in histories.map(task):
            lines.add(judged.lines)
            told.explained += judged.explained
            if judged.peer is not None:
                peer.add(judged.peer)
        write_refused(histories.refused, out / REFUSED)  # first: no determinations without what was refused
        told.determinations = write_lines(lines.sorted(), out / DETERMINATIONS)
        if task.peer:
            told.reports = peer.write(histories.doj, histories.refused, encoding, out)
    told.read, told.recorded = histories.rows_read, histories.rows_recorded
    told.repeated, told.refused = histories.rows_repeated, len(histories.refused)
    told.whole_files = [(path, problem) for path, problem in histories.refused if problem.part == "file"]
    return told
