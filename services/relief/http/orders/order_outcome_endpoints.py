"""What became of an order's lines in the court, and whom the court told, over HTTP."""

import asyncio
from typing import Annotated, ClassVar, Final

from fastapi import Request

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.route import EdgeRoute
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.relief.http.dependencies import Dependencies, Given
from services.relief.http.documents import OrderOutcomes, ProposedOrderTold
from services.relief.http.orders.proposed_order_endpoints import NO_ORDER, ONE, Id, locked_order
from services.relief.http.requests import OutcomesBody, ToldBody, not_later
from services.relief.orders import line_outcomes
from services.relief.orders.line_outcomes import LineOutcome
from services.relief.orders.outcome_table import WrongOutcomes, read_outcomes
from services.relief.orders.proposed_orders import NotOpen
from services.table_files import XLSX, UnreadableTable, table_rows

AT_A_TIME: Final = 1000
"""Lines of one transaction."""


class OutcomeRoute(EdgeRoute):
    largest_body: ClassVar[int] = 4 * 1024 * 1024


order_outcomes = router(OutcomeRoute)
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
    return await _kept(given, caller, by, order_id, {one.line: one.outcome for one in asked.outcomes})


@order_outcomes.post(
    f"{ONE}/outcomes/table",
    summary="The same as a table: CSV or XLSX with the columns line and outcome",
    description="Any other columns are not read, so that the list itself can be sent with one column more; without "
    "names of columns each row is a line and its outcome. Nothing is kept where a row says neither.",
    responses=problems(
        {
            **NOT_YET,
            408: "The body did not arrive in time.",
            413: "The body is too large.",
            422: "It is no such table, or a row says no outcome; ``detail`` says which.",
        }
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                XLSX: {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
)
async def tell_line_outcomes_as_table(
    given: Given, caller: Clerk, by: ActingBy, order_id: Id, request: Request
) -> OrderOutcomes:
    try:
        outcomes = read_outcomes(await asyncio.to_thread(table_rows, await request.body()))
    except UnreadableTable as unreadable:
        raise Refusal(422, "unreadable", "The table cannot be read", str(unreadable)) from None
    except WrongOutcomes as wrong:
        raise Refusal(422, "wrong_rows", "The table says no outcomes", str(wrong)) from None
    return await _kept(given, caller, by, order_id, outcomes)


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


async def _kept(
    given: Dependencies, caller: Caller, by: ActingBy, order_id: str, outcomes: dict[int, LineOutcome]
) -> OrderOutcomes:
    """Keeps them; told again after an error in between, nothing is kept twice. Raises Refusal."""
    not_taken: list[int] = []
    lines = sorted(outcomes)
    for start in range(0, len(lines), AT_A_TIME):
        part = {line: outcomes[line] for line in lines[start : start + AT_A_TIME]}
        async with given.transaction() as work:
            found = await locked_order(work, order_id, caller)
            try:
                not_taken += await line_outcomes.tell(work, found, part, by.who)
            except NotOpen:
                raise _not_confirmed() from None
            await audited(work, by.on(f"proposed-order/{order_id}", f"{len(part)} lines"))
    async with given.transaction() as work:
        counted = await line_outcomes.counted(work.db, order_id)
    return OrderOutcomes(told=len(lines), not_taken=not_taken, outcomes=counted)


def _not_confirmed() -> Refusal:
    return Refusal(
        409, "not_confirmed", "Not confirmed", "Nothing was kept: no order on it is confirmed yet."
    )
