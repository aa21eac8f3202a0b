"""The hashes of an audit log, for whoever verifies it. Pure.

chain_audit (chassis/migrations/20261122000011_audit.sql) computes the same.
"""

import hashlib
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A linked row."""

    sequence: int
    at: datetime
    who: str
    role: str
    act: str
    object: str
    outcome: str
    why_hash: str | None
    """Hexadecimal; None: no reason was given."""
    chained_at: datetime
    hash: str
    """Hexadecimal."""


def link(previous: str, entry: Entry) -> str:
    """The hash that follows on ``previous`` (empty: the first), from what the row says now; hexadecimal."""
    hashed = hashlib.sha256(bytes.fromhex(previous))
    for field in (
        str(entry.sequence),
        microseconds(entry.at),
        entry.who,
        entry.role,
        entry.act,
        entry.object,
        entry.outcome,
        entry.why_hash,
        microseconds(entry.chained_at),
    ):
        hashed.update(framed(field))
    return hashed.hexdigest()


def why_hash(salt: str, text: str) -> str:
    """The salted hash of a reason; ``salt`` and the answer are hexadecimal."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def framed(field: str | None) -> bytes:
    """Its length in bytes (4 bytes, big-endian; -1: None) and its UTF-8."""
    if field is None:
        return struct.pack(">i", -1)
    return struct.pack(">i", len(field.encode())) + field.encode()


def microseconds(moment: datetime) -> str:
    """Since 1970 in UTC."""
    return str((moment - _EPOCH) // timedelta(microseconds=1))
