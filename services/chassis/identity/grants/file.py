"""The file of grants: machines with the hashes of their tokens, persons, and who was revoked."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account
from services.chassis.identity.grants.text import NoGrant, grant_of
from services.chassis.identity.provider import PERSON
from services.chassis.settings.yaml_model import read_model

ADMINISTRATOR = "administrator"
PERSONS = f"^{PERSON}[0-9a-f]{{32}}$"
"""A person's account."""
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
    """``what``: words for people, shown by ``reliefstream access list`` and nowhere else. No machine administers."""

    account: Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]{0,63}$")]
    what: str = ""
    grants: Annotated[tuple[GrantText, ...], Field(min_length=1)]
    tokens: Annotated[tuple[Token, ...], Field(max_length=MOST_TOKENS)] = ()

    @field_validator("grants")
    @classmethod
    def _no_administrator(cls, grants: tuple[GrantText, ...]) -> tuple[GrantText, ...]:
        if ADMINISTRATOR in grants:
            raise PydanticCustomError("machine_administers", "an administrator is a person, not a machine")
        return grants

    @property
    def in_force(self) -> tuple[GrantText, ...]:
        """All of its grants."""
        return self.grants


class Person(_Part):
    """Grants beside those that the provider's groups give. ``account``: as ``reliefstream whoami`` shows it.

    ``entered_by`` and ``confirmed_by``: the accounts of the two persons whom the grant of an administrator takes.
    """

    account: Annotated[str, Field(pattern=PERSONS)]
    what: str = ""
    grants: Annotated[tuple[GrantText, ...], Field(min_length=1)]
    entered_by: str = ""
    confirmed_by: str = ""

    @property
    def waits(self) -> bool:
        """Whether it is the grant of an administrator that no second person has confirmed."""
        return ADMINISTRATOR in self.grants and not self.confirmed_by

    @property
    def in_force(self) -> tuple[GrantText, ...]:
        """The grants without one that waits."""
        return tuple(one for one in self.grants if one != ADMINISTRATOR or not self.waits)

    @model_validator(mode="after")
    def _by_two(self) -> "Person":
        if self.confirmed_by and len({self.account, self.entered_by, self.confirmed_by} - {""}) < 3:
            raise PydanticCustomError(
                "one_person",
                "is entered by one person and confirmed by another, neither of them the account itself",
            )
        return self


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

    def machine(self, sha256: str, today: date) -> Account | None:
        """The machine whose token has this hash and has not expired; None: there is none."""
        for machine in self.machines:
            if any(token.sha256 == sha256 and today <= token.until for token in machine.tokens):
                return Account(machine.account, "machine", _grants(machine.grants))
        return None

    def granted(self, account: str) -> tuple[Grant, ...]:
        """What the file grants an account, a machine's or a person's."""
        every: tuple[Machine | Person, ...] = (*self.machines, *self.persons)
        return tuple(grant for one in every if one.account == account for grant in _grants(one.in_force))

    @property
    def administrators(self) -> frozenset[str]:
        """The accounts that administer, as two persons said of each."""
        found = {one.account for one in self.persons if ADMINISTRATOR in one.in_force}
        return frozenset(found - set(self.revoked))


def read_grants(path: Path) -> GrantsFile:
    """The file's grants. Raises WrongFile, which quotes no value of it."""
    return read_model(path, GrantsFile)


def _grants(texts: tuple[str, ...]) -> tuple[Grant, ...]:
    return tuple(grant_of(text) for text in texts)
