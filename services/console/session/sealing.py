"""What the browser keeps for the console and cannot read or change: sealed with AES-256-GCM."""

import hashlib
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence

from services.chassis.runtime.cipher import CannotOpen, Cipher

LARGEST = 64 * 1024
"""Bytes of a content; a longer one is none of ours."""


class Seal:
    """Seals with the newest key, opens with each. ``purpose`` keeps one kind of content from passing for another."""

    def __init__(self, keys: Sequence[str], random_bytes: Callable[[int], bytes]) -> None:
        """``keys``: the newest first, at least one (``keys_in``)."""
        self._keys = [Cipher(hashlib.sha256(one.encode()).digest(), random_bytes) for one in keys]

    def seal(self, content: bytes, purpose: str) -> str:
        """Text that a cookie takes."""
        sealed = self._keys[0].seal(zlib.compress(content, 9), purpose.encode())
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, text: str, purpose: str) -> bytes | None:
        """The content; None: it was not sealed here for this purpose."""
        try:
            raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            return None
        for key in self._keys:
            try:
                opened = key.open(raw, purpose.encode())
            except CannotOpen:
                continue
            inflate = zlib.decompressobj()
            content = inflate.decompress(opened, LARGEST)
            return None if inflate.unconsumed_tail else content
        return None
