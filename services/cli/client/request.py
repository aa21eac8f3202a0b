"""One request to one of the services, and its answer or its reason in the user's words."""

from collections.abc import Mapping
from typing import Any

import httpx

from services.cli.client.addresses import Addresses, addresses
from services.cli.terminal.exit import Refused, ServerMissing

NOT_RUNNING = "{} does not answer. Start it: reliefstream up; where it is: reliefstream status"


def ask(
    service: str,
    method: str,
    path: str,
    *,
    query: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | None = None,
    token: str | None = None,
    found: Addresses | None = None,
) -> Any:
    """The service's JSON answer, None for an empty one.

    ``token``: sent instead of the operator's. What is None in ``query`` is left out.
    Raises Refused with the service's own reason, or ServerMissing.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    given = {name: value for name, value in (query or {}).items() if value is not None}
    try:
        with (found or addresses()).client(service) as client:
            answer = client.request(method, path, params=given, json=body, headers=headers)
    except httpx.TransportError:
        raise ServerMissing(NOT_RUNNING.format(service)) from None
    if not answer.is_success:
        raise Refused(f"{service}: {said(answer)}")
    return answer.json() if answer.content else None


def said(answer: httpx.Response) -> str:
    """The detail of a problem answer (RFC 9457), else its status."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
