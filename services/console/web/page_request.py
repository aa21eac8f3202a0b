"""The way of every request to a page: who is signed in, whether the form is ours, and what an error looks like."""

import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.chassis.runtime.clock import Clock
from services.chassis.runtime.telemetry import log
from services.console.called.call_faults import Down, Refused, SessionEnded
from services.console.called.services import Services
from services.console.session.kept_form import KEPT, KeptForm, KeptForms
from services.console.session.session import Session, Sessions
from services.console.sign_in.relying_party import RelyingParty, SignInRefused
from services.console.web import failures
from services.console.web import form as forms
from services.console.web.failures import Failure
from services.console.web.form import Form
from services.console.web.not_done import NotDone
from services.console.web.templates import Templates
from services.console.web.visit import Visit, page_path

COUNTY: Final = re.compile("[a-z]+(-[a-z]+)*")
"""A county as addresses name it; anything else would be another path at a service."""
Endpoint = Callable[[Visit], Awaitable[Response]]


class Page(NamedTuple):
    """A route. A form is sent to its page's own path and one part more: /…/reviews/7 to /…/reviews/7/decide.

    ``shows``: of a form, its page, which says why nothing was done and has what was typed.
    """

    method: str
    path: str
    endpoint: Endpoint
    shows: Endpoint | None = None

    async def answer(self, visit: Visit) -> Response:
        """The endpoint's answer, or the page of its form. Raises Down, Refused, SessionEnded."""
        try:
            return await self.endpoint(visit)
        except NotDone as why:
            if self.shows is None or not why.told:
                raise
            visit.problem, visit.status = why.told, why.status
            return await self.shows(visit)


@dataclass(frozen=True, slots=True)
class Entry:
    """What every page needs."""

    url: str
    sessions: Sessions
    kept: KeptForms
    provider: RelyingParty
    services: Services
    templates: Templates
    clock: Clock
    new_key: Callable[[], str]

    def guarded(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint, for a person who is signed in."""

        async def answer(request: Request) -> Response:
            now = self.clock.now()
            try:
                sent, token = await forms.read(request) if page.method == "POST" else (Form(), "")
            except forms.Unreadable:
                return self.failed(request, failures.TOO_LARGE)
            session = self.sessions.read(request.cookies)
            if session is None or self.sessions.has_ended(session, now):
                return self._ended(request, session, sent, now)
            if not COUNTY.fullmatch(request.path_params.get("county", "any")):
                return self.failed(request, failures.NO_PAGE, session)
            if page.method == "POST" and not self._is_ours(request, session, token):
                return self.failed(request, failures.FORGED, session)
            try:
                session = await self._renewed(session, now)
                visit = self._visit(request, session, sent, now)
                found = await page.answer(visit)
                session = session.model_copy(update={"seen": int(now.timestamp()), "notice": visit.notice})
            except SessionEnded:
                return self._ended(request, session, sent, now)
            except Down as fault:
                log().warning("a service did not answer", who=fault.who)
                found = self._down(request, session, fault, sent, now)
            except Refused as fault:
                found = self.failed(request, failures.refused(fault), session)
            self.sessions.write(found, session)
            if page.method == "POST" and found.status_code < 400:
                self.kept.forget(found)
            return found

        return answer

    def failed(self, request: Request, failure: Failure, session: Session | None = None) -> Response:
        """The page that says so."""
        again = _page_of(request) if failure.again else ""
        page = {"failure": failure, "again": again, "session": session, "visit": None}
        return self.templates.page("error.html", failure.status, page)

    def _visit(self, request: Request, session: Session, sent: Form, now: datetime) -> Visit:
        own = request.url.path
        kept = None if sent.fields else self.kept.read(request.cookies, session.account, own, now)
        form = Form(kept.fields) if kept else sent
        form_name = kept.form if kept else own.rpartition("/")[2] if request.method == "POST" else ""
        seen = session.model_copy(update={"seen": int(now.timestamp())})
        return Visit(
            request,
            session,
            self.services.as_person(session.access_token),
            self.templates,
            now,
            self.clock.today(),
            self.sessions.ends_at(seen, now),
            form,
            form_name,
            (form.get("once") if kept else "") or self.new_key(),
            kept=kept is not None,
        )

    def _is_ours(self, request: Request, session: Session, token: str) -> bool:
        if not self._is_own(request):
            return False
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        return hmac.compare_digest(token.encode(), session.csrf.encode())

    def _is_own(self, request: Request) -> bool:
        return request.headers.get("origin", self.url) == self.url

    async def _renewed(self, session: Session, now: datetime) -> Session:
        """The session with an access token that lives. Raises SessionEnded, Down."""
        if not session.access_ends(now):
            return session
        if not session.refresh_token:
            raise SessionEnded
        try:
            tokens = await self.provider.renew(session.refresh_token)
        except SignInRefused:
            raise SessionEnded from None
        until = int(now.timestamp()) + tokens.lives_s
        found = {
            "access_token": tokens.access_token,
            "refresh_token": tokens.refresh_token,
            "access_until": until,
        }
        return session.model_copy(update=found)

    def _ended(self, request: Request, session: Session | None, sent: Form, now: datetime) -> Response:
        """Leads to the sign-in; a form that was sent is kept for whoever typed it, and is sent once more by hand."""
        back = f"/sign-in?next={quote(_page_of(request))}"
        if not sent.fields:
            found: Response = RedirectResponse(back, 303)
        else:
            held = session is not None and self._is_own(request) and self._held(request, session, sent, now)
            page = {"back": back, "session": None, "visit": None, "kept": bool(held)}
            found = self.templates.page("ended.html", 401, page)
            found.raw_headers += held or []
        self.sessions.end(found)
        return found

    def _down(self, request: Request, session: Session, fault: Down, sent: Form, now: datetime) -> Response:
        held = self._held(request, session, sent, now) if sent.fields else []
        failure = failures.down(fault, sent=request.method == "POST", kept=bool(held))
        found = self.failed(request, failure, session)
        found.raw_headers += held
        return found

    def _held(
        self, request: Request, session: Session, sent: Form, now: datetime
    ) -> list[tuple[bytes, bytes]]:
        """The headers that keep the form; empty: it is too long to be kept."""
        probe = Response()
        typed = KeptForm(
            account=session.account,
            page=page_path(request),
            form=request.url.path.rpartition("/")[2],
            fields=sent.fields,
            until=int((now + KEPT).timestamp()),
        )
        kept = self.kept.keep(probe, typed)
        return [pair for pair in probe.raw_headers if pair[0] == b"set-cookie"] if kept else []


def _page_of(request: Request) -> str:
    """The page that was asked for, with its filters, or that the form is of."""
    asked = f"?{request.url.query}" if request.method == "GET" and request.url.query else ""
    return page_path(request) + asked
