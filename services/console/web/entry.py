"""The way of every request to a page: who is signed in, whether the form is ours, and what an error looks like."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.chassis.runtime.clock import Clock
from services.chassis.runtime.telemetry import log
from services.console.called.faults import Down, Refused, SessionEnded
from services.console.called.services import Services
from services.console.session.kept_form import KeptForms
from services.console.session.session import Session, Sessions
from services.console.sign_in.relying_party import RelyingParty, SignInRefused
from services.console.web import form as forms
from services.console.web.form import Form
from services.console.web.templates import Templates
from services.console.web.visit import Visit

Endpoint = Callable[[Visit], Awaitable[Response]]


class Page(NamedTuple):
    """A route. A form is sent to its page's own path and one part more: /…/reviews/7 to /…/reviews/7/decide."""

    method: str
    path: str
    endpoint: Endpoint


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
            except forms.TooLarge:
                return self.error(
                    request, 413, "This form is too large", "Nothing was changed. Send less at a time."
                )
            session = self.sessions.read(request.cookies)
            if session is None or self.sessions.has_ended(session, now):
                return self._ended(request, session, sent, now)
            if page.method == "POST" and not self._is_ours(request, session, token):
                return self.error(
                    request, 403, "This form was not sent from its own page",
                    "Nothing was changed. Open the page again and send the form from there.", session=session,
                )  # fmt: skip
            try:
                session = await self._renewed(session, now)
                visit = self._visit(request, session, sent, now)
                found = await page.endpoint(visit)
            except SessionEnded:
                return self._ended(request, session, sent, now)
            except Down as down:
                return self._down(request, session, down)
            except Refused as refused:
                return self._refused(request, session, refused)
            self.sessions.write(
                found, session.model_copy(update={"seen": int(now.timestamp()), "notice": visit.notice})
            )
            if page.method == "POST" and found.status_code < 400:
                self.kept.forget(found)
            return found

        return answer

    def error(
        self,
        request: Request,
        status: int,
        title: str,
        said: str,
        *,
        session: Session | None = None,
        again: bool = False,
    ) -> Response:
        """A page that says what is wrong and what to do. ``again``: the same page may work in a minute."""
        page = {
            "title": title,
            "said": said,
            "again": request.url.path if again else "",
            "session": session,
            "visit": None,
        }
        return self.templates.page("error.html", status, page)

    def _visit(self, request: Request, session: Session, sent: Form, now: datetime) -> Visit:
        kept = () if sent.fields else self.kept.read(request.cookies, session.account, request.url.path, now)
        seen = session.model_copy(update={"seen": int(now.timestamp())})
        return Visit(
            request,
            session,
            self.services.as_person(session.access_token),
            self.templates,
            now,
            self.sessions.ends_at(seen, now),
            sent if sent.fields else Form(kept),
            self.new_key(),
            kept=bool(kept),
        )

    def _is_ours(self, request: Request, session: Session, token: str) -> bool:
        origin = request.headers.get("origin")
        if origin is not None and origin != self.url:
            return False
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        return hmac.compare_digest(token, session.csrf)

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
        page = request.url.path if request.method == "GET" else request.url.path.rpartition("/")[0]
        back = f"/sign-in?next={quote(page)}"
        if not sent.fields:
            found: Response = RedirectResponse(back, 303)
        else:
            own = request.headers.get("origin", self.url) == self.url
            kept = {"back": back, "session": None, "visit": None, "kept": False}
            probe = Response()
            if session and own and self.kept.keep(probe, session.account, page, sent.fields, now):
                kept["kept"] = True
            found = self.templates.page("ended.html", 401, kept)
            found.raw_headers += [pair for pair in probe.raw_headers if pair[0] == b"set-cookie"]
        self.sessions.end(found)
        return found

    def _down(self, request: Request, session: Session, down: Down) -> Response:
        log().warning("a service did not answer", who=down.who)
        done = (
            "Whether your change was made is not known. Open the page again to see; sending the form again does "
            "nothing twice."
            if request.method == "POST"
            else "Nothing was changed."
        )
        said = f"{down.who} does not answer at present. {done} If it stays so, tell whoever runs the system."
        return self.error(
            request,
            503,
            "Part of the system does not answer",
            said,
            session=session,
            again=request.method == "GET",
        )

    def _refused(self, request: Request, session: Session, refused: Refused) -> Response:
        title, said = REFUSALS.get(refused.status, ("This was not done", "{detail}"))
        return self.error(request, refused.status, title, said.format(detail=refused.detail), session=session)


REFUSALS = {
    403: (
        "You may not open this",
        "Your sign-in does not allow it: what you may see and do depends on your office, county and city. "
        "If you should be able to, ask whoever gives out access.",
    ),
    404: (
        "This page is not here",
        "There is nothing under this address among what you may see. It may have been decided meanwhile, or be another "
        "office's.",
    ),
    429: ("Too many requests", "Wait a minute, then try again."),
}
"""Title and text by status; otherwise the service's own words."""
