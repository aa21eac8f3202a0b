"""Large values in the files of Postgres: put together from their pieces, and decompressed.

A row's value above some 2 kB is compressed in its place, or cut into pieces in a table of its own (TOAST), compressed
or not: https://www.postgresql.org/docs/18/storage-toast.html. Read from the bytes of the files alone, so that what
Postgres itself shows no more is found as well.
"""

import re
import struct
from collections.abc import Iterator

from deploy.proof.compression import NotCompressed, lz4, pglz

PAGE = 8192
HEADER = 24
NORMAL = 1
PIECE_COLUMNS, PIECE_HEADER = 3, 24
OPEN = 64
"""Values that are being put together at a time: pieces of one value follow each other closely."""
LARGEST = 1 << 30
# Little-endian: a length of up to 8 kB with the mark of a compressed value, then a size of up to 16 MB and the method.
IN_PLACE = re.compile(
    rb"(?s)(?=([\x02\x06\x0a\x0e%b][\x00-\x7f]\x00\x00..[\x00-\xff][\x00\x40]))"
    % b"".join(re.escape(bytes([each])) for each in range(0x12, 256, 4))
)


def values(data: bytes, *, of_table: bool = False) -> Iterator[bytes]:
    """What is compressed in these bytes of a file, and what is in pieces, each whole. ``of_table``: the file is one of
    a table or an index, where each compressed value begins at a multiple of four."""
    yield from _in_place(data, 4 if of_table else 1)
    yield from _in_pieces(data)


def _in_place(data: bytes, aligned: int) -> Iterator[bytes]:
    for found in IN_PLACE.finditer(data):
        at = found.start()
        if at % aligned:
            continue
        length = int.from_bytes(data[at : at + 4], "little") >> 2
        if length > 8 and at + length <= len(data):
            yield from _decompressed(data[at + 4 : at + length])


def _in_pieces(data: bytes) -> Iterator[bytes]:
    pieces: dict[int, dict[int, bytes]] = {}
    for start in range(0, len(data) - PAGE + 1, PAGE):
        for value, number, piece in _pieces_of(data[start : start + PAGE]):
            pieces.setdefault(value, {})[number] = piece
            if len(pieces) > OPEN:
                yield from _whole(pieces.pop(next(iter(pieces))))
    for each in pieces.values():
        yield from _whole(each)


def _pieces_of(page: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The value's number, the piece's number and the piece, of each row that has the form of one."""
    lower = struct.unpack_from("<H", page, 12)[0]
    for at in range(HEADER, min(lower, PAGE), 4):
        (pointer,) = struct.unpack_from("<I", page, at)
        offset, flags, length = pointer & 0x7FFF, pointer >> 15 & 3, pointer >> 17
        if flags != NORMAL or length < PIECE_HEADER + 12 or offset + length > PAGE:
            continue
        columns = struct.unpack_from("<H", page, offset + 18)[0] & 0x07FF
        if columns != PIECE_COLUMNS or page[offset + 22] != PIECE_HEADER:
            return  # a page has rows of one table
        value, number, size = struct.unpack_from("<IiI", page, offset + PIECE_HEADER)
        if number < 0 or size & 3 or (size >> 2) + PIECE_HEADER + 8 > length:
            return
        yield value, number, page[offset + PIECE_HEADER + 12 : offset + PIECE_HEADER + 8 + (size >> 2)]


def _whole(pieces: dict[int, bytes]) -> Iterator[bytes]:
    value = b"".join(piece for _, piece in sorted(pieces.items()))
    yield value
    yield from _decompressed(value)


def _decompressed(value: bytes) -> Iterator[bytes]:
    """A compressed value begins with its size and, in the two highest bits, the method."""
    if len(value) < 5:
        return
    (start,) = struct.unpack_from("<I", value, 0)
    size, method = start & LARGEST - 1, start >> 30
    if size < len(value) - 4 or method > 1:
        return
    try:
        yield (lz4 if method else pglz)(value[4:], size)
    except NotCompressed:
        return
