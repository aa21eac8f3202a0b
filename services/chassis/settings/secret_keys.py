"""Secret keys as a setting has them: in one text, the newest first."""

from typing import Annotated

from pydantic import AfterValidator, SecretStr

from services.chassis.runtime.cipher import keys_in


def _checked(keys: SecretStr) -> SecretStr:
    keys_in(keys.get_secret_value())
    return keys


SecretKeys = Annotated[SecretStr, AfterValidator(_checked)]
"""At least one key that is long enough (``keys_in``)."""
