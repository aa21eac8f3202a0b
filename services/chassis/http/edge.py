"""The HTTP edge that every service has: health, readiness, metrics, status, and who may call."""

import hmac
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

Endpoint = Callable[[Request], Awaitable[Response]]


def problem(status: int, code: str, title: str, detail: str) -> Response:
    """Problem details (RFC 9457): what is wrong and what to do, with a stable code."""
    body = {
        "type": f"urn:reliefstream:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
    }
    headers = (
        {"WWW-Authenticate": 'Bearer realm="reliefstream"'} if status == HTTPStatus.UNAUTHORIZED else None
    )
    return JSONResponse(body, status, headers, "application/problem+json")


def bearer(request: Request) -> str | None:
    """The bearer token of a request (RFC 6750); None when it has none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def same(given: str, expected: str) -> bool:
    """Compares secrets in constant time; an empty secret equals nothing."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def operator_only(endpoint: Endpoint, token: str) -> Endpoint:
    """The endpoint, for the operator's bearer token only."""

    async def guarded(request: Request) -> Response:
        given = bearer(request)
        if given is None:
            return problem(
                401, "missing_token", "No token", "Send the operator's token: Authorization: Bearer ..."
            )
        if not same(given, token):
            return problem(403, "wrong_token", "Wrong token", "This token does not open this endpoint.")
        if any("\0" in value for value in request.query_params.values()):
            return problem(422, "nul_in_query", "Wrong query", "A query holds no NUL: leave it out.")
        return await endpoint(request)

    return guarded


async def metrics(_: Request) -> Response:
    """Prometheus' text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def not_found(_: Request, __: Exception) -> Response:
    return problem(404, "not_found", "Not found", "No such path; the README lists the endpoints.")


async def not_allowed(_: Request, error: Exception) -> Response:
    """Names the methods that the path answers (RFC 9110, 15.5.6)."""
    allowed = (getattr(error, "headers", None) or {}).get("Allow", "")
    refused = problem(405, "method_not_allowed", "Method not allowed", f"This path answers {allowed}.")
    refused.headers["Allow"] = allowed
    return refused


async def failed(_: Request, __: Exception) -> Response:
    return problem(
        500, "internal", "Internal error", "Nothing was changed; try again. The log has the place."
    )
