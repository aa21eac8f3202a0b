"""Sealing over HTTP: what it waits for, a clerk who has it done at once, legal holds, and that a person was told."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import ReliefId
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.problems import problems
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.chassis.runtime.unit_of_work import Work
from services.relief import store
from services.relief.http.dependencies import NO_COUNTY, County, Given
from services.relief.http.documents import SealsOfCounty
from services.relief.http.relief_endpoints import DOES_NOT_FIT, NO_RELIEF, fitting, locked_relief
from services.relief.http.requests import HoldBody, PersonToldBody, SealBody, not_later
from services.relief.lifecycle.transitions import LegalHold, Relief, Seal, held, sealed
from services.relief.sealing.due import seal_what_is_due, stages_of

seals = router()
ONE = "/v1/reliefs/{id}"
Id = Annotated[UUID, Path(alias="id")]
Clerk = Annotated[Caller, allowed(Grants("clerk", per_case=True))]
Holds = Annotated[Caller, allowed(Grants("clerk", "district_attorney", per_case=True))]
Tells = Annotated[Caller, allowed(Grants("clerk", "public_defender", "records_unit", per_case=True))]


@seals.get(
    "/v1/counties/{county}/seals",
    summary="Dismissals of the county: sealed, being sealed, due, and what the others wait for",
    dependencies=[
        allowed(Grants("clerk", "district_attorney", "public_defender", "records_unit", "operator"))
    ],
    responses=problems(NO_COUNTY),
)
async def show_seals(given: Given, county: County) -> SealsOfCounty:
    async with given.transaction() as work:
        return await _shown(work, county)


@seals.post(
    "/v1/counties/{county}/seals",
    summary="Seal what is due in the county now, some hundred at a time",
    description="A job does it each minute. ``due`` in the answer: how many are left to ask again for.",
    dependencies=[allowed(Grants("clerk"))],
    responses=problems(NO_COUNTY),
)
async def seal_due(given: Given, by: ActingBy, county: County) -> SealsOfCounty:
    async with given.transaction() as work:
        await seal_what_is_due({county.county: county})(work)
        await audited(work, by.on(f"seals/{county.county}"))
        return await _shown(work, county)


async def _shown(work: Work, county: CountyFile) -> SealsOfCounty:
    stages = await stages_of(work, county.county, county.seal_after_days)
    return SealsOfCounty(county=county.county, seal_after_days=county.seal_after_days, **stages._asdict())


@seals.post(
    f"{ONE}/seal",
    summary="Seal a dismissed conviction at once, for a reason",
    description="Whatever it waits for but a legal hold and what is open with the district attorney. Every service "
    "forgets the conviction, for good.",
    responses=problems(DOES_NOT_FIT),
)
async def seal_relief(given: Given, caller: Clerk, by: ActingBy, relief_id: Id, asked: SealBody) -> Relief:
    async with given.transaction() as work:
        found = await locked_relief(work, ReliefId(relief_id), caller)
        counts = await store.counts_held(work.db, found.relief_id)
        with fitting():
            relief, event = sealed(found, Seal(at=work.now, by=caller.account, reason=asked.reason), counts)
        await store.save(work.db, [relief])
        work.emit(event, store.carried(relief))
        await audited(work, by.on(f"relief/{relief_id}", why=asked.reason))
    return relief


@seals.post(
    f"{ONE}/legal-hold",
    summary="Keep a conviction from being sealed",
    description="A hold that stands stays as it is. What is being sealed cannot be held any more.",
    responses=problems(DOES_NOT_FIT),
)
async def hold_relief(given: Given, caller: Holds, by: ActingBy, relief_id: Id, asked: HoldBody) -> Relief:
    async with given.transaction() as work:
        relief = await locked_relief(work, ReliefId(relief_id), caller)
        if relief.legal_hold is None:
            with fitting():
                relief = held(relief, LegalHold(by=caller.account, at=work.now, reason=asked.reason))
            await store.save(work.db, [relief])
        await audited(work, by.on(f"relief/{relief_id}", why=asked.reason))
    return relief


@seals.post(f"{ONE}/legal-hold/end", summary="End a legal hold", responses=problems(NO_RELIEF))
async def end_hold(given: Given, caller: Holds, by: ActingBy, relief_id: Id) -> Relief:
    async with given.transaction() as work:
        relief = await locked_relief(work, ReliefId(relief_id), caller)
        relief = relief.model_copy(update={"legal_hold": None})
        await store.save(work.db, [relief])
        await audited(work, by.on(f"relief/{relief_id}"))
    return relief


@seals.post(
    f"{ONE}/told",
    summary="Note that the person was told of the relief, and has the certificate",
    description="What every source shows is sealed then; without it, after the county's time.",
    responses=problems(NO_RELIEF),
)
async def note_told(
    given: Given, caller: Tells, by: ActingBy, relief_id: Id, asked: PersonToldBody
) -> Relief:
    async with given.transaction() as work:
        relief = await locked_relief(work, ReliefId(relief_id), caller)
        today = given.today(given.counties.get(relief.conviction.county))
        on = asked.on or today
        not_later("on", on, today)
        relief = relief.model_copy(update={"told_on": relief.told_on or on})
        await store.save(work.db, [relief])
        await audited(work, by.on(f"relief/{relief_id}"))
    return relief
