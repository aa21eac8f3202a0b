"""The accounts that a service knows, and whose token is whose."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from services.chassis.identity.caller import ROLES, Grant, Kind


@dataclass(frozen=True, slots=True)
class Account:
    """A person or a machine, and what it was granted."""

    account: str
    kind: Kind
    grants: tuple[Grant, ...]


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
        """As Accounts."""
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
    return Directory(dict(_machines(operator, counties or {}, integrators or {})))


def _machines(
    operator: str, counties: Mapping[str, str], integrators: Mapping[str, str]
) -> Iterator[tuple[str, Account]]:
    known = [
        *((token, county, Grant("source", county)) for county, token in counties.items()),
        *((token, name, Grant("integrator")) for name, token in integrators.items()),
    ]
    for token, name, grant in known:
        if token:
            yield sha256(token), Account(name, "machine", (grant,))
    if operator:
        every = tuple(Grant(role, signer=True) for role in ROLES if role not in ("source", "integrator"))
        yield sha256(operator), Account("operator", "machine", every)
