"""The HTTP intake: a county's records under its own token."""

import asyncio
import re
from typing import Annotated

from fastapi import Header
from fastapi import Query as Parameters
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.receipts import Problem
from services.chassis.http.application import router
from services.chassis.http.problems import Refusal, problem
from services.chassis.http.text import PlainText, Query
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.ingest.admission.body_memory import OneBody
from services.ingest.batch import parse_batch, record_parsed
from services.ingest.core.message import Metadata
from services.ingest.core.profile.profile import Profile
from services.ingest.core.redaction import holds_number, redacted_value
from services.ingest.http.bodies import CSV, JSON, NDJSON, TooMany, messages_of
from services.ingest.http.dependencies import Dependencies, Given, GivenIntake, Intake
from services.ingest.http.early_answer import AnswerThenDiscard
from services.ingest.http.record_answers import BODY, RecordsTaken, answers, refused, taken, too_large
from services.ingest.http.record_route import RecordRoute

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")


class OfBody(Query):
    """What the request says of the whole body."""

    profile: PlainText = ""
    extract: PlainText = ""
    encoding: PlainText = ""
    submission_id: PlainText = ""


records = router(RecordRoute)
Sender = Annotated[Caller, allowed(Grants("source"))]


@records.post(
    "/v1/counties/{county}/records",
    summary="Send records; each gets a receipt",
    description="A county's own feed names its profile: ``text/csv; profile=NAME``. X-Request-Id and the body make "
    "the receipts' ids, so that a request sent again is recognised by them, and another body under the same header "
    "is not taken for it.",
    response_model=RecordsTaken,
    responses=answers(),
    openapi_extra=BODY,
)
async def send_records(
    request: Request,
    *,
    given: Given,
    caller: Sender,
    intake: GivenIntake,
    county: PlainText,
    said: Annotated[OfBody, Parameters()],
    x_request_id: Annotated[str, Header()] = "",
    traceparent: Annotated[str, Header()] = "",
) -> Response:
    given.county(county)
    media_type, rest = _content_type(request)
    profile = _profile(given, CountyName(county), media_type, _parameter(rest, "profile") or said.profile)
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        unpacked = "Send the body as it is, without Content-Encoding."
        raise Refusal(415, "content_encoding", "Packed body", unpacked)
    metadata = Metadata(
        extract=redacted_value(said.extract),
        encoding=redacted_value(said.encoding or _parameter(rest, "charset") or ""),
        submission_id=redacted_value(said.submission_id),
        traceparent=traceparent,
    )
    request_id = x_request_id if _usable(x_request_id) else intake.new_request_id()
    with intake.admission.request(county) as room:
        body = await _body(request, intake, room)
        if isinstance(body, Response):
            return body
        # In a thread, and before the transaction: neither other requests nor a transaction wait for parsing.
        try:
            found = await asyncio.to_thread(
                messages_of,
                CountyName(county),
                request_id,
                media_type,
                body,
                metadata,
                limits=intake.limits,
                profile=profile,
            )
        except TooMany as error:
            return too_large("too_many_records", str(error), intake.limits)
        if isinstance(found, Problem):
            return refused(found)
        if caller.scope is not None and not {one.metadata.format for one in found} <= caller.scope:
            own = ", ".join(sorted(caller.scope))
            raise Refusal(403, "format_not_granted", "Not granted", f"You may send records of: {own}.")
        intake.admission.came_in(county, len(found))
        batch = await parse_batch(found, intake.now(), given.counties)
        async with given.transaction() as work:
            receipts = await record_parsed(batch, work, given.counties, given.keyed_hash)
        return taken(receipts)


def _usable(request_id: str) -> bool:
    return _REQUEST_ID.fullmatch(request_id) is not None and not holds_number(request_id)


def _profile(given: Dependencies, county: CountyName, media_type: str, named: str) -> Profile | None:
    """The county's own feed that the body is; None: the strict forms. Raises Refusal."""
    profiles = given.counties[county].profiles
    if named and named not in profiles:
        known = ", ".join(sorted(profiles)) or "none"
        raise Refusal(415, "unknown_profile", "Unknown profile", f"Profiles of this county: {known}.")
    if not named and media_type not in (JSON, NDJSON, CSV):
        raise Refusal(
            415,
            "media_type",
            "Unknown content type",
            f"Send {JSON} (one case), {NDJSON} (one case a line) or {CSV} (DOJ's file).",
        )
    return profiles.get(named)


async def _body(request: Request, intake: Intake, room: OneBody) -> bytes | Response:
    """The body, or the answer as soon as it is known to be too large or too slow. Raises Full."""
    limits = intake.limits
    try:
        async with asyncio.timeout(limits.seconds):
            body = await _bounded(request, limits.size, room)
    except ClientDisconnect:
        return problem(
            400, "body_cut_off", "Body cut off", "The body did not come to its end: send it again."
        )
    except TimeoutError:
        slow = f"The body was not here after {limits.seconds:g} seconds: send it again, or in smaller parts."
        return problem(408, "body_too_slow", "Body too slow", slow, {"Connection": "close"})
    if body is None:
        return AnswerThenDiscard(too_large("body_too_large", f"more than {limits.size:,} bytes", limits))
    return body


async def _bounded(request: Request, limit: int, room: OneBody) -> bytes | None:
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
