"""The places in the files of each person's rows and each case's lines; no row itself is stored."""

import hashlib
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from reliefstream_contracts.receipts import Problem
from services.ingest.core.court.strict_json import SIZE_LIMIT
from services.ingest.core.doj.file.columns import COLUMNS, PLACE, clean
from services.ingest.core.doj.file.file_faults import fault_of_beginning
from services.ingest.core.doj.file.rows import Fault, Line, lines, may_fit, split, subject_of
from services.ingest.core.doj.file.unit import names_a_person
from services.ingest.core.files.line_ends import NOTHING, ends_with_cr, line_feeds_in, with_line_feeds
from services.ingest.core.files.physical_lines import BOM
from services.ingest.core.record_identity import record_id_in
from services.ingest.core.redaction import holds_number

CHUNK = 4 << 20
"""Bytes of a file that one process indexes at a time."""
BEGINNING = 1 << 16
FAULTS: tuple[Fault | None, ...] = (None, "row_too_long", "row_truncated")


class InputFile(NamedTuple):
    path: Path
    source: Literal["doj", "court"]
    size: int
    sha256: str
    profile: str = ""
    """Of a county's own feed, laid out one case a line (feed_as_cases.py): the profile that describes it."""
    carriage_returns: bool = False
    """Whether its lines end with a carriage return alone."""


class Piece(NamedTuple):
    """Rows of one person, or one case, that stand together in a file; ``first`` is the first one's number, ``line`` its
    physical line, both from 1."""

    file: int
    offset: int
    length: int
    first: int
    rows: int
    line: int
    fault: Fault | None


class ChunkIndex(NamedTuple):
    """The pieces of one chunk, column by column; numbers count from 1 within the chunk."""

    keys: "array[int]"
    offsets: "array[int]"
    lengths: "array[int]"
    firsts: "array[int]"
    rows: "array[int]"
    lines: "array[int]"
    faults: "array[int]"
    numbered: int
    """Data rows of DOJ, lines of a court."""
    physical: int
    """Lines in front of the next chunk; 0 behind the last one's end."""
    fitting: bool
    """Whether any row has DOJ's columns."""
    columns: int
    """Of the first row."""
    nobodys: set[str]
    """CII numbers of rows whose SUBJECT_ID names nobody."""

    def add(self, key: int, row: Line, length: int) -> None:
        self.keys.append(key)
        self.offsets.append(row.offset)
        self.lengths.append(length)
        self.firsts.append(row.number)
        self.rows.append(1)
        self.lines.append(row.line)
        self.faults.append(FAULTS.index(row.fault))


def open_input(path: Path) -> InputFile | Problem:
    """What kind of file it is, or what is wrong with all of it. Raises OSError."""
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        size = stream.tell()
        stream.seek(0)
        if _first_mark(stream) == b"{":
            return InputFile(path, "court", size, sha256)
        stream.seek(0)
        beginning = stream.read(BEGINNING)
    fault = fault_of_beginning(line_feeds_in(beginning))
    return fault or InputFile(path, "doj", size, sha256, carriage_returns=ends_with_cr(beginning))


def _first_mark(stream: BinaryIO) -> bytes:
    """The first byte that is no white space, behind a byte-order mark."""
    beginning = stream.read(BEGINNING).removeprefix(BOM)
    while beginning and not beginning.strip():
        beginning = stream.read(BEGINNING)
    return beginning.strip()[:1]


def chunks(file: InputFile) -> Iterator[tuple[int, int]]:
    """First byte and end of each part of a file; each begins with a row, or a line."""
    with with_line_feeds(file.path.open("rb")) as stream:
        start = 0
        while start < file.size:
            end = _beginning_after(stream, file, start + CHUNK)
            yield start, end
            start = end


def _beginning_after(stream: BinaryIO, file: InputFile, at: int) -> int:
    """Where the first row or line begins at or behind a place; the file's end where there is none."""
    if at >= file.size:
        return file.size
    if file.source == "court":
        stream.seek(at - 1)
        _skip_line(stream)
        return min(stream.tell(), file.size)
    # From well before: whether a line is a row by itself, the lines around it tell.
    stream.seek(max(at - BEGINNING, 0))
    if at > BEGINNING:
        _skip_line(stream)
    return next((line.offset for line in lines(stream, stream.tell()) if line.offset >= at), file.size)


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(SIZE_LIMIT)) and not rest.endswith(b"\n"):
        pass


def index_chunk(file: InputFile, start: int, end: int, encoding: str) -> ChunkIndex:
    """The index of the rows, or lines, that begin in a part of a file."""
    with with_line_feeds(file.path.open("rb")) as stream:
        stream.seek(start)
        return _rows(stream, start, end, encoding) if file.source == "doj" else _cases(stream, start, end)


def _nothing_yet() -> ChunkIndex:
    keys, offsets, lengths, firsts, rows, at, faults = (array("q") for _ in range(7))
    return ChunkIndex(
        keys,
        offsets,
        lengths,
        firsts,
        rows,
        at,
        faults,
        numbered=0,
        physical=0,
        fitting=False,
        columns=0,
        nobodys=set(),
    )


