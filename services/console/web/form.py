"""A form as a browser sent it."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from services.chassis.http.route import BODY_SECONDS

LARGEST = 256 * 1024
"""Bytes of a form; the longest has the lines of a page of a queue and a note."""
LARGEST_WITH_FILE = 4 * 1024 * 1024
"""Bytes of a form with a file: an order's list of 12,000 lines has half a million as XLSX, two as CSV."""
MOST_FIELDS = 2000
CSRF = "csrf"
WITH_FILE = "multipart/form-data"


class Unreadable(Exception):
    """The form is larger than any of ours, no form at all, or does not come to its end in time."""


class Form:
    """Names and values in the order of the page. ``file``: the content of the file that was chosen; empty: none."""

    def __init__(self, fields: Iterable[tuple[str, str]] = (), file: bytes = b"") -> None:
        self.fields = tuple((name, value) for name, value in fields if name != CSRF)
        self.file = file

    def get(self, name: str) -> str:
        """The last value of that name, without spaces around it; empty: none was sent."""
        found = self.all(name)
        return found[-1] if found else ""

    def all(self, name: str) -> list[str]:
        """All values of that name."""
        return [value.strip() for own, value in self.fields if own == name]


async def read(request: Request) -> tuple[Form, str]:
    """The form, and the token that says which session's page it was sent from. Raises Unreadable."""
    with_file = request.headers.get("content-type", "").startswith(WITH_FILE)
    body = await _body(request, LARGEST_WITH_FILE if with_file else LARGEST)
    try:
        fields, file = await _parts(request, body) if with_file else (_fields(body), b"")
    except (UnicodeDecodeError, ValueError, MultiPartException):
        raise Unreadable from None
    clean = [(name, value.replace("\x00", "").replace("\r\n", "\n")) for name, value in fields]
    return Form(clean, file), next((value for name, value in clean if name == CSRF), "")


async def _body(request: Request, largest: int) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > largest:
                    raise Unreadable
    except TimeoutError:
        raise Unreadable from None
    return bytes(body)


def _fields(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)


async def _parts(request: Request, body: bytes) -> tuple[list[tuple[str, str]], bytes]:
    async def whole() -> AsyncGenerator[bytes, None]:
        yield body

    sent = await MultiPartParser(request.headers, whole(), max_files=1, max_fields=MOST_FIELDS).parse()
    files = [each for _, each in sent.multi_items() if isinstance(each, UploadFile)]
    content = await files[0].read() if files else b""
    return [(name, value) for name, value in sent.multi_items() if isinstance(value, str)], content
