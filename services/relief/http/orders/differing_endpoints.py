"""Orders that what is determined now no longer fits, over HTTP: what waits for a person, and who settled it."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from fastapi import Query as Parameters

from reliefstream_contracts.identifiers import ReliefId
from reliefstream_contracts.relief import ReviewOffice
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.paging import next_after, next_text, place_after
from services.chassis.http.problems import Refusal, problems
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.chassis.identity.row_security import as_caller
from services.relief import store
from services.relief.http.dependencies import NO_COUNTY, County, Given
from services.relief.http.orders.differing_documents import (
    DeterminedNow,
    DifferingOrder,
    DifferingOrders,
    DifferingPage,
    OtherOrder,
    SettleBody,
    Settling,
)
from services.relief.http.reviews.callers import cities_of
from services.relief.lifecycle.after_order import TWICE, settled
from services.relief.lifecycle.transitions import Relief
from services.relief.orders import differing
from services.relief.orders.differing import Differing

differing_orders = router()
OF_COUNTY = "/v1/counties/{county}/differing-orders"
ONE = OF_COUNTY + "/{id}"
Id = Annotated[UUID, Path(alias="id")]
Office = Annotated[Caller, allowed(Grants("district_attorney", "city_attorney", "clerk", per_case=True))]
NONE = {404: "No such county, or nothing of this relief waits that the caller may see."}


@differing_orders.get(
    OF_COUNTY,
    summary="Ordered relief that is determined otherwise now, or was ordered twice: what waits for a person",
    description="The order stands. ``differs``: the outcome that is determined now, ``split`` (the order's counts are "
    "of several convictions now) or ``ordered_twice``. The longest waiting first.",
    responses=problems(NO_COUNTY),
)
async def list_differing_orders(
    given: Given, county: County, caller: Office, by: ActingBy, asked: Annotated[DifferingPage, Parameters()]
) -> DifferingOrders:
    cities = cities_of(caller)
    async with as_caller(given.transaction, caller) as work:
        found = await differing.page(work.db, county.county, cities, place_after(asked.after), asked.limit)
        number = await differing.number(work.db, county.county, cities)
        await audited(work, by.exported("differing-orders", county.county))
    shown = [_shown(one) for one in found]
    last = next_after(shown, asked.limit, lambda one: next_text((one.since, one.relief_id)))
    return DifferingOrders(number=number, orders=shown, next=last)


@differing_orders.get(ONE, summary="One of them", responses=problems(NONE))
async def show_differing_order(
    given: Given, county: County, caller: Office, by: ActingBy, relief_id: Id
) -> DifferingOrder:
    async with as_caller(given.transaction, caller) as work:
        found = await differing.one(work.db, ReliefId(relief_id))
        if found is None or found.relief.conviction.county != county.county:
            raise _none()
        await audited(work, by.on(f"relief/{relief_id}", "shown"))
    return _shown(found)


@differing_orders.post(
    ONE + "/settle",
    summary="End it although it still differs, with a reason; it waits again when something else is determined",
    description="Two orders on one conviction are the clerk's to settle, anything else the prosecution's.",
    responses=problems(NONE | {412: "It changed since it was shown.", 409: "Another office settles it."}),
)
async def settle_differing_order(
    *, given: Given, county: County, caller: Office, by: ActingBy, relief_id: Id, asked: SettleBody
) -> Settling:
    async with as_caller(given.transaction, caller) as work:  # whether the caller sees it
        seen = await differing.one(work.db, ReliefId(relief_id))
    if seen is None or seen.relief.conviction.county != county.county:
        raise _none()
    async with given.transaction() as work:
        relief = (await store.lock_reliefs(work.db, [ReliefId(relief_id)])).get(ReliefId(relief_id))
        if relief is None or not relief.discrepancy_open:
            return Settling(done=False)
        if relief.discrepancy_version != asked.version:
            raise Refusal(412, "changed", "It changed", "What is determined changed since it was shown.")
        of_clerk = relief.differs == TWICE
        if not (caller.has("clerk") if of_clerk else _prosecutes(caller)):
            whose = "the clerk" if of_clerk else "the prosecution"
            raise Refusal(409, "another_office", "Another office settles it", f"It is {whose}'s to settle.")
        now, event = settled(relief, caller.account, asked.reason, work.now)
        await store.save(work.db, [now])
        work.emit(event, store.carried(now))
        await audited(work, by.on(f"relief/{relief_id}", "settled", asked.reason))
    return Settling(done=True)


def _prosecutes(caller: Caller) -> bool:
    return caller.has("district_attorney") or caller.has("city_attorney")


def _owner(relief: Relief) -> ReviewOffice:
    if relief.differs == TWICE:
        return "clerk"
    return "city_attorney" if relief.conviction.city else "district_attorney"


def _shown(one: Differing) -> DifferingOrder:
    relief = one.relief
    if relief.court_order is None or relief.differs is None or relief.differs_since is None:
        raise ValueError("a relief that differs without its order")
    return DifferingOrder(
        relief_id=relief.relief_id,
        version=relief.discrepancy_version,
        differs=relief.differs,
        since=relief.differs_since,
        owner="clerk"
        if relief.differs == TWICE
        else "city_attorney"
        if relief.conviction.city
        else "district_attorney",
        conviction=relief.conviction,
        kind=relief.kind,
        redesignated_to=relief.redesignated_to,
        order=relief.court_order,
        now=[DeterminedNow(**each) for each in one.now],
        other_orders=[
            OtherOrder(relief_id=each.relief_id, order=each.court_order, conviction=each.conviction)
            for each in one.others
            if each.court_order
        ],
    )


def _none() -> Refusal:
    return Refusal(404, "not_found", "Not found", "Nothing of this relief waits among what you may see.")
