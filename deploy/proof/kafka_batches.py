"""Batches in Kafka's files whose producer compressed them (https://kafka.apache.org/documentation/#recordbatch)."""

import struct
import zlib
from collections.abc import Iterator

HEADER = 61
MAGIC = 2
GZIP = 1
CODECS = {2: "snappy", 3: "lz4", 4: "zstd"}


class CannotLookInto(ValueError):
    """A batch is compressed in a way that is not read here."""


def decompressed(data: bytes) -> Iterator[bytes]:
    """The records of each compressed batch of a segment. Raises CannotLookInto."""
    at = 0
    while at + HEADER <= len(data):
        length, magic, codec = struct.unpack_from(">i", data, at + 8)[0], data[at + 16], data[at + 22] & 7
        if magic != MAGIC or length <= 0:
            return  # the space that Kafka has laid out ahead
        if codec == GZIP:
            yield zlib.decompress(data[at + HEADER : at + 12 + length], 31)
        elif codec:
            raise CannotLookInto(
                f"a batch is compressed by {CODECS.get(codec, codec)}, which is not read here"
            )
        at += 12 + length
