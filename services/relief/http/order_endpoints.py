"""Endpoints of court orders: standing, proposed, entered."""

import asyncio
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.relief import CourtOrder
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.service import Service
from services.relief.counties import Counties
from services.relief.http.reports import waiting
from services.relief.http.requests import EndBody, EnterBody, Refusal, StandingOrderBody, body, not_later
from services.relief.orders import entered_orders, proposed_orders, standing_orders
from services.relief.orders.entered_orders import UnknownExceptions
from services.relief.orders.proposed_orders import NotOpen, ProposedOrder
from services.relief.orders.standing_orders import InForceAlready, StandingOrder


class OrderEndpoints:
    """What the court's clerk and the district attorney's office do with orders."""

    def __init__(self, service: Service, counties: Counties, clock: Clock) -> None:
        self._service, self._counties, self._clock = service, counties, clock

    async def standing_orders(self, request: Request) -> Response:
        """All standing orders of the county, the one in force, what waits and why."""
        county = self._county(request)
        async with self._service.transaction() as work:
            found = await standing_orders.of_county(work.db, county.county)
            waits = await waiting(work.db, county)
        return JSONResponse(
            {
                "county": county.county,
                "order_mode": county.order_mode,
                "in_force": next((each.number for each in found if each.ended_at is None), None),
                **waits,
                "standing_orders": [each.model_dump(mode="json") for each in found],
            }
        )

    async def enter_standing_order(self, request: Request) -> Response:
        """Puts a standing order in force; what waits is ordered under it within seconds, in standing mode."""
        county = self._county(request)
        asked = await body(request, StandingOrderBody)
        not_later("on", asked.on, self._today(county))
        async with self._service.transaction() as work:
            order = StandingOrder(
                county=county.county,
                number=asked.number,
                judge=asked.judge,
                on=asked.on,
                scope=asked.scope,
                entered_at=work.now,
            )
            try:
                entered = await standing_orders.enter(work.db, order)
            except InForceAlready:
                raise Refusal(
                    409,
                    "standing_order_in_force",
                    "Another standing order is in force",
                    "The county has another standing order in force, or one of this number with other facts: "
                    "end the one in force first, or give this one its own number.",
                ) from None
            waits = await waiting(work.db, county)
        return JSONResponse(
            {**entered.model_dump(mode="json"), "order_mode": county.order_mode, **waits}, 201
        )

    async def end_standing_order(self, request: Request) -> Response:
        """Ends the standing order; what was ordered under it stays ordered, what comes waits."""
        county = self._county(request)
        asked = await body(request, EndBody)
        on = asked.on or self._today(county)
        not_later("on", on, self._today(county))
        async with self._service.transaction() as work:
            ended = await standing_orders.end(work.db, county.county, asked.number, on, self._clock)
        if ended is None:
            raise Refusal(
                404, "not_found", "Not in force", "The county has no standing order of this number in force."
            )
        return JSONResponse(ended.model_dump(mode="json"))

    async def proposed_orders(self, request: Request) -> Response:
        """All proposed orders of the county, without their lines."""
        county = self._county(request)
        async with self._service.transaction() as work:
            found = await proposed_orders.of_county(work.db, county.county)
        return JSONResponse({"proposed_orders": [each.model_dump(mode="json") for each in found]})

    async def propose(self, request: Request) -> Response:
        """Bundles what waits; ``proposed_order`` is null when nothing does."""
        county = self._county(request)
        async with self._service.transaction() as work:
            made, new = await proposed_orders.propose(work, county.county)
            listed = await proposed_orders.lines(work.db, made.proposed_order_id) if made else []
        return _answer(made, {}, listed, 201 if new else 200)

    async def proposed_order(self, request: Request) -> Response:
        """One proposed order with its lines, and what became of each."""
        async with self._service.transaction() as work:
            found = _there(await proposed_orders.find(work.db, request.path_params["id"]))
            results = await proposed_orders.results(work.db, found.proposed_order_id)
            listed = await proposed_orders.lines(work.db, found.proposed_order_id)
        return _answer(found, results, listed)

    async def enter(self, request: Request) -> Response:
        """Enters the court's order; answers with the lines that were not ordered, when all others are."""
        asked = await body(request, EnterBody)
        async with self._service.transaction() as work:
            found = _there(await proposed_orders.find(work.db, request.path_params["id"], lock=True))
            not_later("on", asked.on, self._today(self._counties.get(found.county)))
            order = CourtOrder(number=asked.order_number, judge=asked.judge, on=asked.on)
            try:
                entered = await entered_orders.enter(work, found, order, asked.exceptions)
            except NotOpen:
                raise _not_open(found) from None
            except UnknownExceptions as unknown:
                raise Refusal(
                    422,
                    "unknown_exceptions",
                    "Exceptions that name no line",
                    f"Nothing was ordered. Entries {', '.join(map(str, unknown.positions[:50]))} of except name no "
                    "line of this proposed order: give case numbers exactly as printed, or relief ids.",
                ) from None
        while True:
            async with self._service.transaction() as work:
                more = await entered_orders.order_lines(work)
            async with self._service.transaction() as work:
                results = await proposed_orders.results(work.db, found.proposed_order_id)
            if "pending" not in results:
                break
            if not more:
                await asyncio.sleep(0.05)  # the job, here or in another replica, has the rest under way
        async with self._service.transaction() as work:
            listed = await proposed_orders.lines(work.db, found.proposed_order_id, but_ordered=True)
        return _answer(entered, results, listed)

    async def discard(self, request: Request) -> Response:
        """The court will not have this list: what is on it goes on the next one."""
        async with self._service.transaction() as work:
            found = _there(await proposed_orders.find(work.db, request.path_params["id"], lock=True))
            try:
                discarded = await proposed_orders.discard(work.db, found)
            except NotOpen:
                raise _not_open(found) from None
        return JSONResponse({"proposed_order": discarded.model_dump(mode="json")})

    def _county(self, request: Request) -> CountyFile:
        county = self._counties.get(CountyName(request.path_params["county"]))
        if county is None:
            raise Refusal(
                404,
                "unknown_county",
                "Unknown county",
                f"No such county here; those set up are {', '.join(sorted(self._counties)) or 'none'}.",
            )
        return county

    def _today(self, county: CountyFile | None) -> date:
        """The day in the county; in California where its folder is gone."""
        return self._clock.today(county.timezone) if county else self._clock.today()


def _there(found: ProposedOrder | None) -> ProposedOrder:
    if found is None:
        raise Refusal(404, "not_found", "Not found", "There is no proposed order of this id.")
    return found


def _not_open(found: ProposedOrder) -> Refusal:
    number = f" as order {found.court_order.number}" if found.court_order else ""
    return Refusal(409, "not_open", "Not open", f"This proposed order is {found.state}{number}.")


def _answer(
    found: ProposedOrder | None, results: dict[str, int], listed: list[dict[str, Any]], status: int = 200
) -> Response:
    shown = found.model_dump(mode="json") if found else None
    return JSONResponse({"proposed_order": shown, "results": results, "lines": listed}, status)
