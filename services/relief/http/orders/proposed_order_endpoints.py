"""Proposed orders over HTTP: bundled for the court, entered by one clerk and confirmed by another, or discarded."""

import asyncio
from typing import Annotated, Any

from fastapi import Path, Response

from reliefstream_contracts.relief import CourtOrder
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.text import PlainText
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.chassis.identity.row_security import as_caller
from services.chassis.runtime.unit_of_work import Work
from services.relief.http.dependencies import NO_COUNTY, County, Dependencies, Given
from services.relief.http.documents import ProposedOrderDiscarded, ProposedOrders, ProposedOrderShown
from services.relief.http.orders.confirmation import CHANGED, OWN_ENTRY, confirmed_by_another
from services.relief.http.requests import ConfirmBody, EnterBody, NumberBody, not_later
from services.relief.orders import entered_orders
from services.relief.orders import proposed_orders as orders
from services.relief.orders.entered_orders import UnknownExceptions
from services.relief.orders.halts import halted
from services.relief.orders.proposed_orders import NotOpen, ProposedOrder

proposed_orders = router()
OF_COUNTY = "/v1/counties/{county}/proposed-orders"
ONE = "/v1/proposed-orders/{id}"
Id = Annotated[PlainText, Path(alias="id", examples=["fresno-1"])]
Reader = Annotated[
    Caller, allowed(Grants("clerk", "district_attorney", "city_attorney", per_case=True, break_glass=True))
]
Clerk = Annotated[Caller, allowed(Grants("clerk", per_case=True))]
Proposer = Annotated[Caller, allowed(Grants("district_attorney", "clerk", per_case=True))]
NO_ORDER = {404: "There is no proposed order of this id."}


@proposed_orders.get(
    OF_COUNTY,
    summary="All proposed orders of the county, without their lines",
    dependencies=[allowed(Grants("clerk", "district_attorney", "city_attorney", "operator", per_case=True))],
    responses=problems(NO_COUNTY),
)
async def list_proposed_orders(given: Given, by: ActingBy, county: County) -> ProposedOrders:
    async with as_caller(given.transaction, by.caller) as work:
        return ProposedOrders(proposed_orders=await orders.of_county(work.db, county.county))


@proposed_orders.post(
    OF_COUNTY,
    summary="Bundle what waits into a proposed order",
    description="201: a new one. 200: nothing new waits; the open one made last, or null.",
    dependencies=[allowed(Grants("district_attorney", "clerk"))],
    responses={201: {"model": ProposedOrderShown}, **problems(NO_COUNTY)},
)
async def propose_order(given: Given, by: ActingBy, county: County, response: Response) -> ProposedOrderShown:
    async with given.transaction() as work:
        made, new = await orders.propose(work, county.county)
        listed = await orders.lines(work.db, made.proposed_order_id) if made else []
        if made:
            outcome = "done" if new else "unchanged"
            await audited(work, by.on(f"proposed-order/{made.proposed_order_id}", outcome))
    response.status_code = 201 if new else 200
    return _shown(made, {}, listed)


@proposed_orders.get(
    ONE,
    summary="One proposed order with its lines, and what became of each",
    description="A city attorney sees the lines that are routed to that city.",
    responses=problems(NO_ORDER),
)
async def show_proposed_order(given: Given, _: Reader, by: ActingBy, order_id: Id) -> ProposedOrderShown:
    async with as_caller(given.transaction, by.caller) as work:
        found = await orders.find(work.db, order_id)
        if found is None:
            raise _none()
        await audited(work, by.on(f"proposed-order/{order_id}", "shown"))
        results = await orders.results(work.db, found.proposed_order_id)
        listed = await orders.lines(work.db, found.proposed_order_id)
    return _shown(found, results, listed)


@proposed_orders.post(
    f"{ONE}/enter",
    summary="Enter the court's order, which another clerk confirms",
    description="Nothing is ordered before. The same entry again changes nothing.",
    responses=problems({**NO_ORDER, 409: "It was entered under another number, or discarded."}),
)
async def enter_proposed_order(
    given: Given, caller: Clerk, by: ActingBy, order_id: Id, asked: EnterBody
) -> ProposedOrderShown:
    async with given.transaction() as work:
        found = await locked_order(work, order_id, caller)
        await _not_halted(work, found)
        not_later("on", asked.on, given.today(given.counties.get(found.county)))
        order = CourtOrder(number=asked.order_number, judge=asked.judge, on=asked.on)
        try:
            entered = await entered_orders.enter(work, found, order, asked.exceptions, by.who)
            await audited(work, by.on(f"proposed-order/{order_id}", f"order {asked.order_number}"))
        except NotOpen:
            raise _not_open(found) from None
        except UnknownExceptions as unknown:
            raise Refusal(
                422,
                "unknown_exceptions",
                "Exceptions that name no line",
                f"Nothing was entered. Entries {', '.join(map(str, unknown.positions[:50]))} of except name no "
                "line of this proposed order: give relief ids or counts as they are printed. Co-defendants share a "
                "case number, so that it names no line.",
            ) from None
        results = await orders.results(work.db, found.proposed_order_id)
        listed = await orders.lines(work.db, found.proposed_order_id, but_ordered=True)
    return _shown(entered, results, listed)


