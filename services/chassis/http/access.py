"""Who may call a route. Each route declares one guard; the guard asks the service's tokens who calls."""

import hmac
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from fastapi import Depends
from fastapi.openapi.models import HTTPBearer
from fastapi.params import Depends as Dependency
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from services.chassis.http.problems import Refusal

Role = Literal["operator", "county", "integrator"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: ``name`` is the county's or the integrator's, else the role's. A public route has no role."""

    role: Role | None
    name: str


NOBODY_KNOWN = Caller(None, "anyone")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The bearer tokens that a service knows; an empty one opens nothing."""

    operator: str = field(default="", repr=False)
    counties: Mapping[str, str] = field(default_factory=dict, repr=False)
    integrators: Mapping[str, str] = field(default_factory=dict, repr=False)

    def callers(self, token: str) -> list[Caller]:
        """Whose token this is. Takes as long for a near miss as for any."""
        known = [
            *((Caller("county", name), secret) for name, secret in self.counties.items()),
            *((Caller("integrator", name), secret) for name, secret in self.integrators.items()),
            (Caller("operator", "operator"), self.operator),
        ]
        return [caller for caller, secret in known if same(token, secret)]


class Guard(ABC):
    """Admits a request or refuses it, before anything of its body is read."""

    @abstractmethod
    def admit(self, request: Request) -> Caller:
        """Returns the caller that is admitted. Raises Refusal."""

    async def __call__(self, request: Request) -> Caller:
        """The caller that was admitted, for an endpoint that asks."""
        caller: Caller = request.state.caller
        return caller


class Public(Guard):
    """Admits everyone."""

    def admit(self, request: Request) -> Caller:  # noqa: ARG002
        return NOBODY_KNOWN


class Bearers(Guard, SecurityBase):
    """Admits the bearer tokens (RFC 6750) of some roles; a county only where the path names no other county."""

    def __init__(self, *roles: Role) -> None:
        self._roles = roles
        self.scheme_name = "token"
        self.model = HTTPBearer(description="The token of the operator, of a county or of an integrator.")

    def admit(self, request: Request) -> Caller:
        token = bearer(request)
        if token is None:
            whose = " or ".join(f"the {role}'s" for role in self._roles)
            raise Refusal(401, "missing_token", "No token", f"Send {whose} token: Authorization: Bearer ...")
        tokens: Tokens = request.app.state.tokens
        of_path = request.path_params.get("county")
        for caller in tokens.callers(token):
            if caller.role in self._roles and (caller.role != "county" or of_path in (None, caller.name)):
                return caller
        raise Refusal(403, "wrong_token", "Wrong token", "This token does not open this endpoint.")


def allowed(guard: Guard) -> Dependency:
    """The declaration of a route: ``dependencies=[...]``, or ``Annotated[Caller, ...]`` where it asks who calls."""
    found: Dependency = Depends(guard)
    return found


PUBLIC = allowed(Public())
OPERATOR = allowed(Bearers("operator"))
OWN_COUNTY = allowed(Bearers("county"))
OPERATOR_OR_COUNTY = allowed(Bearers("operator", "county"))
OPERATOR_OR_INTEGRATOR = allowed(Bearers("operator", "integrator"))


def bearer(request: Request) -> str | None:
    """The bearer token of a request; None when it has none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def same(given: str, expected: str) -> bool:
    """Compares secrets in constant time; an empty secret equals nothing."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())
