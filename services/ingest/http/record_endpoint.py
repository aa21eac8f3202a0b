"""The HTTP intake: a county's records under its own token."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.receipts import Problem, ReceiptIssued
from services.chassis.http.edge import bearer, problem, same
from services.chassis.runtime.work import Transaction
from services.ingest.admission.admission import Admission, TryLater
from services.ingest.admission.body_memory import OneBody
from services.ingest.batch import read_batch, record_read
from services.ingest.core.message import Metadata
from services.ingest.core.profile.profile import Profile
from services.ingest.http.bodies import CSV, JSON, NDJSON, Limits, TooMany, messages_of
from services.ingest.http.early_answer import AnswerThenDiscard
from services.ingest.profiles.counties import SendingCounties

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")


def read_tokens(path: Path | None) -> Mapping[str, str]:
    """County to bearer token; ValueError when the file is not such a JSON object."""
    if path is None:
        return {}
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise ValueError(f"{path}: a JSON object, county to token")
    return found


def record_routes(
    sending_counties: SendingCounties,
    tokens: Mapping[str, str],
    transaction: Transaction,
    *,
    new_request_id: Callable[[], str],
    now: Callable[[], datetime],
    limits: Limits,
    admission: Admission,
) -> list[Route]:
    """``POST /v1/counties/{county}/records``; a county's own feed names its profile: ``text/csv; profile=NAME``.

    200 when anything was recorded or known; 422 when everything was refused; both with a receipt for each
    record; 413 beyond the limits; 429 or 503 with Retry-After when it should come again. A header X-Request-Id
    and the body make the receipts' ids, so that a request sent again is recognised by them, and another body
    under the same header is not taken for it.
    """

    async def records(request: Request) -> Response:
        refusal = _who(request, sending_counties, tokens)
        if refusal:
            return AnswerThenDiscard(refusal)
        media_type, rest = _content_type(request)
        named = _parameter(rest, "profile") or request.query_params.get("profile", "")
        profiles = sending_counties[CountyName(request.path_params["county"])].profiles
        if named and named not in profiles:
            known = ", ".join(sorted(profiles)) or "none"
            wrong = problem(415, "unknown_profile", "Unknown profile", f"Profiles of this county: {known}.")
            return AnswerThenDiscard(wrong)
        if not named and media_type not in (JSON, NDJSON, CSV):
            unknown = problem(
                415,
                "media_type",
                "Unknown content type",
                f"Send {JSON} (one case), {NDJSON} (one case a line) or {CSV} (DOJ's file).",
            )
            return AnswerThenDiscard(unknown)
        if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
            packed = problem(
                415, "content_encoding", "Packed body", "Send the body as it is, without Content-Encoding."
            )
            return AnswerThenDiscard(packed)
        county = CountyName(request.path_params["county"])
        try:
            with admission.request(county) as room:
                return await taken(request, county, profiles.get(named), room)
        except TryLater as later:
            return AnswerThenDiscard(later.answer)

    async def taken(request: Request, county: CountyName, profile: Profile | None, room: OneBody) -> Response:
        try:
            async with asyncio.timeout(limits.seconds):
                body = await _body(request, limits.size, room)
        except ClientDisconnect:
            return Response(status_code=400)
        except TimeoutError:
            slow = (
                f"The body was not here after {limits.seconds:g} seconds: send it again, or in smaller parts."
            )
            refused = problem(408, "body_too_slow", "Body too slow", slow)
            refused.headers["Connection"] = "close"
            return refused
        if body is None:
            too_large = _too_large("body_too_large", f"more than {limits.size:,} bytes", limits)
            return AnswerThenDiscard(too_large)
        media_type, rest = _content_type(request)
        given = request.headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else new_request_id()
        # In a thread, and before the transaction: neither other requests nor a transaction wait for parsing.
        try:
            found = await asyncio.to_thread(
                messages_of,
                county,
                request_id,
                media_type,
                body,
                _metadata(request, rest),
                limits=limits,
                profile=profile,
            )
        except TooMany as error:
            return _too_large("too_many_records", str(error), limits)
        if isinstance(found, Problem):
            return _refused(found)
        admission.came_in(county, len(found))
        read = await read_batch(found, now(), sending_counties)
        async with transaction() as work:
            receipts = await record_read(read, work, sending_counties)
        return _answer(receipts)

    return [Route("/v1/counties/{county}/records", records, methods=["POST"])]


def _who(request: Request, sending_counties: SendingCounties, tokens: Mapping[str, str]) -> Response | None:
    """What is wrong with who asks, None when it is the county."""
    county = request.path_params["county"]
    if county not in sending_counties:
        return problem(
            404,
            "unknown_county",
            "Unknown county",
            f"Counties here: {', '.join(sorted(sending_counties)) or 'none'}.",
        )
    given = bearer(request)
    if given is None:
        return problem(401, "missing_token", "No token", "Send the county's token: Authorization: Bearer ...")
    if not same(given, tokens.get(county, "")):
        return problem(403, "wrong_token", "Wrong token", f"This token does not open the intake of {county}.")
    return None


async def _body(request: Request, limit: int, room: OneBody) -> bytes | None:
    """The body, or None as soon as it is known to be larger than the limit. Raises Full."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
        room.grow(len(chunk))
    return bytes(body)


def _content_type(request: Request) -> tuple[str, str]:
    """The type in lower case, and its parameters."""
    media_type, _, rest = request.headers.get("content-type", "").partition(";")
    return media_type.strip().lower(), rest


def _parameter(parameters: str, name: str) -> str | None:
    """A parameter of a content type."""
    found = re.search(rf'(?:^|;)\s*{name}="?([A-Za-z0-9_.-]+)', parameters, re.IGNORECASE)
    return found.group(1) if found else None


def _metadata(request: Request, parameters: str) -> Metadata:
    """What the request says of the whole body."""

    def query(name: str, otherwise: str = "") -> str:
        found = request.query_params.get(name, otherwise)
        return "" if "\x00" in found else found

    return Metadata(
        extract=query("extract"),
        encoding=query("encoding", _parameter(parameters, "charset") or ""),
        submission_id=query("submission_id"),
        traceparent=request.headers.get("traceparent", ""),
    )


def _too_large(code: str, what: str, limits: Limits) -> Response:
    return problem(
        413,
        code,
        "Body too large",
        f"The body has {what}. A body has at most {limits.size:,} bytes, {limits.lines:,} lines and "
        f"{limits.records:,} cases or persons. Send larger files with: reliefstream submit",
    )


def _refused(found: Problem) -> Response:
    return problem(422, found.code, "Body refused", f"{found.where}: {found.what}; {found.remedy}.")


def _answer(receipts: list[ReceiptIssued]) -> Response:
    statuses = [receipt.status for receipt in receipts]
    quarantined = statuses.count("quarantined")
    body = {
        "received": len(receipts),
        "recorded": statuses.count("recorded"),
        "repeats": statuses.count("repeat"),
        "quarantined": quarantined,
        "receipts": [receipt.model_dump(mode="json") for receipt in receipts],
    }
    if quarantined < len(receipts):
        return JSONResponse(body)
    first = receipts[0].problems[0]
    details = {
        "type": "urn:reliefstream:problem:all_refused",
        "title": "Every record was refused",
        "status": 422,
        "detail": f"{first.where}: {first.what}; {first.remedy}. Each receipt says why.",
        "code": first.code,
    }
    return JSONResponse({**details, **body}, 422, media_type="application/problem+json")
