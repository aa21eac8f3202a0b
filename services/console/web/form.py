"""A form as a browser sent it."""

import asyncio
from collections.abc import Iterable
from urllib.parse import parse_qsl

from starlette.requests import Request

from services.chassis.http.route import BODY_SECONDS

LARGEST = 256 * 1024
"""Bytes of a form; the longest has the lines of a page of a queue and a note."""
MOST_FIELDS = 2000
CSRF = "csrf"


class Unreadable(Exception):
    """The form is larger than any of ours, no form at all, or does not come to its end in time."""


class Form:
    """Names and values in the order of the page."""

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self.fields = tuple((name, value) for name, value in fields if name != CSRF)

    def get(self, name: str) -> str:
        """The last value of that name, without spaces around it; empty: none was sent."""
        found = self.all(name)
        return found[-1] if found else ""

    def all(self, name: str) -> list[str]:
        """All values of that name."""
        return [value.strip() for own, value in self.fields if own == name]


async def read(request: Request) -> tuple[Form, str]:
    """The form, and the token that says which session's page it was sent from. Raises Unreadable."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > LARGEST:
                    raise Unreadable
    except TimeoutError:
        raise Unreadable from None
    try:
        text = body.decode()
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (UnicodeDecodeError, ValueError):
        raise Unreadable from None
    clean = [(name, value.replace("\x00", "").replace("\r\n", "\n")) for name, value in fields]
    return Form(clean), next((value for name, value in clean if name == CSRF), "")
