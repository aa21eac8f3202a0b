"""Codes and refresh tokens that are out: each is good once, for a time, and for the client that it was made for."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from deploy.local.sign_in.accounts import Person

CODE_LIVES_S: Final = 60.0
DEVICE_CODE_LIVES_S: Final = 600.0
SESSION_LIVES_S: Final = 8 * 3600.0
"""From the sign-in on; renewing does not lengthen it."""
POLL_S: Final = 5.0
MOST: Final = 1000
"""Of each kind at a time; then the oldest is forgotten."""
LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""Of a code that a person compares: no vowels, no digits."""


@dataclass(frozen=True, slots=True)
class Code:
    """What an authorization code was made for."""

    client: str
    redirect_uri: str
    challenge: str
    scope: str
    nonce: str | None
    person: Person
    at: float


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a device code was made for. ``person``: who confirmed it; None: nobody yet."""

    client: str
    scope: str
    user_code: str
    polled_at: float
    person: Person | None = None
    signed_in_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Session:
    """What a refresh token renews. ``family``: the code of the sign-in that all of them descend from. ``used``: it was
    renewed by another; who sends it again has a copy, and the whole family ends."""

    client: str
    scope: str
    person: Person
    signed_in_at: float
    family: str
    used: bool = False


T = TypeVar("T")


class Issued(Generic[T]):
    """Secrets by what they stand for, until they end."""

    def __init__(self, lives_s: float) -> None:
        self.lives_s = lives_s
        self._known: dict[str, tuple[float, T]] = {}

    def issue(self, what: T, now: float, since: float | None = None) -> str:
        """A new secret; its time runs from ``since``, else from now."""
        while len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        secret = secrets.token_urlsafe(32)
        self._known[secret] = (now if since is None else since, what)
        return secret

    def look(self, secret: str, now: float) -> T | None:
        """What it stands for; None: unknown, used or ended."""
        began, what = self._known.get(secret, (0.0, None))
        return what if now < began + self.lives_s else None

    def take(self, secret: str, now: float) -> T | None:
        """As ``look``, once."""
        found = self.look(secret, now)
        self._known.pop(secret, None)
        return found

    def change(self, secret: str, what: T) -> None:
        """It stands for this from now on; its end stays."""
        began, _ = self._known[secret]
        self._known[secret] = began, what

    def find(self, wanted: Callable[[T], bool], now: float) -> tuple[str, T] | None:
        """The first that is meant, with its secret; None: there is none."""
        for secret, (began, what) in self._known.items():
            if now < began + self.lives_s and wanted(what):
                return secret, what
        return None

    def forget(self, meant: Callable[[T], bool]) -> None:
        """Ends all that are meant."""
        for secret in [one for one, (_, what) in self._known.items() if meant(what)]:
            del self._known[secret]


def user_code() -> str:
    """Eight letters, as a person reads them: ``WDJB-MJHT``."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
