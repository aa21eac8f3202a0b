"""Endpoints that only read."""

import json
import re
from collections.abc import AsyncIterator
from datetime import date, datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from reliefstream_contracts.identifiers import SubjectId
from services.chassis.runtime.service import Service
from services.relief.counties import Counties
from services.relief.http import reports
from services.relief.http.reports import CHARACTERISTICS
from services.relief.http.requests import Refusal, identifier
from services.relief.lifecycle.transitions import State

MOST = 1000


class ReportEndpoints:
    """Lists, one subject, counts, the export."""

    def __init__(self, service: Service, counties: Counties) -> None:
        self._service, self._counties = service, counties

    async def reliefs(self, request: Request) -> Response:
        """``?county=&state=&case_number=&limit=&after=``; ``next`` is the ``after`` of the next page, or null."""
        asked = request.query_params
        state = asked.get("state")
        if state is not None and state not in set(State):
            raise Refusal(
                422,
                "unknown_state",
                "Unknown state",
                f"state is one of {', '.join(State)}; leave it out for all.",
            )
        limit = _number(asked.get("limit", "100"))
        after = _uuid(asked.get("after"))
        async with self._service.transaction() as work:
            found = await reports.listed(
                work.db,
                county=asked.get("county"),
                state=state,
                case_number=asked.get("case_number"),
                after=after,
                limit=limit,
            )
        following = str(found[-1].relief_id) if len(found) == limit else None
        return JSONResponse({"reliefs": [each.model_dump(mode="json") for each in found], "next": following})

    async def subject(self, request: Request) -> Response:
        """What is judged of one subject, and the relief on it."""
        subject_id = SubjectId(identifier(request, "id", "subject"))
        async with self._service.transaction() as work:
            found = await reports.subject(work.db, subject_id)
        if found is None:
            raise Refusal(404, "not_found", "Not found", "No determination of this subject has come.")
        return JSONResponse(found)

    async def counts(self, request: Request) -> Response:
        """By county and state; ``?by=race,level`` lists ``groups`` by these characteristics instead."""
        by = [each for each in request.query_params.get("by", "").split(",") if each]
        if not set(by) <= CHARACTERISTICS.keys() or len(set(by)) < len(by):
            raise Refusal(
                422, "unknown_by", "Unknown by", f"by lists some of {', '.join(CHARACTERISTICS)}, each once."
            )
        async with self._service.transaction() as work:
            if by:
                chosen = [each for each in CHARACTERISTICS if each in by]
                return JSONResponse({"groups": await reports.groups(work.db, *chosen)})
            return JSONResponse(await reports.counts(work.db, self._counties))

    async def export(self, request: Request) -> Response:
        """Every relief as NDJSON, as of one moment; ``?county=`` for one county's."""
        return StreamingResponse(
            self._ndjson(request.query_params.get("county")), media_type="application/x-ndjson"
        )

    async def _ndjson(self, county: str | None) -> AsyncIterator[str]:
        async with self._service.transaction() as work:
            async for line in reports.exported(work.db, county):
                yield json.dumps(line, default=_iso) + "\n"


def _iso(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= MOST:
        raise Refusal(422, "invalid_limit", "Invalid limit", f"limit is a number from 1 to {MOST}.")
    return int(text)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Refusal(
            422, "invalid_after", "Invalid after", "after is the next of the page before."
        ) from None
