"""Lines as they stand in a file of rows, whatever they hold: none is too long to be passed, and none is lost."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

BOM = b"\xef\xbb\xbf"
ROW_LIMIT = 1_000_000
"""Bytes of the longest row that is read; a longer one is cut to its beginning and refused."""
CUT = 4_096
_LINE_END = re.compile(rb"[\r\n]*\n")
MOST_BREAKS = 100
"""Lines that one row may be broken into by line ends inside of quotes."""


class PhysicalLine(NamedTuple):
    """One line, blank or not."""

    offset: int
    """Of its first byte in the file, behind a byte-order mark."""
    raw: bytes
    """Without its line end; only the first CUT bytes of a row that is too long."""
    whole: bool
    """Whether a line end was read with it; False: the file ends here, or the line is too long."""
    too_long: bool
    number: int = 0
    """Of the line, from 1 where the reading began; of a row of several lines, the first one's."""


def physical_lines(stream: BinaryIO, offset: int) -> Iterator[PhysicalLine]:
    """The lines from where the stream stands, which is ``offset`` and the beginning of a line."""
    number = 0
    while raw := stream.readline(ROW_LIMIT + 1):
        number += 1
        start, offset = offset, offset + len(raw)
        whole = raw.endswith(b"\n")
        too_long = len(raw) > ROW_LIMIT and not whole
        if too_long:
            while (rest := stream.readline(ROW_LIMIT)) and not rest.endswith(b"\n"):
                offset += len(rest)
            offset += len(rest)
            raw = raw[:CUT]
        if start == 0 and raw.startswith(BOM):
            start, raw = len(BOM), raw[len(BOM) :]
        yield PhysicalLine(start, raw.rstrip(b"\r\n"), whole, too_long, number)


class Quoting(NamedTuple):
    """How the rows of a file are written: what stands around and between fields, and how many fields a row has."""

    quote: bytes
    delimiter: bytes
    columns: int
    complete: Callable[[bytes], bool]
    """Whether a text has that many fields, its quotes being pairs around fields."""


def rows_of(found: Iterator[PhysicalLine], quoting: Quoting) -> Iterator[PhysicalLine]:
    """The lines as rows: those that line ends inside of quotes have broken (RFC 4180, 2.6) are one row again.

    Lines become one row only where it is complete by that, as soon as its quotes are pairs. A line with a stray
    quote stays as it is and costs no other: what has a row's delimiters is a row, and never the rest of another. In
    a row, a line end inside of quotes is as many blanks, so that its length is that in the file.
    """
    quote = quoting.quote
    waiting: deque[PhysicalLine] = deque()
    while line := waiting.popleft() if waiting else next(found, None):
        if line.too_long or not line.raw.count(quote) % 2 or quoting.complete(line.raw):
            yield line
            continue
        raw, whole, taken = line.raw, line.whole, 0
        while taken < MOST_BREAKS and len(raw) <= ROW_LIMIT:
            if taken == len(waiting):
                if (more := next(found, None)) is None:
                    break
                waiting.append(more)
            more = waiting[taken]
            taken += 1
            if more.too_long or more.raw.count(quoting.delimiter) + 1 >= quoting.columns:
                break
            raw += b" " * (more.offset - line.offset - len(raw)) + more.raw
            if not raw.count(quote) % 2:
                whole = more.whole
                break
        if taken and not raw.count(quote) % 2 and len(raw) <= ROW_LIMIT and quoting.complete(raw):
            for _ in range(taken):
                waiting.popleft()
            line = PhysicalLine(line.offset, raw, whole, False, line.number)
        yield line


def on_one_line(raw: bytes) -> bytes:
    """A row as ``rows_of`` gives it, from its bytes in the file."""
    return _LINE_END.sub(lambda found: b" " * len(found[0]), raw) if b"\n" in raw else raw
