"""Rows of one person brought together, wherever they stand in the file."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from services.ingest.core.doj.file.rows import Fault, Line, redacted, subject_in


class UnitRow(NamedTuple):
    """One row as sent; ``number`` is its 1-based place in the file, header not counted, None if not known."""

    raw: bytes
    number: int | None = None
    fault: Fault | None = None
    line: int = 0
    """Its physical line in the file; 0: not known."""


class Unit(NamedTuple):
    """All rows of one SUBJECT_ID in one file, in the file's order; one row alone where that is blank. Without social
    security and licence numbers."""

    subject: str
    rows: tuple[UnitRow, ...]


def group(found: Iterable[Line]) -> Iterator[Unit]:
    """The units of a file that fits in memory, in order of their first rows."""
    people: dict[str, list[UnitRow]] = {}
    for line in found:
        raw, fields = redacted(line.raw)
        # A key that no SUBJECT_ID can be: those are stripped.
        key = subject_in(fields) or f" {line.number}"
        people.setdefault(key, []).append(UnitRow(raw, line.number, line.fault, line.line))
    for key, rows in people.items():
        yield Unit("" if key.startswith(" ") else key, tuple(rows))
