"""What became of an order's lines in the court, and whom the court told, over HTTP."""

from typing import Annotated

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.problems import Refusal, problems
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.relief.http.dependencies import Given
from services.relief.http.documents import OrderOutcomes, ProposedOrderTold
from services.relief.http.orders.proposed_order_endpoints import NO_ORDER, ONE, Id, locked_order
from services.relief.http.requests import OutcomesBody, ToldBody, not_later
from services.relief.orders import line_outcomes
from services.relief.orders.proposed_orders import NotOpen

order_outcomes = router()
Clerk = Annotated[Caller, allowed(Grants("clerk", per_case=True))]
NOT_YET = {**NO_ORDER, 409: "No order on it is confirmed yet."}


@order_outcomes.post(
    f"{ONE}/outcomes",
    summary="What the clerk found when lines were carried out: done, not found, destroyed, duplicate",
    description="Of at most 1,000 lines; of a line that was told before, the new one counts. What is done is "
    "acknowledged by the court.",
    responses=problems(NOT_YET),
)
async def tell_line_outcomes(
    given: Given, caller: Clerk, by: ActingBy, order_id: Id, asked: OutcomesBody
) -> OrderOutcomes:
    outcomes = {one.line: one.outcome for one in asked.outcomes}
    async with given.transaction() as work:
        found = await locked_order(work, order_id, caller)
        try:
            not_taken = await line_outcomes.tell(work, found, outcomes, by.who)
        except NotOpen:
            raise _not_confirmed() from None
        await audited(work, by.on(f"proposed-order/{order_id}", f"{len(outcomes) - len(not_taken)} lines"))
        return OrderOutcomes(not_taken=not_taken, outcomes=await line_outcomes.counted(work.db, order_id))


@order_outcomes.post(
    f"{ONE}/told",
    summary="The day on which the court reported to DOJ, or sent the copies to the arresting agencies",
    description="Due 30 days after the order (PC 13151).",
    responses=problems(NOT_YET),
)
async def tell_whom_the_court_told(
    given: Given, caller: Clerk, by: ActingBy, order_id: Id, asked: ToldBody
) -> ProposedOrderTold:
    async with given.transaction() as work:
        found = await locked_order(work, order_id, caller)
        not_later("on", asked.on, given.today(given.counties.get(found.county)))
        try:
            told = await line_outcomes.was_told(work.db, found, asked.to, asked.on)
        except NotOpen:
            raise _not_confirmed() from None
        await audited(work, by.on(f"proposed-order/{order_id}", f"told {asked.to}"))
    return ProposedOrderTold(proposed_order=told)


def _not_confirmed() -> Refusal:
    return Refusal(
        409, "not_confirmed", "Not confirmed", "Nothing was kept: no order on it is confirmed yet."
    )
