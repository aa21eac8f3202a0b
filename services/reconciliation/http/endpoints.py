"""What the operator can read (one subject and why it is one, counts, exports line by line) and decide: who is one."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from services.chassis.http.edge import operator_only, problem
from services.chassis.runtime.work import Transaction
from services.reconciliation.handlers import Linker
from services.reconciliation.http import queries as reading
from services.reconciliation.http.identity_decisions import NotDecidable, Told, decide

LARGEST_BODY = 64 * 1024
Words = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f]*$")]


class DecisionBody(BaseModel):
    """What a person decided; each side is a subject's id or a record's key."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True
    )

    one: Words
    other: Words
    same: bool
    by: Words
    reason: Words


def routes(transaction: Transaction, operator_token: str, linker: Linker) -> list[BaseRoute]:
    """All endpoints of reconciliation, each for the operator's token only."""

    async def subject(request: Request) -> Response:
        try:
            asked = UUID(request.path_params["subject_id"])
        except ValueError:
            return problem(400, "not_an_id", "Not a subject's id", "A subject's id is a UUID.")
        async with transaction() as work:
            found = await reading.subject(work.db, asked, linker.model)
        if found is None:
            return problem(404, "no_subject", "No such subject", "No subject has or had this id.")
        return JSONResponse(json.loads(json.dumps(found, default=str)))

    async def counts(_: Request) -> Response:
        async with transaction() as work:
            return JSONResponse(await reading.counts(work.db))

    async def export_subjects(request: Request) -> Response:
        def sent_by(line: dict[str, Any], county: str) -> bool:
            return any(key.split("/")[1] == county for key in line["records"])

        return _ndjson(transaction, reading.all_subjects, request, sent_by)

    async def export_discrepancies(request: Request) -> Response:
        def of(line: dict[str, Any], county: str) -> bool:
            return bool(line["county"] == county)

        return _ndjson(transaction, reading.all_discrepancies, request, of)

    async def decide_link(request: Request) -> Response:
        try:
            told = DecisionBody.model_validate_json(await _small_body(request))
            async with transaction() as work:
                subjects = await decide(work, linker, Told(**dict(told)))
        except ValidationError as error:
            faults = [
                f"{'.'.join(map(str, fault['loc'])) or 'body'}: {fault['msg']}" for fault in error.errors()
            ]
            return problem(422, "invalid_body", "The body does not fit", "; ".join(faults))
        except NotDecidable as refused:
            return problem(409, "not_decidable", "Nothing to decide", str(refused))
        return JSONResponse({"subjects": list(map(str, subjects))})

    endpoints = {
        "/v1/subjects/{subject_id}": subject,
        "/v1/counts": counts,
        "/v1/export/subjects": export_subjects,
        "/v1/export/discrepancies": export_discrepancies,
    }
    decisions = Route("/v1/link-decisions", operator_only(decide_link, operator_token), methods=["POST"])
    readings = [Route(path, operator_only(endpoint, operator_token)) for path, endpoint in endpoints.items()]
    return [decisions, *readings]


async def _small_body(request: Request) -> bytes:
    received = b""
    async for part in request.stream():
        received += part
        if len(received) > LARGEST_BODY:
            break
    return received


def _ndjson(
    transaction: Transaction,
    lines: Callable[[Any], AsyncIterator[dict[str, Any]]],
    request: Request,
    belongs: Callable[[dict[str, Any], str], bool],
) -> Response:
    """The lines, of ``?county=`` alone where it is given."""
    county = request.query_params.get("county")

    async def body() -> AsyncIterator[str]:
        async with transaction() as work:
            async for line in lines(work.db):
                if county is None or belongs(line, county):
                    yield json.dumps(line, default=str) + "\n"

    return StreamingResponse(body(), media_type="application/x-ndjson")
