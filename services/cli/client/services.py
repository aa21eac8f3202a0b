"""The client of the services: one JSON answer, one streamed export, whether a service is ready.

httpx is loaded by the first request: commands that only parse their arguments or print their help do without it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from services.cli.client.addresses import Addresses, addresses
from services.cli.terminal.exit import Refused, ServerMissing, WrongUsage

if TYPE_CHECKING:
    import httpx

NOT_RUNNING = "{} does not answer. Start it: reliefstream up; where it is: reliefstream status"
OWNER: dict[str, str] = {
    "determinations": "eligibility",
    "relief": "relief",
    "discrepancies": "reconciliation",
    "subjects": "reconciliation",
    "quarantine": "ingest",
    "statements": "ingest",
    "dismissals": "notification",
    "histories": "eligibility",
    "balance": "relief",
}
"""Which service has an export. That of histories, which hold birth dates, is for ``policy compare`` alone."""


def ask(
    service: str,
    method: str,
    path: str,
    *,
    query: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | Sequence[Any] | None = None,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
    itemised: bool = False,
    found: Addresses | None = None,
) -> Any:
    """The service's JSON answer, None for an empty one.

    ``token``: sent instead of the operator's. What is None in ``query`` is left out. ``itemised``: a refusal that says
    why of each entry is an answer too.
    Raises Refused with the service's own reason, or ServerMissing.
    """
    given = {name: value for name, value in (query or {}).items() if value is not None}
    sent = dict(headers or {}) | ({"Authorization": f"Bearer {token}"} if token else {})
    with _client(service, found or addresses()) as client:
        answer = client.request(method, path, params=given, json=body, headers=sent)
    if not answer.is_success and not (itemised and answer.status_code in (403, 409, 422)):
        raise Refused(f"{service}: {_reason(answer)}")
    return answer.json() if answer.content else None


def send_file(service: str, path: str, content: bytes, kind: str) -> Any:
    """The service's JSON answer to a file of this content type. Raises Refused with its reason, ServerMissing."""
    with _client(service, addresses()) as client:
        answer = client.post(path, content=content, headers={"Content-Type": kind})
    if not answer.is_success:
        raise Refused(f"{service}: {_reason(answer)}")
    return answer.json()


def ask_text(service: str, path: str, query: Mapping[str, Any]) -> str:
    """As ``ask`` with GET, of an answer that is no JSON."""
    given = {name: value for name, value in query.items() if value is not None}
    with _client(service, addresses()) as client:
        answer = client.get(path, params=given)
    if not answer.is_success:
        raise Refused(f"{service}: {_reason(answer)}")
    return answer.text


def ask_if_known(service: str, path: str, *, found: Addresses | None = None) -> Any:
    """As ``ask`` with GET; None where the service knows nothing under this path (404)."""
    with _client(service, found or addresses()) as client:
        answer = client.get(path)
    if answer.status_code == 404:
        return None
    if not answer.is_success:
        raise Refused(f"{service}: {_reason(answer)}")
    return answer.json()


def exported(
    what: str, query: Mapping[str, str] | None = None, *, found: Addresses | None = None
) -> Iterator[dict[str, Any]]:
    """The entries of an export as its owner streams them. Raises Refused with the service's reason, ServerMissing."""
    service = OWNER[what]
    with (
        _client(service, found or addresses()) as client,
        client.stream("GET", f"/v1/export/{what}", params=query) as answer,
    ):
        if not answer.is_success:
            answer.read()
            raise Refused(f"{service} refused the export: {_reason(answer)}")
        for line in answer.iter_lines():
            if line.strip():
                yield json.loads(line)


def is_ready(service: str, found: Addresses, timeout: float = 5) -> bool:
    """Whether the service answers within some seconds that it is ready. Raises ServerMissing without its address."""
    import httpx

    try:
        with found.client(service) as client:
            return client.get("/readyz", timeout=timeout).is_success
    except httpx.HTTPError:
        return False


@contextmanager
def _client(service: str, found: Addresses) -> Iterator["httpx.Client"]:
    """The service's client. Raises ServerMissing where nobody answers, WrongUsage for what fits into no URL."""
    import httpx

    try:
        with found.client(service) as client:
            yield client
    except httpx.UnsupportedProtocol:
        raise WrongUsage(
            f"RELIEFSTREAM_{service.upper()}_URL: an http:// or https:// URL is expected"
        ) from None
    except httpx.TransportError:
        raise ServerMissing(NOT_RUNNING.format(service)) from None
    except httpx.InvalidURL:
        raise WrongUsage("An argument has characters that no identifier has.") from None


def _reason(answer: "httpx.Response") -> str:
    """The detail of a problem answer (RFC 9457), else its status."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
