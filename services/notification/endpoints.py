"""What the operator reads: dismissals of a subject, the export, counts."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from services.chassis.http.edge import operator_only
from services.chassis.runtime.work import Transaction
from services.notification import dismissal_store

EXPORT_PAGE = 1000


def operator_routes(transaction: Transaction, operator_token: str) -> list[Route]:
    """The operator's routes, each behind its token."""

    async def subject(request: Request) -> Response:
        subject_id = request.path_params["subject_id"]
        async with transaction() as work:
            events = await dismissal_store.of_subject(work.db, subject_id)
        body = f'{{"subject_id":"{subject_id}","dismissals":[{",".join(events)}]}}'
        return Response(body, media_type="application/json")

    async def lines(county: str | None) -> AsyncIterator[str]:
        after = dismissal_store.FIRST
        while True:
            async with transaction() as work:
                events, last = await dismissal_store.page(work.db, county, after, EXPORT_PAGE)
            yield "".join(f"{event}\n" for event in events)
            if last is None:
                return
            after = last

    async def export(request: Request) -> Response:
        return StreamingResponse(lines(request.query_params.get("county")), media_type="application/x-ndjson")

    async def counts(_: Request) -> Response:
        async with transaction() as work:
            return JSONResponse(await dismissal_store.counts(work.db))

    endpoints = {
        "/v1/subjects/{subject_id:uuid}": subject,
        "/v1/export/dismissals": export,
        "/v1/counts": counts,
    }
    return [Route(path, operator_only(endpoint, operator_token)) for path, endpoint in endpoints.items()]
