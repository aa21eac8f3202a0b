"""Signing in and out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.chassis.runtime.clock import Clock
from services.chassis.runtime.telemetry import log
from services.console.called.call_faults import Down, Refused, SessionEnded
from services.console.called.services import Services
from services.console.session.cookies import Cookies
from services.console.session.sealing import Seal
from services.console.session.session import Session, Sessions
from services.console.sign_in.relying_party import Asked, RelyingParty, SignInRefused
from services.console.web.failures import Failure
from services.console.web.page_request import Entry
from services.console.web.visit import Visit

COOKIE: Final = "reliefstream-sign-in"
LASTS_S: Final = 600
"""Seconds that a person may take at the provider."""


class Begun(BaseModel):
    """A sign-in that is under way. ``page``: where it leads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: str
    nonce: str
    verifier: str
    page: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """The endpoints of signing in and out."""

    entry: Entry
    provider: RelyingParty
    services: Services
    sessions: Sessions
    seal: Seal
    cookies: Cookies
    clock: Clock
    token: Callable[[], str]
    """A new unguessable text."""

    async def begin(self, request: Request) -> Response:
        """Leads to the provider."""
        asked = Asked(self.token(), self.token(), self.token())
        try:
            place = await self.provider.begin(asked)
        except (Down, SignInRefused) as error:
            return self._failed(request, error)
        found = RedirectResponse(place, 303)
        begun = Begun(
            state=asked.state,
            nonce=asked.nonce,
            verifier=asked.verifier,
            page=_own_page(request.query_params.get("next", "/")),
        )
        self.cookies.write(found, COOKIE, self.seal.seal(begun.model_dump_json().encode(), COOKIE), LASTS_S)
        return found

    async def finish(self, request: Request) -> Response:
        """Where the provider sends the person back to."""
        begun = self._begun(request)
        now = self.clock.now()
        if begun is None:
            return self._failed(request, SignInRefused("not_begun_here"))
        try:
            asked = Asked(begun.state, begun.nonce, begun.verifier)
            tokens = await self.provider.finish(asked, dict(request.query_params), int(now.timestamp()))
            caller = await self.services.as_person(tokens.access_token).get("relief", "/v1/caller")
        except (Down, SignInRefused, SessionEnded, Refused) as error:
            return self._failed(request, error)
        session = Session(
            account=caller["account"],
            name=tokens.name[:200],
            grants=tuple(caller["grants"]),
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            access_until=_seconds(now) + tokens.lives_s,
            began=_seconds(now),
            seen=_seconds(now),
            csrf=self.token(),
        )
        found = RedirectResponse(begun.page, 303)
        if not self.sessions.write(found, session):
            return self._failed(request, SignInRefused("tokens_too_long"))
        self.cookies.clear(found, COOKIE)
        return found

    async def end(self, visit: Visit) -> Response:
        """Ends the session here and at the provider."""
        place = await self.provider.end(visit.session.refresh_token)
        return RedirectResponse(place or "/signed-out", 303)

    async def ended(self, _: Request) -> Response:
        """The page after signing out."""
        found = self.entry.templates.page("signed_out.html", 200, {"session": None, "visit": None})
        self.sessions.end(found)
        return found

    def _begun(self, request: Request) -> Begun | None:
        opened = self.seal.open(self.cookies.read(request.cookies, COOKIE), COOKIE)
        try:
            return Begun.model_validate_json(opened) if opened else None
        except ValidationError:
            return None

    def _failed(self, request: Request, error: Exception) -> Response:
        if isinstance(error, Down):
            said = f"{error.who} does not answer at present. Try again in a minute."
            return self.entry.failed(request, Failure(503, "Signing in does not work at present", said))
        log().warning("a sign-in was refused", reason=getattr(error, "reason", "no_grant"))
        if isinstance(error, Refused):
            said = (
                "You are known to the sign-in provider, but nothing is granted to you here. Ask whoever gives out "
                "access, then sign in again."
            )
            return self.entry.failed(request, Failure(403, "You have no access yet", said))
        said = "You were not signed in. Begin again from the first page; close this one."
        return self.entry.failed(request, Failure(400, "Signing in was not finished", said))


def _own_page(path: str) -> str:
    """A path of this console; of anything else the first page."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path else "/"


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
