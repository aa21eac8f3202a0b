"""A seal that was set by mistake is taken away."""

from typing import Annotated
from uuid import UUID

from fastapi import Query as Parameters

from reliefstream_contracts.identifiers import ReliefId
from reliefstream_contracts.sealing import SealRemoved
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.route import EdgeRoute
from services.chassis.http.text import Query, Words
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.ingest.http.dependencies import Given
from services.ingest.sealing import store

seals = router(EdgeRoute)
By = Annotated[Caller, allowed(Grants("clerk", per_case=True))]


class Reason(Query):
    """``why``: for the audit log."""

    why: Words


@seals.delete(
    "/v1/seals/{relief_id}",
    summary="Take away the seal on a conviction that was sealed by mistake",
    description="What was forgotten does not come back by itself: its sources have to send their records again. "
    "Nobody has to suppress the count any more.",
    status_code=204,
    responses=problems({404: "There is no such seal, or not in a county of the caller."}),
)
async def remove_seal(
    given: Given, caller: By, by: ActingBy, relief_id: UUID, asked: Annotated[Reason, Parameters()]
) -> None:
    async with given.transaction() as work:
        county = await store.county_of(work.db, relief_id)
        if county is None or not caller.reaches(county):
            raise Refusal(404, "no_seal", "No such seal", "Name the relief whose conviction was sealed.")
        await store.remove(work.db, relief_id)
        work.emit(SealRemoved(relief_id=ReliefId(relief_id)))
        await audited(work, by.on(f"seal/{relief_id}", why=asked.why))
