"""What the operator can read: one subject and why it is one, counts, and exports line by line."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from services.chassis.http import operator_only, problem
from services.chassis.work import Work
from services.reconciliation import reading

Transaction = Callable[[], AbstractAsyncContextManager[Work]]


def routes(transaction: Transaction, operator_token: str) -> list[BaseRoute]:
    """All endpoints of reconciliation, each for the operator's token only."""

    async def subject(request: Request) -> Response:
        try:
            asked = UUID(request.path_params["subject_id"])
        except ValueError:
            return problem(400, "not_an_id", "Not a subject's id", "A subject's id is a UUID.")
        async with transaction() as work:
            found = await reading.subject(work.db, asked)
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

    endpoints = {
        "/v1/subjects/{subject_id}": subject,
        "/v1/counts": counts,
        "/v1/export/subjects": export_subjects,
        "/v1/export/discrepancies": export_discrepancies,
    }
    return [Route(path, operator_only(endpoint, operator_token)) for path, endpoint in endpoints.items()]


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
