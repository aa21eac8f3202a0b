"""HMAC-SHA-256 of what may not be kept as it is, and must be recognised when it comes again."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class KeyedHash:
    """Hashes with the newest key, recognises by each. Whoever has no key learns nothing from a hash."""

    keys: Sequence[bytes]
    """The newest first, at least one; a key stays as long as hashes of it do."""

    def of(self, *parts: str) -> str:
        """The hash by the newest key: ``KEY_ID.HASH``."""
        return _hash(self.keys[0], parts)

    @property
    def key_ids(self) -> list[str]:
        """What the hashes by each key begin with, before the dot; the newest key's first. It discloses no key."""
        return list(map(_id_of, self.keys))

    def by_each_key(self, *parts: str) -> list[str]:
        """The hash by each key, the newest first."""
        return [_hash(key, parts) for key in self.keys]


def _hash(key: bytes, parts: Sequence[str]) -> str:
    # A length before each part: no two lists of parts run together to the same text.
    text = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return f"{_id_of(key)}.{hmac.new(key, text, hashlib.sha256).hexdigest()}"


def _id_of(key: bytes) -> str:
    return hashlib.sha256(b"reliefstream keyed hash id\0" + key).hexdigest()[:8]
