"""A feed of rows cut into lines, and lines brought together to cases. Bytes stay as they came."""

import csv
from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO, NamedTuple

from services.ingest.core.files.physical_lines import BOM, ROW_LIMIT, Quoting, physical_lines, rows_of
from services.ingest.core.profile.profile import Csv, Fixed, Profile, plain_column

WAITING = 100
"""Rows without a key, one after another, that may belong to the case around them."""


class Line(NamedTuple):
    """One row as it stands in the file. ``number`` counts data rows from 1, a header not counted."""

    number: int
    offset: int
    raw: bytes
    """Without its line end; only the first CUT bytes of a row that is too long."""
    too_long: bool = False
    line: int = 0
    """Its physical line in the file; 0: not known."""


class Keyed(NamedTuple):
    """A row with what tells its case from others; one that no case can be told of has a key of its own."""

    key: str
    line: Line


def header_of(stream: BinaryIO, layout: Csv | Fixed) -> bytes:
    """The header line; empty where the layout has none. The stream then stands behind it."""
    if not isinstance(layout, Csv) or layout.columns is not None:
        return b""
    raw = stream.readline(ROW_LIMIT).removeprefix(BOM)
    while raw and not raw.strip():
        raw = stream.readline(ROW_LIMIT)
    return raw.rstrip(b"\r\n")


def lines(stream: BinaryIO, layout: Csv | Fixed, header: bytes) -> Iterator[Line]:
    """The data rows from where the stream stands: without blank lines, a header that stands again, and rows
    of the types that the layout skips."""
    number = 0
    before = 0 if stream.tell() == 0 else _lines_before(stream)
    found = physical_lines(stream, stream.tell())
    if isinstance(layout, Csv) and layout.quote is not None:
        width = len(columns_of(layout, header))
        complete = partial(_has_columns, layout, width)
        found = rows_of(found, Quoting(layout.quote.encode(), layout.delimiter.encode(), width, complete))
    for start, raw, _, too_long, line in found:
        if not raw.strip(b" \t\x1a") or (header and raw == header):
            continue
        number += 1
        if isinstance(layout, Fixed) and record_type(layout, raw) in layout.skipped:
            continue
        yield Line(number, start, raw, too_long, before + line)


def _has_columns(layout: Csv, width: int, raw: bytes) -> bool:
    return len(split(layout, raw.decode("latin-1")) or ()) == width


def _lines_before(stream: BinaryIO) -> int:
    """How many lines the header and what stands above it take."""
    at = stream.tell()
    stream.seek(0)
    before = stream.read(at).count(b"\n")
    stream.seek(at)
    return before


def record_type(layout: Fixed, raw: bytes) -> str:
    """The type of a row with fixed columns."""
    first, last = layout.record_type
    return raw[first - 1 : last].decode("latin-1").strip()


def split(layout: Csv, text: str) -> list[str] | None:
    """The fields of one row; None: its quotes are no pairs around fields."""
    try:
        return next(csv.reader([text], strict=True, delimiter=layout.delimiter, quotechar=layout.quote), [])
    except csv.Error:
        return None


def columns_of(layout: Csv, header: bytes) -> tuple[str, ...]:
    """The plain names of a CSV feed's columns, in their order; a header that cannot be split has none."""
    if layout.columns is not None:
        return layout.columns
    found = split(layout, header.decode(layout.encoding, errors="replace"))
    return tuple(map(plain_column, found or ()))


class Keys:
    """What tells one case's rows from another's, in one feed."""

    def __init__(self, profile: Profile, header: bytes) -> None:
        layout = profile.layout
        self._layout = layout
        self._places: list[int] = []
        self._spans: list[tuple[int, int]] = []
        if isinstance(layout, Csv):
            columns = columns_of(layout, header)
            self._places = [columns.index(name) for name in profile.case_by if name in columns]
        elif isinstance(layout, Fixed):
            self._spans = [layout.common[name] for name in profile.case_by]

    def of(self, raw: bytes) -> str | None:
        """The key of a row; None: it has none that can be read."""
        if isinstance(self._layout, Csv):
            text = raw.decode("latin-1")
            fields = split(self._layout, text)
            if fields is None:
                fields = text.split(self._layout.delimiter)
            if not self._places or len(fields) <= max(self._places):
                return None
            parts = [fields[place].strip() for place in self._places]
        else:
            if not self._spans or len(raw) < max(last for _, last in self._spans):
                return None
            parts = [raw[first - 1 : last].decode("latin-1").strip() for first, last in self._spans]
        return "\x1f".join(parts) if all(parts) else None

    def starts(self, raw: bytes) -> bool:
        """Whether a row of fixed columns begins a case."""
        assert isinstance(self._layout, Fixed)  # noqa: S101 - asked only there
        record = self._layout.records.get(record_type(self._layout, raw))
        return record is not None and record.starts == "case"


def keyed(profile: Profile, found: Iterable[Line], header: bytes) -> Iterator[Keyed]:
    """Each row with its case's key. A row that has none belongs to the case whose rows stand on both its sides."""
    keys = Keys(profile, header)
    if not profile.case_by:
        yield from _by_start(keys, found)
        return
    before, waiting = "", list[Line]()
    starting = isinstance(profile.layout, Fixed) and not profile.anywhere
    again = 0
    for line in found:
        key = keys.of(line.raw)
        if key is not None and starting:
            # The same case sent again right behind itself is a case of its own.
            again += keys.starts(line.raw)
            key = f"{key}\x1f{again}"
        if key is None:
            waiting.append(line)
            if len(waiting) > WAITING:
                first = waiting.pop(0)
                yield Keyed(_alone(first), first)
            continue
        for one in waiting:
            yield Keyed(key if key == before else _alone(one), one)
        waiting.clear()
        before = key
        yield Keyed(key, line)
    for one in waiting:
        yield Keyed(_alone(one), one)


def _by_start(keys: Keys, found: Iterable[Line]) -> Iterator[Keyed]:
    key = ""
    for line in found:
        if not key or keys.starts(line.raw):
            key = f" {line.number}"
        yield Keyed(key, line)


def _alone(line: Line) -> str:
    return f" {line.number}"  # a key that no column can hold: those are stripped


def cases(profile: Profile, rows: Iterable[Keyed]) -> Iterator[list[Line]]:
    """The rows of each case of a feed that fits in memory, in order of their first rows."""
    if not profile.anywhere:
        yield from runs(rows)
        return
    found: dict[str, list[Line]] = {}
    for key, line in rows:
        found.setdefault(key, []).append(line)
    yield from found.values()


def runs(rows: Iterable[Keyed]) -> Iterator[list[Line]]:
    """Rows of one key that stand together, whatever follows later; of a very long run the first ROW_LIMIT bytes
    and a row more."""
    before, run, size = None, list[Line](), 0
    for key, line in rows:
        if key != before and run:
            yield run
            run, size = [], 0
        before = key
        if size <= ROW_LIMIT:
            run.append(line)
            size += len(line.raw) + 1
    if run:
        yield run
