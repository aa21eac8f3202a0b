"""The session of a person: who signed in, the tokens, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.responses import Response

from services.console.session.cookies import Cookies
from services.console.session.sealing import Seal

COOKIE: Final = "reliefstream"
SPARE: Final = timedelta(seconds=30)
"""Before its end an access token is renewed."""


class Session(BaseModel):
    """Sealed in the browser's cookie; the console itself keeps nothing. Moments are seconds since 1970."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: str
    """As the services name the person."""
    name: str
    """As the provider names the person; empty: it does not say."""
    grants: tuple[str, ...]
    access_token: str
    refresh_token: str
    access_until: int
    began: int
    seen: int
    notice: str = ""
    """What the last act came to, for the next page."""
    csrf: str
    """Stands in each form; a form without it was not sent from a page of this session."""

    def access_ends(self, now: datetime) -> bool:
        """Whether the access token has to be renewed."""
        return now + SPARE >= datetime.fromtimestamp(self.access_until, now.tzinfo)


@dataclass(frozen=True, slots=True)
class Limits:
    """When a session ends by itself."""

    idle: timedelta
    longest: timedelta


class Sessions:
    """Sessions in the cookies of requests and answers."""

    def __init__(self, seal: Seal, cookies: Cookies, limits: Limits) -> None:
        self._seal, self._cookies, self.limits = seal, cookies, limits

    def read(self, cookies: Mapping[str, str]) -> Session | None:
        """The session, ended or not; None: there is none."""
        opened = self._seal.open(self._cookies.read(cookies, COOKIE), COOKIE)
        if not opened:
            return None
        try:
            return Session.model_validate_json(opened)
        except ValidationError:  # of an earlier version of the console
            return None

    def ends_at(self, session: Session, now: datetime) -> datetime:
        """The moment at which it ends if no page is opened until then."""
        idle = datetime.fromtimestamp(session.seen, now.tzinfo) + self.limits.idle
        return min(idle, datetime.fromtimestamp(session.began, now.tzinfo) + self.limits.longest)

    def has_ended(self, session: Session, now: datetime) -> bool:
        """Whether the person has to sign in again."""
        return now >= self.ends_at(session, now)

    def write(self, answer: Response, session: Session) -> bool:
        """Keeps it until the browser ends, or it ends itself. False: its tokens are too long for cookies."""
        sealed = self._seal.seal(session.model_dump_json().encode(), COOKIE)
        return self._cookies.write(answer, COOKIE, sealed, None)

    def end(self, answer: Response) -> None:
        """Forgets it."""
        self._cookies.clear(answer, COOKIE)
