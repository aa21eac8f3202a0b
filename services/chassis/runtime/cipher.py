"""AES-256-GCM for what is kept where somebody else could read or change it."""

from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LEAST_KEY_CHARACTERS = 32
_NONCE_BYTES = 12


class CannotOpen(Exception):
    """What no key opens: it was sealed with another one or for another use, was changed, or was never sealed."""


def keys_in(text: str) -> list[str]:
    """Keys as a setting has them: the newest first, with commas or blanks between them. Raises ValueError."""
    found = text.replace(",", " ").split()
    if not found or any(len(key) < LEAST_KEY_CHARACTERS for key in found):
        raise ValueError(f"at least one key of at least {LEAST_KEY_CHARACTERS} characters, the newest first")
    return found


class Cipher:
    """One key of 32 bytes. What it seals begins with its nonce."""

    def __init__(self, key: bytes, random_bytes: Callable[[int], bytes]) -> None:
        self._key, self._random_bytes = AESGCM(key), random_bytes

    def seal(self, content: bytes, bound_to: bytes) -> bytes:
        """The content, which opens with the same ``bound_to`` alone."""
        nonce = self._random_bytes(_NONCE_BYTES)
        return nonce + self._key.encrypt(nonce, content, bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> bytes:
        """The content. Raises CannotOpen."""
        try:
            return self._key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
        except (InvalidTag, ValueError):
            raise CannotOpen from None
