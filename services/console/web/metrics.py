"""Metrics of the console: pages by what came of them, their time, calls of the services. No label is of a person."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response

PAGES: Final = Counter(
    "reliefstream_console_pages",
    "Pages that the console answered, by page and HTTP status",
    ["page", "status"],
)
SECONDS: Final = Histogram(
    "reliefstream_console_page_seconds",
    "Seconds until the console answered, by page",
    ["page"],
    buckets=(0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0),
)
CALLS: Final = Counter(
    "reliefstream_console_service_calls",
    "Calls of the services by the console: answered, refused, session_ended or down",
    ["service", "outcome"],
)

Answer = Callable[[Request], Awaitable[Response]]


def measured(page: str, answer: Answer) -> Answer:
    """The same endpoint, counted and timed under the page's name: its method and its path with names for ids."""

    async def counted(request: Request) -> Response:
        began = perf_counter()
        found = await answer(request)
        SECONDS.labels(page).observe(perf_counter() - began)
        PAGES.labels(page, str(found.status_code)).inc()
        return found

    return counted


async def metrics(_: Request) -> Response:
    """In Prometheus' text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
