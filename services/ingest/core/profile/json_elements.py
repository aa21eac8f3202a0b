"""The objects of a JSON array of any length, cut out as they stand; what is broken is cut out too."""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

LIMIT = 1_000_000
"""Bytes of the longest object that is kept whole."""
CUT = 4_096
CHUNK = 256 * 1024

_MARK = re.compile(rb'\\.|["\[\]{}:,\n]', re.DOTALL)
_OPENS = {b"]": b"[", b"}": b"{"}


class Element(NamedTuple):
    """One element as it stands. ``number`` counts from 1."""

    number: int
    raw: bytes
    """Only the first CUT bytes of one that is too long."""
    too_long: bool = False


class NoArray(ValueError):
    """There is no array at the path; the text says what is there."""


def elements(stream: BinaryIO, path: tuple[str, ...]) -> Iterator[Element]:
    """The elements of the array at that path of keys from the top. Raises NoArray.

    A text that does not end before its line does is broken, and is taken to end there. An object that lacks its
    end ends where the next one begins its line as far left as the first of all did. So neighbours are not lost.
    """
    scan = _Scan(path)
    carried = b""
    while chunk := stream.read(CHUNK):
        data = carried + chunk
        # A backslash that has its second half in the next chunk waits for it.
        cut = len(data) - (len(data) - len(data.rstrip(b"\\"))) % 2
        carried = data[cut:]
        yield from scan.feed(data[:cut])
        if scan.ended:
            return
    yield from scan.rest(carried)


class _Scan:
    """Where a reading of the stream is."""

    def __init__(self, path: tuple[str, ...]) -> None:
        self.ended = False
        self._path = path
        self._within: list[bytes] = []  # the marks that are open
        self._keys: list[str | None] = []  # of each open object: the key read last
        self._text: bytearray | None = None  # a text above the array, while it is read
        self._in_text = False
        self._last = ""
        self._array = 0  # how many marks were open within the array; 0: not there yet
        self._kept = bytearray()
        self._size = 0
        self._number = 0
        self._broken = False
        self._closed = False  # the array has ended, or an element is broken
        self._line = b""  # what stands before this chunk on its first line
        self._margin: bytes | None = None  # what stands before the first element on its line
        self._margin_tells = True

    def feed(self, data: bytes) -> Iterator[Element]:
        """The elements that end in these bytes, which follow those fed before."""
        at = 0
        for match in _MARK.finditer(data):
            mark, start = match[0], match.start()
            if self._in_text:
                if mark in {b'"', b"\n"}:
                    self._broken = self._broken or (mark == b"\n" and self._array > 0)
                    self._end_text(data[at:start])
                    at = at if self._array else match.end()
            elif mark == b'"':
                self._in_text = True
                if not self._array:
                    self._text, at = bytearray(), match.end()
            elif not self._array:
                self._look_for_array(mark)
                at = match.end() if self._array else at
            elif len(self._within) == self._array and mark in (b",", b"]"):
                self._keep(data[at:start])
                at = match.end()
                yield from self._cut()
                if mark == b"]":
                    self._closed = True
                    # The mark may be one that a broken element left over.
                    self.ended = not self._broken
                    if self.ended:
                        return
            else:
                if mark == b"{" and self._begins(data, start):
                    self._keep(data[at:start])
                    at = start
                    yield from self._cut()
                self._open_or_close(mark)
        if self._array:
            self._keep(data[at:])
        elif self._in_text and self._text is not None:
            self._text += data[at:][:200]
        _, newline, tail = data.rpartition(b"\n")
        self._line = (tail if newline else self._line + tail)[-200:]

    def _begins(self, data: bytes, start: int) -> bool:
        """Whether this object is the next element, although the one before has no end yet."""
        newline = data.rfind(b"\n", 0, start)
        before = data[newline + 1 : start] if newline >= 0 else self._line + data[:start]
        if self._margin is None:
            self._margin = before
            self._margin_tells = not before.strip()
            return False
        if len(self._within) == self._array or before != self._margin:
            return False
        if self._number == 0:
            self._margin_tells = False  # the first one has such lines within itself
        if self._margin_tells:
            self._broken = True
            del self._within[self._array :]
        return self._margin_tells

    def rest(self, data: bytes) -> Iterator[Element]:
        """What is left when the stream ends."""
        if not self._array:
            where = ".".join(self._path)
            raise NoArray(f"no array at {where}" if where else "no array at the top")
        self._keep(data)
        yield from self._cut()

    def _end_text(self, data: bytes) -> None:
        self._in_text = False
        if not self._array and self._text is not None:
            self._last = bytes(self._text + data[:200]).decode("utf-8", errors="replace")
            self._text = None

    def _look_for_array(self, mark: bytes) -> None:
        if mark == b":" and self._keys:
            self._keys[-1] = self._last
        elif mark == b"{":
            self._within.append(mark)
            self._keys.append(None)
        elif mark == b"[":
            self._within.append(mark)
            # Only objects are open above it, and their keys are the path.
            if tuple(self._keys) == self._path and len(self._within) == len(self._path) + 1:
                self._array = len(self._within)
            else:
                self._keys.append(None)
        elif mark in (b"]", b"}") and self._within:
            self._within.pop()
            if self._keys:
                self._keys.pop()

    def _open_or_close(self, mark: bytes) -> None:
        if mark in (b"[", b"{"):
            self._within.append(mark)
        elif mark in _OPENS:
            inner = self._within[self._array :]
            while inner and _OPENS[mark] in inner:
                self._within.pop()
                if inner.pop() == _OPENS[mark]:
                    break

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if len(self._kept) <= LIMIT:
            self._kept += data

    def _cut(self) -> Iterator[Element]:
        raw, too_long = bytes(self._kept).strip(), self._size > LIMIT
        self._kept, self._size = bytearray(), 0
        if raw and (not self._closed or raw.startswith(b"{")):
            self._number += 1
            yield Element(self._number, raw[:CUT] if too_long else raw, too_long)
