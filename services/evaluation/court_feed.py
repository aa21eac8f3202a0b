"""A county's own court feed on disk, case by case, in memory that does not grow with the file."""

import sqlite3
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from reliefstream_contracts.receipts import Problem
from services.evaluation.doj_file import BEGINNING, UnreadableFile, file_sha256
from services.ingest.core.physical_lines import ROW_LIMIT
from services.ingest.core.profile.json_elements import NoArray
from services.ingest.core.profile.lines import Line, header_of, keyed, lines
from services.ingest.core.profile.profile import Csv, Fixed, Profile
from services.ingest.core.profile.units import Unit, file_fault, row_unit, units
from services.ingest.core.where import FILE

_BATCH = 5_000


class CourtFeed:
    """One file as its profile describes it. Use as a context; ``sha256`` is of its bytes."""

    def __init__(self, path: Path, profile: Profile) -> None:
        """Reads the file once or twice. Raises UnreadableFile, OSError."""
        self.path, self.profile = path, profile
        with path.open("rb") as stream:
            fault = file_fault(profile, stream.read(BEGINNING))
        if fault:
            raise UnreadableFile(fault)
        self.sha256 = file_sha256(path)
        self._folder = tempfile.TemporaryDirectory(prefix="reliefstream-")
        self._index: sqlite3.Connection | None = None
        try:
            if isinstance(profile.layout, Csv | Fixed) and profile.anywhere:
                self._index = self._indexed(profile.layout)
            else:
                self._look_at_first()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "CourtFeed":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Removes the index."""
        if self._index is not None:
            self._index.close()
        self._folder.cleanup()

    def units(self) -> Iterator[Unit]:
        """Each case, in order of the first rows; the same at every call."""
        layout = self.profile.layout
        with self.path.open("rb") as stream:
            if self._index is None or not isinstance(layout, Csv | Fixed):
                yield from units(self.profile, stream)
                return
            header = header_of(stream, layout)
            found = self._index.execute(
                """SELECT first, number, position, length, too_long, line FROM lines
                   JOIN (SELECT key, min(number) AS first FROM lines GROUP BY key) USING (key)
                   ORDER BY first, number"""
            )
            for _, rows in groupby(found, key=lambda row: row[0]):
                case, size = list[Line](), 0
                for _, number, position, length, too_long, line_number in rows:
                    if size > ROW_LIMIT:
                        continue  # the case is too long already
                    stream.seek(position)
                    raw = stream.read(length)
                    case.append(Line(number, position, raw, bool(too_long), line_number))
                    size += length
                yield row_unit(self.profile, header, case)

    def _look_at_first(self) -> None:
        try:
            first = next(self.units(), None)
        except NoArray as error:
            raise UnreadableFile(_no_array(str(error), self.profile)) from None
        if first is None:
            raise UnreadableFile(_no_case(self.profile))

    def _indexed(self, layout: Csv | Fixed) -> sqlite3.Connection:
        index = sqlite3.connect(Path(self._folder.name) / "rows.sqlite", check_same_thread=False)
        index.executescript(
            """PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;
               PRAGMA cache_size = -16000;
               CREATE TABLE lines (key TEXT, number INTEGER, position INTEGER, length INTEGER,
                                  too_long INTEGER, line INTEGER);"""
        )
        batch: list[tuple[str, int, int, int, bool, int]] = []
        number = 0
        with self.path.open("rb") as stream:
            header = header_of(stream, layout)
            for key, line in keyed(self.profile, lines(stream, layout, header), header):
                number = line.number
                length = min(len(line.raw), ROW_LIMIT)
                batch.append((key, number, line.offset, length, line.too_long, line.line))
                if len(batch) >= _BATCH:
                    index.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?)", batch)
                    batch.clear()
        index.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?)", batch)
        index.executescript("CREATE INDEX lines_by_key ON lines (key, number);")
        if not number:
            index.close()
            raise UnreadableFile(_no_case(self.profile))
        return index


def _no_case(profile: Profile) -> Problem:
    return FILE.problem(
        "no_rows",
        "the file has no case in it",
        f"export it again as the profile {profile.name} describes it; nothing was sent",
    )


def _no_array(what: str, profile: Profile) -> Problem:
    return FILE.problem(
        "no_array",
        what,
        f"send the export that the profile {profile.name} describes, or correct the path in its layout",
    )
