"""The operator's view of records that topics lost, and the acknowledgement that ends an alarm."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import Depends
from fastapi import Query as Parameters
from pydantic import BaseModel

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.consumer import lost_records
from services.chassis.http.application import router
from services.chassis.http.dependencies import dependency
from services.chassis.http.paging import Number
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.route import EdgeRoute, Invalid
from services.chassis.http.text import Body, Moment, Query, Words
from services.chassis.identity.guard import OPERATOR
from services.chassis.runtime.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class LostRecords:
    """Opens the database that holds them."""

    transaction: Transaction


class LostGap(BaseModel):
    """Offsets that a topic no longer had: from ``from_offset`` on, all before ``to_offset``."""

    id: int
    consumer: str
    topic: str
    partition: int
    from_offset: int
    to_offset: int
    noticed_at: Moment
    acknowledged_at: Moment | None
    acknowledged_why: str
    acknowledged_by: str


class LostGaps(BaseModel):
    lost_records: list[LostGap]


class Chosen(Query):
    """``acknowledged``: also those that somebody acknowledged."""

    acknowledged: bool = False


class Acknowledgement(Body):
    """What was done about the lost records."""

    why: Words


class Acknowledged(BaseModel):
    """``before``: it had been acknowledged before this request, and keeps that reason."""

    before: bool


class LostRecordRoute(EdgeRoute):
    invalid: ClassVar = {
        **EdgeRoute.invalid,
        "path": Invalid(404, "no_lost_records", "No such lost records"),
        "query": Invalid(422, "wrong_filter", "Wrong filter"),
        "body": Invalid(422, "no_reason", "No reason"),
    }


lost_record_router = router(LostRecordRoute)
Given = Annotated[LostRecords, Depends(dependency(LostRecords))]
NONE = "No lost records have this number."


@lost_record_router.get(
    "/v1/lost-records",
    summary="Records that a topic lost before they were consumed, by number",
    dependencies=[OPERATOR],
)
async def list_lost_records(given: Given, chosen: Annotated[Chosen, Parameters()]) -> LostGaps:
    async with given.transaction() as work:
        found = await lost_records.found(work.db, acknowledged=chosen.acknowledged)
    return LostGaps(lost_records=[LostGap(**one) for one in found])


@lost_record_router.post(
    "/v1/lost-records/{number}/acknowledge",
    summary="End the alarm about lost records, with what was done about them",
    dependencies=[OPERATOR],
    responses=problems({404: NONE}),
)
async def acknowledge_lost_records(
    given: Given, by: ActingBy, number: Number, said: Acknowledgement
) -> Acknowledged:
    async with given.transaction() as work:
        done = await lost_records.acknowledge(work, number, said.why, by.who)
        if done is not None:
            await audited(work, by.on(f"lost-records/{number}", "done" if done else "unchanged", said.why))
    if done is None:
        raise Refusal(404, "no_lost_records", "No such lost records", NONE)
    return Acknowledged(before=not done)
