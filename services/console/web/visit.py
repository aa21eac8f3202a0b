"""One request of a person who is signed in, as a page works with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.chassis.identity.caller import Grant
from services.chassis.identity.grants.text import NoGrant, grant_of
from services.console.called.call_faults import Refused
from services.console.called.services import AsPerson
from services.console.session.session import Session
from services.console.web.form import Form
from services.console.web.templates import Templates


def an_id(text: str) -> str:
    """The id as it stands in a path of a service. Raises Refused, as of a page that is not there, where it is none."""
    try:
        return str(UUID(text))
    except ValueError:
        raise Refused(404, "not_found", "") from None


def page_path(request: Request) -> str:
    """The path of the page that is asked for, or that the form which is sent is of."""
    path = request.url.path
    return path.rpartition("/")[0] if request.method == "POST" else path


@dataclass(slots=True)
class Visit:
    """``form``: what was sent; on a page, what this person typed there before the session ended."""

    request: Request
    session: Session
    services: AsPerson
    templates: Templates
    now: datetime
    today: date
    """The day to judge by, in California."""
    ends_at: datetime
    form: Form
    form_name: str
    """Which form of the page ``form`` is, by the last part of its address; empty: none."""
    once: str
    """An idempotency key for the forms of this page."""
    notice: str = ""
    """For the next page."""
    kept: bool = False
    """Whether ``form`` was typed before the session ended."""
    problem: str = ""
    """Why nothing was done; empty: there is no problem."""
    status: int = 200
    """Of the page."""

    @property
    def place(self) -> str:
        """The path of the page, or of the page that the form is of."""
        return page_path(self.request)

    @property
    def county(self) -> str:
        """The county of the path; empty: the page is of none."""
        return str(self.request.path_params.get("county", ""))

    def id(self, name: str) -> str:
        """The id of this name in the path. Raises Refused, as of a page that is not there, where it is none."""
        return an_id(self.request.path_params[name])

    @property
    def grants(self) -> tuple[Grant, ...]:
        """What the person was granted, as the services said at the sign-in."""
        found = []
        for text in self.session.grants:
            try:
                found.append(grant_of(text))
            except NoGrant:  # of a newer service
                continue
        return tuple(found)

    def may(self, *roles: str) -> bool:
        """Whether one of these roles is granted in the county of the path."""
        return any(one.role in roles and one.county in (None, self.county) for one in self.grants)

    @property
    def signs(self) -> bool:
        """Whether the person signs for an office in the county of the path."""
        return any(one.signer and one.county in (None, self.county) for one in self.grants)

    def page(self, template: str, **context: Any) -> Response:
        """The page; with a problem, it says so above what was typed."""
        every = {"visit": self, "session": self.session, "own": self.place}
        sent = {"typed": self.form, "form": self.form_name}
        return self.templates.page(template, self.status, {**every, **sent, **context})

    def to(
        self, path: str, query: Mapping[str, str] | Iterable[tuple[str, str]] = (), *, notice: str = ""
    ) -> Response:
        """Leads the browser to another page, which shows the notice."""
        self.notice = notice
        asked = urlencode(dict(query))
        return RedirectResponse(f"{path}?{asked}" if asked else path, 303)
