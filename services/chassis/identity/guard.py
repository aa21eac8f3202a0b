"""Who may call a route. Each route declares one guard; the guard asks the service's directory who calls."""

from abc import ABC, abstractmethod

from fastapi import Depends
from fastapi.openapi.models import HTTPBearer
from fastapi.params import Depends as Dependency
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from services.chassis.http.problems import Refusal
from services.chassis.identity.access_token import BadToken
from services.chassis.identity.caller import ANYONE, OF_INSTALLATION, SIGNED_BY, Caller, Grant, Role
from services.chassis.identity.directory import Account, Accounts
from services.chassis.identity.failed_attempts import Attempts

BREAK_GLASS = "X-Break-Glass"
"""The header in which an operator says why a case's content is looked at."""
LONGEST_REASON = 500


class Guard(ABC):
    """Admits a request or refuses it, before anything of its body is read."""

    internal: bool
    """Whether the public listener answers none of its routes: they are for who runs the installation."""

    @abstractmethod
    async def admit(self, request: Request) -> Caller:
        """Who calls. Raises Refusal."""

    async def __call__(self, request: Request) -> Caller:
        """The caller that was admitted, for an endpoint that asks."""
        caller: Caller = request.state.caller
        return caller


class Public(Guard):
    """Admits everyone; with ``internal`` everyone who reaches the internal listener."""

    def __init__(self, *, internal: bool = False) -> None:
        self.internal = internal

    async def admit(self, request: Request) -> Caller:  # noqa: ARG002
        return ANYONE


class Grants(Guard, SecurityBase):
    """Admits the bearer tokens (RFC 6750) of accounts that have one of these roles.

    A grant of a county or a city admits only where the path or the query names that county and city. ``per_case``: also
    where it names none, as the endpoint shows and changes only what ``Caller.reaches``. ``signer``: a prosecutor's
    grant must be a signer's. ``break_glass``: also an operator who says why (header X-Break-Glass). ``scope``: a grant
    that has a scope must have this in it.
    """

    def __init__(
        self,
        *roles: Role,
        signer: bool = False,
        per_case: bool = False,
        break_glass: bool = False,
        scope: str | None = None,
    ) -> None:
        self.roles, self.signer, self.per_case, self.break_glass = roles, signer, per_case, break_glass
        self.scope = scope
        self.internal = set(roles) <= OF_INSTALLATION
        self.scheme_name = "token"
        self.model = HTTPBearer(description="The access token of a person or of a machine.")

    async def admit(self, request: Request) -> Caller:
        token = bearer(request)
        if token is None:
            said = "Sign in (reliefstream login) or send a machine's token: Authorization: Bearer ..."
            raise Refusal(401, "missing_token", "No token", said)
        account = await _account(request, token)
        grants = [grant for grant in account.grants if self._admits(grant, request)]
        if grants:
            grants.sort(key=lambda grant: self.roles.index(grant.role))
            return Caller(account.account, account.kind, tuple(grants))
        self._strong_enough(account, request)
        return self._after_breaking_glass(request, Caller(account.account, account.kind, account.grants))

    def _strong_enough(self, account: Account, request: Request) -> None:
        """Raises Refusal where a stronger sign-in would admit the person."""
        asked = [strengths for grant, strengths in account.withheld if self._admits(grant, request)]
        if asked:
            words = " and ".join(sorted(asked[0]))
            said = f"You are granted this after a stronger sign-in: sign in again with {words}."
            raise Refusal(403, "weak_sign_in", "A stronger sign-in is asked for", said)

    def _admits(self, grant: Grant, request: Request) -> bool:
        if grant.role not in self.roles or (self.signer and not grant.signer and grant.role in SIGNED_BY):
            return False
        if self.scope and grant.scope and self.scope not in grant.scope:
            return False
        if grant.role in OF_INSTALLATION and (grant.county or grant.city):
            return False
        return all(
            each is None or _names(request, place, each, unnamed=self.per_case)
            for place, each in (("county", grant.county), ("city", grant.city))
        )

    def _after_breaking_glass(self, request: Request, caller: Caller) -> Caller:
        """The caller as operator, with the reason that it gave. Raises Refusal."""
        operator = tuple(grant for grant in caller.grants if grant.role == "operator")
        if not (self.break_glass and operator):
            raise Refusal(403, "not_granted", "Not granted", f"This takes a grant as {self._asked_for()}.")
        reason = request.headers.get(BREAK_GLASS, "").strip()
        if not reason:
            said = (
                "An operator sees a case's content only with a reason, which is audited: send it as "
                f"{BREAK_GLASS}; the command sends what RELIEFSTREAM_BREAK_GLASS says."
            )
            raise Refusal(403, "break_glass", "Say why", said)
        return Caller(caller.account, caller.kind, operator, reason[:LONGEST_REASON])

    def _asked_for(self) -> str:
        roles = " or ".join(role.replace("_", " ") for role in self.roles or ("operator",))
        return f"{roles}{', who signs,' if self.signer else ''} for the county and city that are asked about"


def allowed(guard: Guard) -> Dependency:
    """The declaration of a route: ``dependencies=[...]``, or ``Annotated[Caller, ...]`` where it asks who calls."""
    found: Dependency = Depends(guard)
    return found


PUBLIC = allowed(Public())
INTERNAL = allowed(Public(internal=True))
OPERATOR = allowed(Grants("operator"))


def bearer(request: Request) -> str | None:
    """The bearer token of a request; None when it has none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


async def _account(request: Request, token: str) -> Account:
    """Whose token it is. Raises Refusal, in the same words whatever is wrong with the token."""
    accounts: Accounts = request.app.state.accounts
    attempts: Attempts = request.app.state.attempts
    reason = "unknown"
    try:
        if account := await accounts.of_token(token):
            return account
    except BadToken as bad:
        reason = bad.reason
    wait = attempts.failed(request.client.host if request.client else "unknown", reason)
    if wait is not None:
        said = "Too many tokens from this address were not valid. Wait, then send the right one."
        raise Refusal(429, "too_many_attempts", "Too many attempts", said, {"Retry-After": f"{wait:.0f}"})
    said = "It is unknown here, has expired or was revoked. Sign in again, or ask for a new one."
    raise Refusal(401, "invalid_token", "The token is not valid", said)


def _names(request: Request, place: str, expected: str, *, unnamed: bool) -> bool:
    """Whether the request names this county or city and no other; ``unnamed``: the answer where it names none."""
    named = [request.path_params.get(place)]
    if place in request.scope["route"].query_names:  # else the endpoint would not look at it
        named += request.query_params.getlist(place)
    said = [one for one in named if one]
    return all(one == expected for one in said) if said else unnamed
