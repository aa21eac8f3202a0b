"""What a request to quarantine may not mean by mistake; no database is asked."""

from contextlib import AbstractAsyncContextManager

import httpx
import pytest

from services.chassis.runtime.unit_of_work import Work
from services.ingest.http.quarantine_requests import QuarantineRoute
from tests.ingest.applications import application

SAID: dict[str, object] = {"why": "w", "by": "b"}


def transaction() -> AbstractAsyncContextManager[Work]:
    raise AssertionError("nothing may be changed")


async def post(path: str, content: dict[str, object] | bytes) -> httpx.Response:
    app = application({}, transaction, {})
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


@pytest.mark.parametrize(
    "body", [{}, {"try": True}, {"reason": ""}, {"limit": 5}, {"all": False}, {"all": 1}]
)
async def test_resubmitting_everything_has_to_be_said(body: dict[str, object]) -> None:
    answer = await post("/v1/quarantine/resubmit", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_filter")
    assert '{"all": true}' in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("discard", rb'{"why": "\ud800", "by": "b", "reason": "empty"}'),
        ("discard", rb'{"why": "w", "by": "\udfff", "reason": "empty"}'),
        ("discard", rb'{"why": "w", "by": "b", "reason": "\ud800"}'),
        ("resubmit", rb'{"reason": "\ud800"}'),
    ],
)
async def test_half_of_a_surrogate_pair_is_no_text(path: str, body: bytes) -> None:
    assert (await post(f"/v1/quarantine/{path}", body)).status_code in (400, 422)


async def test_a_body_above_the_limit_is_not_read_to_its_end() -> None:
    answer = await post(
        "/v1/quarantine/resubmit", b'{"reason": "' + b"x" * QuarantineRoute.largest_body + b'"}'
    )
    assert (answer.status_code, answer.json()["detail"]) == (413, "Send at most 65536 bytes.")
