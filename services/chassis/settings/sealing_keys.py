"""The keys of what stays of a sealed conviction, as a setting has them."""

from typing import Annotated

from pydantic import AfterValidator, SecretStr

from services.chassis.runtime.cipher import keys_in
from services.chassis.runtime.keyed_hash import KeyedHash


def _checked(keys: SecretStr) -> SecretStr:
    keys_in(keys.get_secret_value())
    return keys


SealingKeys = Annotated[SecretStr, AfterValidator(_checked)]


def keyed_hash(keys: SecretStr) -> KeyedHash:
    """Hashes by these keys."""
    return KeyedHash([key.encode() for key in keys_in(keys.get_secret_value())])
