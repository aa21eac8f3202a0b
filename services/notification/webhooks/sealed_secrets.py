"""Signing secrets as the database keeps them: AES-256-GCM under an installation's key, bound to their subscription."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from uuid import UUID

from services.chassis.runtime.cipher import CannotOpen, Cipher


class SealedSecrets:
    """Seals with the newest key, and opens what any of the keys sealed. A key's id is a hash of it."""

    def __init__(self, keys: Sequence[str], random_bytes: Callable[[int], bytes]) -> None:
        """``keys``: the newest first, at least one (``keys_in``)."""
        self._keys = {_id(key): Cipher(_hash("key", key), random_bytes) for key in keys}
        self.newest = _id(keys[0])
        """The id of the newest key, with which what it sealed begins."""

    def seal(self, secret: str, subscription_id: UUID) -> str:
        """``KEY_ID.NONCE_AND_TEXT``, the latter in base64."""
        sealed = self._keys[self.newest].seal(secret.encode(), subscription_id.bytes)
        return f"{self.newest}.{urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, subscription_id: UUID) -> str:
        """The secret. Raises CannotOpen."""
        key_id, _, text = sealed.partition(".")
        key = self._keys.get(key_id)
        if key is None:
            raise CannotOpen
        try:
            return key.open(urlsafe_b64decode(text), subscription_id.bytes).decode()
        except ValueError:
            raise CannotOpen from None


def _id(key: str) -> str:
    return _hash("id", key).hex()[:8]


def _hash(use: str, key: str) -> bytes:
    # A key is random text of full strength, not a password: one hash makes its 32 bytes.
    return hashlib.sha256(f"reliefstream webhook {use}\0{key}".encode()).digest()
