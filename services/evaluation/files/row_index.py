"""Where the rows of each key stand in a file, in a temporary SQLite file: memory does not grow with the file."""

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from services.ingest.core.doj.file.rows import Fault


class IndexedRow(NamedTuple):
    """One row; ``key`` is what tells its person or case from others, ``fault`` what is wrong with it."""

    key: str
    number: int
    offset: int
    length: int
    fault: Fault | None
    line: int


class RowIndex:
    """Fill it once, read it any number of times, close it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="reliefstream-")
        self._rows = sqlite3.connect(Path(self._folder.name) / "rows.sqlite", check_same_thread=False)
        self._rows.executescript(
            """PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;
               PRAGMA cache_size = -16000;
               CREATE TABLE lines (key TEXT, number INTEGER, position INTEGER, length INTEGER, fault TEXT,
                                  line INTEGER);"""
        )

    def close(self) -> None:
        """Removes it."""
        self._rows.close()
        self._folder.cleanup()

    def fill(self, rows: Iterable[IndexedRow]) -> int:
        """Takes all rows; returns how many keys they have."""
        self._rows.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._rows.executescript(
            """CREATE TABLE keys AS SELECT key, min(number) AS first FROM lines GROUP BY key;
               CREATE INDEX keys_by_key ON keys (key);"""
        )
        found: int = self._rows.execute("SELECT count(*) FROM keys").fetchone()[0]
        return found

    def groups(self) -> Iterator[tuple[str, Iterator[IndexedRow]]]:
        """Each key with its rows in the file's order, keys in order of their first rows."""
        found = self._rows.execute(
            """SELECT key, number, position, length, fault, line
               FROM lines JOIN keys USING (key) ORDER BY keys.first, number"""
        )
        return groupby(map(IndexedRow._make, found), key=lambda row: row.key)