def _rows(stream: BinaryIO, at: int, end: int, encoding: str) -> ChunkIndex:
    found = _nothing_yet()
    number, physical, fitting, columns, before = 0, 0, False, 0, ""
    for line in lines(stream, at):
        if line.offset >= end:
            physical = line.line - 1
            break
        number = line.number
        if not fitting:
            count = len(split(line.raw.decode("latin-1")))
            fitting, columns = may_fit(line, count), columns or count
        subject = _subject(line.raw, encoding)
        length = len(line.raw)
        if subject and subject == before and not line.fault:
            found.lengths[-1] = line.offset + length - found.offsets[-1]
            found.rows[-1] += 1
            continue
        # Rows that name nobody stand alone, under a key that no SUBJECT_ID can be: those are stripped.
        key = _key("doj", subject or f" {line.offset}")
        found.add(key, line, length)
        if holds_number(subject) or not names_a_person(clean(subject)):
            found.nobodys.add(_cii(line.raw))
        before = "" if line.fault else subject
    return found._replace(numbered=number, physical=physical, fitting=fitting, columns=columns)


def _cases(stream: BinaryIO, at: int, end: int) -> ChunkIndex:
    found = _nothing_yet()
    number = 0
    while at < end and (line := stream.readline(SIZE_LIMIT + 2)):
        number += 1
        offset, length = at, len(line)
        at += length
        if not line.endswith(b"\n"):
            while (rest := stream.readline(SIZE_LIMIT)) and not rest.endswith(b"\n"):
                at += len(rest)
            at += len(rest)
        if line.strip(NOTHING):
            key = _key("court", record_id_in(line) or f" {offset}")
            found.add(key, Line(number, offset, b"", line=number), length)
    return found._replace(numbered=number, physical=number, fitting=True)


def _key(source: str, name: str) -> int:
    """A hash. Two names with the same key cost time, not correctness: rows of one key are separated later."""
    return int.from_bytes(hashlib.blake2b(f"{source}/{name}".encode(), digest_size=7).digest(), "big")


def _subject(raw: bytes, encoding: str) -> str:
    """What a row is filed under: rows whose SUBJECT_ID is read as the same text have the same."""
    head = raw.split(b",", 3)
    if len(head) < 3 or b'"' in head[0] or b'"' in head[1] or b'"' in head[2]:
        written = subject_of(raw).encode("latin-1")
    else:
        written = head[2]
    try:
        return written.decode(encoding).strip()
    except UnicodeDecodeError:
        return written.decode("latin-1").strip()


def _cii(raw: bytes) -> str:
    """The CII number of a row, in upper case; empty where it has none."""
    fields = split(raw.decode("latin-1"))
    return clean(fields[PLACE["CII_NUMBER"]]).upper() if len(fields) == len(COLUMNS) else ""


class Index:
    """The pieces of all files by member: a person's rows in every file, or a case's lines."""

    def __init__(self) -> None:
        self._members: dict[int, int] = {}
        self._of = array("l")
        self._files = array("l")
        self._columns = tuple(array("q") for _ in range(6))
        self._order = self._starts = array("l")
        self.nobodys: set[str] = set()
        """CII numbers of rows whose SUBJECT_ID names nobody."""

    def __len__(self) -> int:
        """How many members there are."""
        return len(self._members)

    @property
    def rows(self) -> int:
        """How many rows and cases there are."""
        return sum(self._columns[3])

    def add(self, file: int, found: ChunkIndex, numbered: int, physical: int) -> None:
        """Adds a chunk's pieces; ``numbered`` rows or cases and ``physical`` lines stand before it in its file."""
        self._of.extend(self._members.setdefault(key, len(self._members)) for key in found.keys)
        self._files.extend(file for _ in found.keys)
        self.nobodys |= found.nobodys - {""}
        firsts = array("q", (number + numbered for number in found.firsts))
        lines = array("q", (line + physical for line in found.lines))
        of_chunk = (found.offsets, found.lengths, firsts, found.rows, lines, found.faults)
        for column, more in zip(self._columns, of_chunk, strict=True):
            column.extend(more)

    def close(self) -> None:
        """Sorts the pieces by member, after the last chunk."""
        self._order = array("l", sorted(range(len(self._of)), key=self._of.__getitem__))
        self._starts, before = array("l"), -1
        for at, piece in enumerate(self._order):
            if self._of[piece] != before:
                self._starts.append(at)
                before = self._of[piece]
        self._starts.append(len(self._order))

    def pieces(self, member: int) -> list[Piece]:
        """Those of one member, in order of files and rows."""
        offsets, lengths, firsts, rows, lines, faults = self._columns
        return [
            Piece(
                self._files[at], offsets[at], lengths[at], firsts[at], rows[at], lines[at], FAULTS[faults[at]]
            )
            for at in self._order[self._starts[member] : self._starts[member + 1]]
        ]
