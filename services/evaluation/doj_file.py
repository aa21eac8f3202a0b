"""DOJ's bulk file on disk, by person, in memory that does not grow with the file."""

import hashlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple

from reliefstream_contracts.receipts import Problem
from services.ingest.core.doj.file.columns import COLUMNS
from services.ingest.core.doj.file.file_faults import fault_of_beginning, no_row_fits
from services.ingest.core.doj.file.grouping import Unit, UnitRow
from services.ingest.core.doj.file.rows import Fault, lines, redacted, split, subject_in

BEGINNING = 65_536
_BATCH = 5_000


class UnreadableFile(Exception):
    """The file is not DOJ's bulk file; ``problem`` says what it is and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.what}; {problem.remedy}")
        self.problem = problem


class _Indexed(NamedTuple):
    first: int
    subject: str
    number: int
    offset: int
    length: int
    fault: Fault | None
    line: int


class DojFile:
    """One file with an index of its rows in a temporary file. Use as a context; ``sha256`` is of its bytes."""

    def __init__(self, path: Path, progress: Callable[[int], None] = lambda _: None) -> None:
        """Reads the file once. Raises UnreadableFile, OSError. ``progress`` gets the bytes read so far."""
        self.path = path
        self.rows = self.units_count = 0
        with path.open("rb") as stream:
            fault = fault_of_beginning(stream.read(BEGINNING))
        if fault:
            raise UnreadableFile(fault)
        self.sha256 = file_sha256(path)
        self._folder = tempfile.TemporaryDirectory(prefix="reliefstream-")
        self._index = sqlite3.connect(Path(self._folder.name) / "rows.sqlite", check_same_thread=False)
        try:
            self._fill(progress)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "DojFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Removes the index."""
        self._index.close()
        self._folder.cleanup()

    def units(self) -> Iterator[Unit]:
        """Each person's rows in the file's order, persons in order of their first rows; without social security and
        licence numbers."""
        found = self._index.execute(
            """SELECT people.first, people.subject, number, position, length, fault, line
               FROM lines JOIN people USING (subject) ORDER BY people.first, number"""
        )
        with self.path.open("rb") as stream:
            for (_, subject), rows in groupby(map(_Indexed._make, found), key=lambda row: row[:2]):
                yield Unit(
                    "" if subject.startswith(" ") else subject, tuple(_row(stream, row) for row in rows)
                )

    def _fill(self, progress: Callable[[int], None]) -> None:
        self._index.executescript(
            """PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;
               PRAGMA cache_size = -16000;
               CREATE TABLE lines (subject TEXT, number INTEGER, position INTEGER, length INTEGER, fault TEXT,
                                  line INTEGER);"""
        )
        batch: list[tuple[str, int, int, int, str | None, int]] = []
        fitting = first_columns = 0
        with self.path.open("rb") as stream:
            for line in lines(stream):
                fields = split(line.raw.decode("latin-1"))
                fitting += len(fields) == len(COLUMNS)
                first_columns = first_columns or len(fields)
                self.rows = line.number
                # A key that no SUBJECT_ID can be: those are stripped.
                subject = subject_in(fields) or f" {line.number}"
                batch.append((subject, line.number, line.offset, len(line.raw), line.fault, line.line))
                if len(batch) >= _BATCH:
                    self._index.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?)", batch)
                    batch.clear()
                    progress(line.offset)
        self._index.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?)", batch)
        if not fitting:
            raise UnreadableFile(no_row_fits(self.rows, first_columns))
        self._index.executescript(
            """CREATE TABLE people AS SELECT subject, min(number) AS first FROM lines GROUP BY subject;
               CREATE INDEX people_by_subject ON people (subject);"""
        )
        self.units_count = self._index.execute("SELECT count(*) FROM people").fetchone()[0]


def _row(stream: BinaryIO, row: _Indexed) -> UnitRow:
    stream.seek(row.offset)
    return UnitRow(redacted(stream.read(row.length))[0], row.number, row.fault, row.line)


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
