"""What a request to quarantine may not mean by mistake; no database is asked."""

from contextlib import AbstractAsyncContextManager

import httpx
import pytest
from starlette.applications import Starlette

from services.chassis.work import Work
from services.ingest.quarantine_http import LARGEST_BODY, quarantine_routes

SAID: dict[str, object] = {"why": "w", "by": "b"}


def transaction() -> AbstractAsyncContextManager[Work]:
    raise AssertionError("nothing may be changed")


async def post(path: str, content: dict[str, object] | bytes) -> httpx.Response:
    app = Starlette(routes=quarantine_routes({}, transaction, "operator", {}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ingest") as client:
        headers = {"authorization": "Bearer operator"}
        if isinstance(content, bytes):
            return await client.post(path, content=content, headers=headers)
        return await client.post(path, json=content, headers=headers)


@pytest.mark.parametrize(
    "filters",
    [{}, {"reason": ""}, {"reason": None, "county": ""}, {"limit": 5}, {"reason": "empty", "limit": 5}],
)
async def test_discarding_without_a_filter_or_with_a_limit_is_refused(filters: dict[str, object]) -> None:
    answer = await post("/v1/quarantine/discard", SAID | filters)
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_filter")


async def test_a_body_above_the_limit_is_not_read_to_its_end() -> None:
    answer = await post("/v1/quarantine/resubmit", b'{"reason": "' + b"x" * LARGEST_BODY + b'"}')
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "The body is a JSON object of at most 64 KiB.",
    )
