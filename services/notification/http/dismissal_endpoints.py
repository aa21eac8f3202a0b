"""What the operator reads: dismissals of a subject, the export, counts."""

import json
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi import Query as Parameters
from pydantic import BaseModel
from starlette.responses import Response

from reliefstream_contracts.dismissals import ConvictionDismissed
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.county import OfCounty
from services.chassis.http.dependencies import dependency
from services.chassis.http.ndjson import Ndjson
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import OPERATOR, Grants, allowed
from services.chassis.identity.row_security import as_caller, seen_by
from services.chassis.runtime.unit_of_work import Transaction
from services.notification import dismissal_store
from services.notification.http.dependencies import Dependencies

EXPORT_PAGE = 1000


class DismissalsOfSubject(BaseModel):
    """In the order of publication."""

    subject_id: UUID
    dismissals: list[ConvictionDismissed]


class Counts(BaseModel):
    """``deliveries``: of dismissals and of tests, by status."""

    dismissals: int
    dismissals_by_county: dict[str, int]
    deliveries: dict[str, int]


dismissals = router()
Given = Annotated[Dependencies, Depends(dependency(Dependencies))]
Reader = Annotated[Caller, allowed(Grants("district_attorney", "clerk", per_case=True, break_glass=True))]


@dismissals.get(
    "/v1/subjects/{subject_id}",
    summary="The dismissals of one subject; none for a subject that is not known",
    response_model=DismissalsOfSubject,
)
async def show_subject(given: Given, caller: Reader, by: ActingBy, subject_id: UUID) -> Response:
    async with as_caller(given.transaction, caller) as work:
        events = await dismissal_store.of_subject(work.db, subject_id)
        events = [each for each in events if caller.reaches(json.loads(each)["county"])]
        await audited(work, by.on(f"subject/{subject_id}", "shown"))
    body = f'{{"subject_id":"{subject_id}","dismissals":[{",".join(events)}]}}'
    return Response(body, media_type="application/json")


@dismissals.get(
    "/v1/export/dismissals",
    summary="Every dismissal, one JSON object a line",
    dependencies=[allowed(Grants("district_attorney", "clerk", break_glass=True))],
    response_class=Ndjson,
)
async def export_dismissals(given: Given, by: ActingBy, asked: Annotated[OfCounty, Parameters()]) -> Ndjson:
    async with given.transaction() as work:
        await audited(work, by.exported("dismissals", asked.county))
    return Ndjson(_lines(seen_by(given.transaction, by.caller), asked.county))


@dismissals.get("/v1/counts", summary="Totals of dismissals and deliveries", dependencies=[OPERATOR])
async def counts(given: Given) -> Counts:
    async with given.transaction() as work:
        return Counts.model_validate(await dismissal_store.counts(work.db))


async def _lines(transaction: Transaction, county: str | None) -> AsyncIterator[str]:
    after = dismissal_store.FIRST
    while True:
        async with transaction() as work:
            events, last = await dismissal_store.page(work.db, county, after, EXPORT_PAGE)
        yield "".join(f"{event}\n" for event in events)
        if last is None:
            return
        after = last
