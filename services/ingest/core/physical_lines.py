"""Lines as they stand in a file of rows, whatever they hold: none is too long to be passed, and none is lost."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

BOM = b"\xef\xbb\xbf"
ROW_LIMIT = 1_000_000
"""Bytes of the longest row that is read; a longer one is cut to its beginning and refused."""
CUT = 4_096


class PhysicalLine(NamedTuple):
    """One line, blank or not."""

    offset: int
    """Of its first byte in the file, behind a byte-order mark."""
    raw: bytes
    """Without its line end; only the first CUT bytes of a row that is too long."""
    whole: bool
    """Whether a line end was read with it; False: the file ends here, or the line is too long."""
    too_long: bool


def physical_lines(stream: BinaryIO, offset: int) -> Iterator[PhysicalLine]:
    """The lines from where the stream stands, which is ``offset`` and the beginning of a line."""
    while raw := stream.readline(ROW_LIMIT + 1):
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
        yield PhysicalLine(start, raw.rstrip(b"\r\n"), whole, too_long)
