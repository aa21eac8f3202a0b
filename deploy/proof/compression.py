"""The two ways in which Postgres compresses a large value."""


class NotCompressed(ValueError):
    """These bytes are no value of that kind."""


def pglz(data: bytes, size: int) -> bytes:
    """The value of `size` bytes that Postgres' own algorithm compressed (src/common/pg_lzcompress.c).

    Raises NotCompressed.
    """
    out = bytearray()
    at, end = 0, len(data)
    while at < end and len(out) < size:
        control = data[at]
        at += 1
        for _ in range(8):
            if at >= end or len(out) >= size:
                break
            if control & 1:
                if at + 1 >= end:
                    raise NotCompressed
                length, back = (data[at] & 0x0F) + 3, (data[at] & 0xF0) << 4 | data[at + 1]
                at += 2
                if length == 18:
                    if at >= end:
                        raise NotCompressed
                    length += data[at]
                    at += 1
                _repeat(out, back, min(length, size - len(out)))
            else:
                out.append(data[at])
                at += 1
            control >>= 1
    if at != end or len(out) != size:
        raise NotCompressed
    return bytes(out)


def lz4(data: bytes, size: int) -> bytes:
    """The value of `size` bytes that LZ4 compressed as one block (lz4_Block_format.md). Raises NotCompressed."""
    out = bytearray()
    at = 0
    try:
        while True:
            token = data[at]
            literals, at = _length(data, at + 1, token >> 4)
            if at + literals > len(data):
                raise NotCompressed
            out += data[at : at + literals]
            at += literals
            if at == len(data):
                break
            back = data[at] | data[at + 1] << 8
            length, at = _length(data, at + 2, token & 15)
            _repeat(out, back, length + 4)
            if len(out) > size:
                raise NotCompressed
    except IndexError:
        raise NotCompressed from None
    if len(out) != size:
        raise NotCompressed
    return bytes(out)


def _length(data: bytes, at: int, length: int) -> tuple[int, int]:
    """A length that goes on in further bytes where it is 15, and the place after it."""
    if length == 15:
        while True:
            length += data[at]
            at += 1
            if data[at - 1] != 255:
                break
    return length, at


def _repeat(out: bytearray, back: int, length: int) -> None:
    """Appends what stands so far back; it may run into what it appends."""
    if not 0 < back <= len(out):
        raise NotCompressed
    if back >= length:
        start = len(out) - back
        out += out[start : start + length]
    else:
        unit = bytes(out[-back:])
        out += (unit * (length // back + 1))[:length]
