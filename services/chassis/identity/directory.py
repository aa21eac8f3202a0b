"""The accounts that a service knows, and whose token is whose."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from services.chassis.identity.caller import Grant, Kind

OPERATOR = "operator"
"""The account of the token in the settings."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person or a machine, and what it was granted."""

    account: str
    kind: Kind
    grants: tuple[Grant, ...]
    withheld: tuple[tuple[Grant, frozenset[str]], ...] = ()
    """Of a person: what a stronger sign-in would grant besides, and the strengths that it takes."""


class Accounts(Protocol):
    """Who a token belongs to."""

    async def of_token(self, token: str) -> Account | None:
        """The account; None: nobody's. Raises BadToken with the reason where the token says one, Refusal."""
        ...


@dataclass(frozen=True, slots=True)
class Directory:
    """Machines by the SHA-256 of their tokens: a secret of 256 random bits needs no slower hash."""

    machines: Mapping[str, Account] = field(default_factory=dict)

    async def of_token(self, token: str) -> Account | None:
        """The machine whose token it is; None: nobody's."""
        return self.machines.get(sha256(token))


def sha256(token: str) -> str:
    """The hash under which a token is stored, in hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def shared_tokens(
    operator: str = "",
    counties: Mapping[str, str] | None = None,
    integrators: Mapping[str, str] | None = None,
) -> Directory:
    """The tokens of an installation's settings: the operator's, each county's, each integrator's, by name.

    An empty token is nobody's.
    """
    known = [
        *((token, county, (Grant("source", county),)) for county, token in (counties or {}).items()),
        *((token, name, (Grant("integrator"),)) for name, token in (integrators or {}).items()),
        (operator, OPERATOR, (Grant("operator"),)),
    ]
    return Directory(
        {sha256(token): Account(name, "machine", grants) for token, name, grants in known if token}
    )
