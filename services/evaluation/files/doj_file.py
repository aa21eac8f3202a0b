"""DOJ's bulk file on disk, by person, in memory that does not grow with the file."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from reliefstream_contracts.receipts import Problem
from services.evaluation.files.row_index import IndexedRow, RowIndex
from services.ingest.core.doj.file.file_faults import fault_of_beginning, no_row_fits
from services.ingest.core.doj.file.grouping import Unit, UnitRow
from services.ingest.core.doj.file.rows import lines, may_fit, redacted, split, subject_in
from services.ingest.core.files.line_ends import line_feeds_in, with_line_feeds
from services.ingest.core.files.physical_lines import on_one_line

BEGINNING = 65_536


class UnreadableFile(Exception):
    """The file is not DOJ's bulk file; ``problem`` says what it is and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.what}; {problem.remedy}")
        self.problem = problem


class DojFile:
    """One file with an index of its rows in a temporary file. Use as a context; ``sha256`` is of its bytes."""

    def __init__(self, path: Path) -> None:
        """Reads the file once. Raises UnreadableFile, OSError."""
        self.path = path
        self.rows = self._fitting = self._first_columns = 0
        with path.open("rb") as stream:
            fault = fault_of_beginning(line_feeds_in(stream.read(BEGINNING)))
        if fault:
            raise UnreadableFile(fault)
        self.sha256 = file_sha256(path)
        self._index = RowIndex()
        try:
            with path.open("rb") as stream:
                self.units_count = self._index.fill(self._indexed(stream))
        except BaseException:
            self.close()
            raise
        if not self._fitting:
            self.close()
            raise UnreadableFile(no_row_fits(self.rows, self._first_columns))

    def __enter__(self) -> "DojFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Removes the index."""
        self._index.close()

    def units(self) -> Iterator[Unit]:
        """Each person's rows in the file's order, persons in order of their first rows; without social security and
        licence numbers."""
        with with_line_feeds(self.path.open("rb")) as stream:
            for subject, rows in self._index.groups():
                yield Unit(
                    "" if subject.startswith(" ") else subject, tuple(_row(stream, row) for row in rows)
                )

    def _indexed(self, stream: BinaryIO) -> Iterator[IndexedRow]:
        for line in lines(stream):
            fields = split(line.raw.decode("latin-1"))
            self._fitting += may_fit(line, len(fields))
            self._first_columns = self._first_columns or len(fields)
            self.rows = line.number
            # A key that no SUBJECT_ID can be: those are stripped.
            key = subject_in(fields) or f" {line.number}"
            yield IndexedRow(key, line.number, line.offset, len(line.raw), line.fault, line.line)


def _row(stream: BinaryIO, row: IndexedRow) -> UnitRow:
    stream.seek(row.offset)
    raw, _ = redacted(on_one_line(stream.read(row.length)))
    return UnitRow(raw, row.number, row.fault, row.line)


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