@proposed_orders.post(
    f"{ONE}/confirm",
    summary="Confirm the order that another clerk entered; the answer has the lines that were not ordered",
    description="Answers when all other lines are ordered. What was challenged or withdrawn since the entry is left "
    "out, and listed. Confirming it again changes nothing.",
    responses=problems(
        {**NO_ORDER, 409: f"No order of this number was entered on it. Or: {OWN_ENTRY}", 412: CHANGED}
    ),
)
async def confirm_proposed_order(
    given: Given, caller: Clerk, by: ActingBy, order_id: Id, asked: ConfirmBody
) -> ProposedOrderShown:
    async with given.transaction() as work:
        found = await locked_order(work, order_id, caller)
        await _not_halted(work, found)
        try:
            with confirmed_by_another():
                confirmed = await entered_orders.confirm(work, found, asked.number, by.who, asked.digest)
        except NotOpen:
            raise _not_open(found) from None
        outcome = "unchanged" if found.state == "entered" else f"order {asked.number}"
        await audited(work, by.on(f"proposed-order/{order_id}", outcome))
    results = await _all_ordered(given, found)
    async with given.transaction() as work:
        listed = await orders.lines(work.db, found.proposed_order_id, but_ordered=True)
    return _shown(confirmed, results, listed)


@proposed_orders.post(
    f"{ONE}/discard-entry",
    summary="Discard the order that was entered and not confirmed; the list is before the court as it was",
    responses=problems({**NO_ORDER, 409: "No order of this number waits for its confirmation."}),
)
async def discard_entered_order(
    given: Given, caller: Clerk, by: ActingBy, order_id: Id, asked: NumberBody
) -> ProposedOrderDiscarded:
    async with given.transaction() as work:
        found = await locked_order(work, order_id, caller)
        try:
            discarded = await entered_orders.discard_entry(work, found, asked.number)
        except NotOpen:
            raise _not_open(found) from None
        await audited(work, by.on(f"proposed-order/{order_id}", f"order {asked.number}"))
    return ProposedOrderDiscarded(proposed_order=discarded)


@proposed_orders.post(
    f"{ONE}/discard",
    summary="Discard a list that the court will not have; what is on it goes on the next one",
    responses=problems({**NO_ORDER, 409: "An order was entered on it."}),
)
async def discard_proposed_order(
    given: Given, caller: Proposer, by: ActingBy, order_id: Id
) -> ProposedOrderDiscarded:
    async with given.transaction() as work:
        found = await locked_order(work, order_id, caller)
        try:
            discarded = await orders.discard(work.db, found)
        except NotOpen:
            raise _not_open(found) from None
        await audited(work, by.on(f"proposed-order/{order_id}"))
    return ProposedOrderDiscarded(proposed_order=discarded)


async def _all_ordered(given: Dependencies, found: ProposedOrder) -> dict[str, int]:
    """The results, once no line is pending, or ordering in the county was halted."""
    while True:
        async with given.transaction() as work:
            more = await entered_orders.order_lines(work)
        async with given.transaction() as work:
            results = await orders.results(work.db, found.proposed_order_id)
            stopped = await halted(work, found.county)
        if "pending" not in results or stopped:
            return results
        if not more:
            await asyncio.sleep(0.05)  # the job, here or in another replica, has the rest under way


async def locked_order(work: Work, order_id: str, caller: Caller) -> ProposedOrder:
    """The proposed order, locked until the transaction ends. Raises Refusal."""
    found = await orders.find(work.db, order_id, lock=True)
    if found is None or not caller.reaches(found.county):
        raise _none()
    return found


async def _not_halted(work: Work, found: ProposedOrder) -> None:
    if await halted(work, found.county):
        raise Refusal(
            409,
            "ordering_halted",
            "Ordering is halted",
            "All ordering in this county is halted: reliefstream review resume lets it go on.",
        )


def _none() -> Refusal:
    return Refusal(404, "not_found", "Not found", NO_ORDER[404])


def _not_open(found: ProposedOrder) -> Refusal:
    number = f" as order {found.court_order.number}" if found.court_order else ""
    state = "entered, waiting for its confirmation," if found.state == "waiting" else found.state
    return Refusal(409, "not_open", "Not open", f"This proposed order is {state}{number}.")


def _shown(
    found: ProposedOrder | None, results: dict[str, int], listed: list[dict[str, Any]]
) -> ProposedOrderShown:
    return ProposedOrderShown.model_validate({"proposed_order": found, "results": results, "lines": listed})
