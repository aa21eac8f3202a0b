"""Calls of the services' HTTP API as the person who is signed in."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx

from services.console.called.call_faults import Down, Refused, SessionEnded
from services.console.web.metrics import CALLS

WHO: Mapping[str, str] = {
    "ingest": "The service that takes records and answers in",
    "reconciliation": "The service that keeps what DOJ and the courts say",
    "eligibility": "The service that applies the law",
    "relief": "The service that keeps reviews and orders",
}
"""Each service as a page names it."""


class Services:
    """One HTTP client a service, with time limits."""

    def __init__(self, clients: Mapping[str, httpx.AsyncClient]) -> None:
        self._clients = clients

    def as_person(self, access_token: str) -> "AsPerson":
        """The services as a person calls them."""
        return AsPerson(self._clients, access_token)

    async def close(self) -> None:
        """Closes all connections."""
        for client in self._clients.values():
            await client.aclose()


class AsPerson:
    """Every call raises Down, SessionEnded or Refused where there is no answer to give."""

    def __init__(self, clients: Mapping[str, httpx.AsyncClient], access_token: str) -> None:
        self._clients, self._token = clients, access_token

    async def get(self, service: str, path: str, query: Mapping[str, Any] | None = None) -> Any:
        """The JSON answer. What is None or empty in ``query`` is left out."""
        given = {name: value for name, value in (query or {}).items() if value not in (None, "")}
        return (await self._call(service, "GET", path, params=given)).json()

    async def post(self, service: str, path: str, body: Any = None, key: str = "") -> Any:
        """The JSON answer. ``key``: sent again with the same one, nothing is done twice."""
        headers = {"Idempotency-Key": key} if key else {}
        return (await self._call(service, "POST", path, json=body, headers=headers)).json()

    async def send(self, service: str, path: str, body: bytes, kind: str, key: str = "") -> Any:
        """As ``post``, of a body as it is, of this content type."""
        headers = {"Content-Type": kind} | ({"Idempotency-Key": key} if key else {})
        return (await self._call(service, "POST", path, content=body, headers=headers)).json()

    async def lines(self, service: str, path: str, query: Mapping[str, Any]) -> AsyncIterator[Any]:
        """An export, one JSON object a line, as it arrives. One that breaks off raises Down."""
        answer = await self._call(service, "GET", path, params=query, stream=True)
        return self._read(service, answer)

    async def _read(self, service: str, answer: httpx.Response) -> AsyncIterator[Any]:
        try:
            async for line in answer.aiter_lines():
                if line:
                    yield json.loads(line)
        except (httpx.HTTPError, ValueError):
            raise Down(WHO[service]) from None
        finally:
            await answer.aclose()

    async def _call(self, service: str, method: str, path: str, **given: Any) -> httpx.Response:
        headers = {**given.pop("headers", {}), "Authorization": f"Bearer {self._token}"}
        client, stream = self._clients[service], given.pop("stream", False)
        try:
            answer = await client.send(
                client.build_request(method, path, headers=headers, **given), stream=stream
            )
            if stream and not answer.is_success:
                await answer.aread()
        except httpx.InvalidURL:  # of a page's address: no name in ours has such characters
            raise Refused(404, "not_found", "") from None
        except httpx.HTTPError:
            CALLS.labels(service, "down").inc()
            raise Down(WHO[service]) from None
        CALLS.labels(service, _outcome(answer)).inc()
        if answer.status_code == 401:
            raise SessionEnded
        if answer.status_code >= 500:
            raise Down(WHO[service])
        if not answer.is_success:
            raise _refused(answer)
        return answer


def _outcome(answer: httpx.Response) -> str:
    if answer.is_success:
        return "answered"
    if answer.status_code == 401:
        return "session_ended"
    return "down" if answer.status_code >= 500 else "refused"


def _refused(answer: httpx.Response) -> Refused:
    try:
        said = answer.json()
    except ValueError:
        said = {}
    named = next((one["statement_id"] for one in said.get("statements", ()) if one["statement_id"]), "")
    return Refused(answer.status_code, str(said.get("code", "")), str(said.get("detail", "")), named)
