"""Sealing over HTTP: what it waits for, a clerk who has it done at once, legal holds, and that a person was told."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Path
from fastapi import Query as Parameters
from pydantic import Field

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import ReliefId
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.paging import next_after
from services.chassis.http.problems import problems
from services.chassis.http.text import OptionalText, Query
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.chassis.runtime.unit_of_work import Work
from services.relief import store
from services.relief.certificate import printed
from services.relief.http.dependencies import NO_COUNTY, County, Given
from services.relief.http.documents import (
    OpenDiscrepancy,
    SealingDismissal,
    SealingDismissals,
    SealsOfCounty,
    StillToForget,
)
from services.relief.http.relief_endpoints import DOES_NOT_FIT, NO_RELIEF, fitting, locked_relief
from services.relief.http.requests import HoldBody, PersonToldBody, SealBody, not_later
from services.relief.lifecycle.transitions import LegalHold, Relief, Seal, held, told
from services.relief.sealing.at_once import other_orders, seal_all
from services.relief.sealing.due import (
    OpenEntry,
    Stage,
    Which,
    counts_of,
    dismissals,
    open_entries,
    seal_some,
    stages_of,
)
from services.relief.sealing.missing import missing

seals = router()
ONE = "/v1/reliefs/{id}"
Id = Annotated[UUID, Path(alias="id")]
Clerk = Annotated[Caller, allowed(Grants("clerk", per_case=True))]
Holds = Annotated[Caller, allowed(Grants("clerk", "district_attorney", per_case=True))]
Tells = Annotated[Caller, allowed(Grants("clerk", "public_defender", "records_unit", per_case=True))]


class SealingPage(Query):
    """``after``: the ``next`` of the page before. ``case_number``: as the court writes it."""

    stage: Stage | None = None
    case_number: OptionalText = None
    relief_id: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: UUID | None = None


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


@seals.get(
    "/v1/counties/{county}/seals/dismissals",
    summary="Dismissals of the county that are not sealed yet, and what each waits for",
    dependencies=[allowed(Grants("clerk", "district_attorney", "public_defender", "records_unit"))],
    responses=problems(NO_COUNTY),
)
async def list_dismissals(
    given: Given, by: ActingBy, county: County, asked: Annotated[SealingPage, Parameters()]
) -> SealingDismissals:
    which = Which(asked.stage, asked.case_number, asked.relief_id, asked.after or UUID(int=0))
    async with given.transaction() as work:
        found = await dismissals(work, county, which, asked.limit)
        open_ones = await open_entries(work.db, [relief.relief_id for relief, _ in found])
        await audited(work, by.on(f"seals/{county.county}", "shown"))
    last = next_after(found, asked.limit, lambda one: one[0].relief_id)
    lines = [_line(relief, stage, open_ones.get(relief.relief_id, [])) for relief, stage in found]
    return SealingDismissals(dismissals=lines, next=last)


def _line(relief: Relief, stage: Stage, open_ones: Sequence[OpenEntry]) -> SealingDismissal:
    if relief.court_order is None:
        raise ValueError("a dismissal that was ordered without an order")
    conviction, says = relief.conviction, printed(relief)
    return SealingDismissal(
        relief_id=relief.relief_id,
        stage=stage,
        section=says.section,
        court=conviction.court,
        case_number=says.case_number,
        conviction_date=says.conviction_date,
        subject_id=conviction.subject_id,
        order_number=relief.court_order.number,
        ordered_on=relief.court_order.on,
        shown_by=relief.acknowledged_by,
        told_on=relief.told_on,
        legal_hold=relief.legal_hold,
        discrepancies=[OpenDiscrepancy(**one._asdict()) for one in open_ones],
    )


@seals.post(
    "/v1/counties/{county}/seals",
    summary="Seal what is due in the county now, as many as may be sealed at a time",
    description="A job does it as well. ``due`` in the answer: how many are left; they follow once these are sealed.",
    dependencies=[allowed(Grants("clerk"))],
    responses=problems(NO_COUNTY),
)
async def seal_due(given: Given, by: ActingBy, county: County) -> SealsOfCounty:
    async with given.transaction() as work:
        await seal_some(work, {county.county: county})
        await audited(work, by.on(f"seals/{county.county}"))
        return await _shown(work, county)


async def _shown(work: Work, county: CountyFile) -> SealsOfCounty:
    stages = await stages_of(work, county.county, county.seal_after_days)
    left = [StillToForget(**one._asdict()) for one in await missing(work.db, county.county)]
    return SealsOfCounty(
        county=county.county, seal_after_days=county.seal_after_days, missing=left, **stages._asdict()
    )


@seals.post(
    f"{ONE}/seal",
    summary="Seal a dismissed conviction at once, for a reason",
    description="Whatever it waits for but a legal hold and what is open with the district attorney. Every service "
    "forgets the conviction, for good.",
    responses=problems(DOES_NOT_FIT),
)
async def seal_relief(given: Given, caller: Clerk, by: ActingBy, relief_id: Id, asked: SealBody) -> Relief:
    one = ReliefId(relief_id)
    async with given.transaction() as work:
        counts = await counts_of(work.db, one)
        await store.lock_around(work.db, counts)
        found = await locked_relief(work, one, caller)
        seal = Seal(at=work.now, by=caller.account, reason=asked.reason)
        with fitting():
            await seal_all(work, [found, *await other_orders(work.db, found, counts)], seal, counts)
        await audited(work, by.on(f"relief/{relief_id}", why=asked.reason))
        return await locked_relief(work, one, caller)


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
        relief = relief.replace(legal_hold=None)
        await store.save(work.db, [relief])
        await audited(work, by.on(f"relief/{relief_id}"))
    return relief


@seals.post(
    f"{ONE}/told",
    summary="Note that the person was told of the relief, and has the certificate",
    description="What every source shows is sealed then; without it, after the county's time.",
    responses=problems(DOES_NOT_FIT),
)
async def note_told(
    given: Given, caller: Tells, by: ActingBy, relief_id: Id, asked: PersonToldBody
) -> Relief:
    async with given.transaction() as work:
        relief = await locked_relief(work, ReliefId(relief_id), caller)
        today = given.today(given.counties.get(relief.conviction.county))
        on = asked.on or today
        not_later("on", on, today)
        with fitting():
            relief = told(relief, on)
        await store.save(work.db, [relief])
        await audited(work, by.on(f"relief/{relief_id}"))
    return relief
