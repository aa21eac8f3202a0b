"""Cookies of the console: read whole, written in parts that browsers take."""

from collections.abc import Mapping

from starlette.responses import Response

PART = 3400
"""Characters of one cookie's value; browsers take 4,096 bytes with its name."""
MOST_PARTS = 2
"""Session and form together stay below the 16 kB of headers that the server takes."""


class Cookies:
    """Reads and writes cookies that only this console gets back, by the page's own address.

    ``secure``: over TLS, under the prefix ``__Host-``; only a console on this machine itself goes without.
    """

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure

    def read(self, cookies: Mapping[str, str], name: str) -> str:
        """The value; empty: there is none."""
        parts = []
        for number in range(MOST_PARTS):
            part = cookies.get(self._name(name, number))
            if part is None:
                break
            parts.append(part)
        return "".join(parts)

    def write(self, answer: Response, name: str, value: str, seconds: int | None) -> bool:
        """False: it is too long, and nothing was written. ``seconds`` None: until the browser ends."""
        parts = [value[at : at + PART] for at in range(0, len(value), PART)]
        if len(parts) > MOST_PARTS:
            return False
        for number, part in enumerate(parts):
            self._set(answer, self._name(name, number), part, seconds)
        self._clear(answer, name, len(parts), MOST_PARTS)
        return True

    def clear(self, answer: Response, name: str) -> None:
        """Ends the cookie with all of its parts."""
        self._clear(answer, name, 0, MOST_PARTS)

    def _clear(self, answer: Response, name: str, begin: int, end: int) -> None:
        for number in range(begin, end):
            self._set(answer, self._name(name, number), "", 0)

    def _set(self, answer: Response, name: str, value: str, seconds: int | None) -> None:
        answer.set_cookie(
            name, value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="lax"
        )

    def _name(self, name: str, number: int) -> str:
        prefix = "__Host-" if self._secure else ""
        return f"{prefix}{name}-{number}" if number else f"{prefix}{name}"
