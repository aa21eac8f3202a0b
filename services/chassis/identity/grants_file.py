"""The file of grants: machines with the hashes of their tokens, persons, and who was revoked."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.chassis.identity.access_token import SignedIn
from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account
from services.chassis.identity.grant_text import NoGrant, grant_of
from services.chassis.identity.provider import account_of
from services.chassis.settings.yaml_model import read_model

MOST_TOKENS = 2
"""Of one machine: the one in use, and its successor while it is rotated."""


def _is_grant(text: str) -> str:
    try:
        grant_of(text)
    except NoGrant as error:
        raise PydanticCustomError("grant", "{why}", {"why": str(error)}) from None
    return text


def _is_hash(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise PydanticCustomError(
            "hash", "is the SHA-256 of a token, 64 hexadecimal digits, never the token itself"
        )
    return text


GrantText = Annotated[str, AfterValidator(_is_grant)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Token(_Part):
    """The hash of a token, and the last day (UTC) on which it opens anything."""

    sha256: Annotated[str, AfterValidator(_is_hash)]
    until: date


class Machine(_Part):
    """``what``: words for people, shown by ``reliefstream access list`` and nowhere else."""

    account: Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]{0,63}$")]
    what: str = ""
    grants: Annotated[tuple[GrantText, ...], Field(min_length=1)]
    tokens: Annotated[tuple[Token, ...], Field(max_length=MOST_TOKENS)] = ()


class Person(_Part):
    """Grants beside those that the provider's groups give."""

    issuer: str
    subject: str
    what: str = ""
    grants: Annotated[tuple[GrantText, ...], Field(min_length=1)]

    @property
    def account(self) -> str:
        """The person's opaque account."""
        return account_of(SignedIn(self.issuer, self.subject, (), frozenset()))


class GrantsFile(_Part):
    """``revoked``: accounts that open nothing, whatever a group or another line grants them."""

    machines: tuple[Machine, ...] = ()
    persons: tuple[Person, ...] = ()
    revoked: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> "GrantsFile":
        accounts = [one.account for one in self.machines] + [one.account for one in self.persons]
        hashes = [token.sha256 for machine in self.machines for token in machine.tokens]
        if len(set(accounts)) < len(accounts) or len(set(hashes)) < len(hashes):
            raise PydanticCustomError("twice", "an account or a token stands twice")
        return self

    def machine(self, sha256: str, now: datetime) -> Account | None:
        """The machine whose token has this hash and has not expired; None: there is none."""
        for machine in self.machines:
            if any(token.sha256 == sha256 and now.date() <= token.until for token in machine.tokens):
                return Account(machine.account, "machine", _grants(machine.grants))
        return None

    def granted(self, account: str) -> tuple[Grant, ...]:
        """What the file grants a person."""
        return tuple(grant for one in self.persons if one.account == account for grant in _grants(one.grants))


def read_grants(path: Path) -> GrantsFile:
    """The file's grants. Raises WrongFile, which quotes no value of it."""
    return read_model(path, GrantsFile)


def _grants(texts: tuple[str, ...]) -> tuple[Grant, ...]:
    return tuple(grant_of(text) for text in texts)
