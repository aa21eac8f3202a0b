"""Standing orders over HTTP, which the court's clerk enters, another clerk confirms, and either discards or ends."""

from msgspec.structs import asdict

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.route import EdgeRoute
from services.chassis.identity.guard import Grants, allowed
from services.chassis.identity.row_security import as_caller
from services.relief.http.dependencies import NO_COUNTY, County, Given
from services.relief.http.documents import StandingOrderEntered, StandingOrders
from services.relief.http.orders.confirmation import CHANGED, OWN_ENTRY, confirmed_by_another
from services.relief.http.reports import waiting
from services.relief.http.requests import ConfirmBody, EndBody, NumberBody, StandingOrderBody, not_later
from services.relief.orders import standing_orders as orders
from services.relief.orders.standing_orders import InForceAlready, StandingOrder

standing_orders = router(EdgeRoute)
CLERK = allowed(Grants("clerk"))
OF_COUNTY = "/v1/counties/{county}/standing-orders"
NOT_ENTERED = "No such county, or no standing order of this number waits for its confirmation."


@standing_orders.get(
    OF_COUNTY,
    summary="All standing orders of the county, the one in force, what waits and why",
    dependencies=[allowed(Grants("clerk", "district_attorney", "operator"))],
    responses=problems(NO_COUNTY),
)
async def list_standing_orders(given: Given, by: ActingBy, county: County) -> StandingOrders:
    async with as_caller(given.transaction, by.caller) as work:
        found = await orders.of_county(work.db, county.county)
        waits = await waiting(work.db, county)
    return StandingOrders(
        county=county.county,
        order_mode=county.order_mode,
        in_force=next((each.number for each in found if each.in_force), None),
        **waits,
        standing_orders=found,
    )


@standing_orders.post(
    OF_COUNTY,
    summary="Enter a standing order, which another clerk confirms",
    description="Nothing is ordered under it before. The same one again changes nothing.",
    status_code=201,
    dependencies=[CLERK],
    responses=problems(
        {**NO_COUNTY, 409: "Another standing order is in force, or waits for its confirmation."}
    ),
)
async def enter_standing_order(
    given: Given, by: ActingBy, county: County, asked: StandingOrderBody
) -> StandingOrderEntered:
    not_later("on", asked.on, given.today(county))
    async with given.transaction() as work:
        order = StandingOrder(county=county.county, entered_at=work.now, entered_by=by.who, **dict(asked))
        try:
            entered = await orders.enter(work.db, order)
            await audited(work, by.on(f"standing-order/{county.county}/{asked.number}"))
        except InForceAlready:
            raise Refusal(
                409,
                "standing_order_in_force",
                "Another standing order is in force",
                "The county has another standing order in force or waiting for its confirmation, or one of this "
                "number with other facts: end or discard that one first, or give this one its own number.",
            ) from None
        waits = await waiting(work.db, county)
    return StandingOrderEntered(**asdict(entered), order_mode=county.order_mode, **waits)


@standing_orders.post(
    f"{OF_COUNTY}/confirm",
    summary="Put in force a standing order that another clerk entered",
    description="In standing mode, what waits is ordered under it within seconds. Confirming it again changes nothing.",
    dependencies=[CLERK],
    responses=problems({404: NOT_ENTERED, 409: OWN_ENTRY, 412: CHANGED}),
)
async def confirm_standing_order(
    given: Given, by: ActingBy, county: County, asked: ConfirmBody
) -> StandingOrderEntered:
    async with given.transaction() as work:
        with confirmed_by_another():
            confirmed = await orders.confirm(work, county.county, asked.number, by.who, asked.digest)
        if confirmed is None:
            raise Refusal(404, "not_found", "Not entered", NOT_ENTERED)
        outcome = "done" if confirmed.confirmed_at == work.now else "unchanged"
        await audited(work, by.on(f"standing-order/{county.county}/{asked.number}", outcome))
        waits = await waiting(work.db, county)
    return StandingOrderEntered(**asdict(confirmed), order_mode=county.order_mode, **waits)


@standing_orders.post(
    f"{OF_COUNTY}/discard",
    summary="Discard a standing order that was entered and not confirmed",
    dependencies=[CLERK],
    responses=problems({404: NOT_ENTERED}),
)
async def discard_standing_order(
    given: Given, by: ActingBy, county: County, asked: NumberBody
) -> StandingOrder:
    async with given.transaction() as work:
        discarded = await orders.discard(work, county.county, asked.number, given.today(county))
        if discarded is None:
            raise Refusal(404, "not_found", "Not entered", NOT_ENTERED)
        await audited(work, by.on(f"standing-order/{county.county}/{asked.number}"))
    return discarded


@standing_orders.post(
    f"{OF_COUNTY}/end",
    summary="End the standing order",
    description="What was ordered under it stays ordered; what comes waits.",
    dependencies=[CLERK],
    responses=problems({404: "No such county, or it has no standing order of this number in force."}),
)
async def end_standing_order(given: Given, by: ActingBy, county: County, asked: EndBody) -> StandingOrder:
    on = asked.on or given.today(county)
    not_later("on", on, given.today(county))
    async with given.transaction() as work:
        ended = await orders.end(work.db, county.county, asked.number, on, given.clock)
        if ended:
            await audited(work, by.on(f"standing-order/{county.county}/{asked.number}"))
    if ended is None:
        raise Refusal(
            404, "not_found", "Not in force", "The county has no standing order of this number in force."
        )
    return ended
