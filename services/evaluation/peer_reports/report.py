"""Collects what the peer's reports need while people are judged, then writes them."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from reliefstream_contracts.receipts import Problem
from services.chassis.runtime.private_file import private_file
from services.evaluation.peer_reports.row_files import copy_rows, paths, refused_rows, write_rows
from services.evaluation.peer_reports.subject import Row, Subject
from services.evaluation.peer_reports.summary import Summary, as_json, as_text
from services.evaluation.processes.sorted_runs import SortedRuns

TEXT, JSON = "gogen.out", "gogen.json"
LATIN_1 = ("latin-1", "latin1", "iso-8859-1")


class PeerReports:
    """Use as a context. Memory holds counts only; rows wait in a temporary file without names."""

    def __init__(self, county: str, as_of: date) -> None:
        self.summary, self._as_of = Summary(county), as_of
        self._rows = SortedRuns[Row]()

    def __enter__(self) -> "PeerReports":
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.__exit__()

    def add(self, subject: Subject) -> None:
        """Takes one subject."""
        self._rows.add(subject.rows)
        self.summary.add(subject._replace(rows=()))

    def write(
        self,
        given: Sequence[tuple[Path, str]],
        refused: Iterable[tuple[Path, Problem]],
        encoding: str | None,
        out: Path,
    ) -> list[Path]:
        """Writes all reports for their owner alone; returns where. ``given``: DOJ's files, by SHA-256."""
        problems = list(refused)
        text = "latin-1" if (encoding or "").lower() in LATIN_1 else "utf-8"
        todo: dict[str, list[tuple[Path, tuple[Path, ...]]]] = {}
        for number, (path, sha) in enumerate(given, 1):
            todo.setdefault(sha, []).append((path, paths(out, number, len(given))))
        self.summary.rows = self.summary.refused = 0

        def write_file(sha: str, rows: Iterable[Row]) -> None:
            (source, places), *again = todo.pop(sha, [(None, ())])
            if source is None:
                return
            bad = refused_rows(problems, source)
            self.summary.rows += write_rows(source, rows, bad, text, places)
            self.summary.refused += len(bad)
            for _, copies in again:
                copy_rows(places, copies)

        written = [place for one in todo.values() for _, places in one for place in places]
        for sha, rows in groupby(self._rows.sorted(), key=lambda row: row[0]):
            write_file(sha, rows)
        for sha in list(todo):  # files in which nobody was judged
            write_file(sha, ())
        told = "\n".join(as_text(self.summary, self._as_of)).lstrip() + "\n"
        for name, content in ((TEXT, told), (JSON, as_json(self.summary))):
            with private_file(out / name) as file:
                file.write(content)
        return [*sorted(written), out / TEXT, out / JSON]
