"""Line ends of other systems: a file whose lines end with a carriage return alone is read as if by line feeds."""

import io
from typing import BinaryIO

_BEGINNING = 1 << 16
END_OF_FILE = b"\x1a"
"""What MS-DOS writes behind the last line of a text."""
NOTHING = b" \t\r\n" + END_OF_FILE
"""Of which a line may consist that has nothing in it."""


def with_line_feeds(stream: BinaryIO) -> BinaryIO:
    """The stream, which must be able to seek; each CR is an LF where no line of its beginning ends with one.

    Both take one byte, so that places in the file stay what they are. The stream stands where it stood.
    """
    at = stream.tell()
    stream.seek(0)
    beginning = stream.read(_BEGINNING)
    stream.seek(at)
    return io.BufferedReader(_LineFeeds(stream)) if ends_with_cr(beginning) else stream


def line_feeds_in(text: bytes) -> bytes:
    """The same for a text in memory."""
    return text.replace(b"\r", b"\n") if ends_with_cr(text) else text


def ends_with_cr(beginning: bytes) -> bool:
    """Whether the lines of a text, by its beginning, end with a carriage return alone."""
    beginning = beginning[:_BEGINNING]
    text = beginning.rstrip(b"\r\n \x1a")
    return b"\r" in text and b"\n" not in text


class _LineFeeds(io.RawIOBase):
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, into: bytearray | memoryview) -> int:  # type: ignore[override]
        found = self._stream.read(len(into)).replace(b"\r", b"\n")
        into[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._stream.close()
        super().close()
