"""Proposed orders: what waits for the court, the paper for it, and what became of each line."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError
from starlette.responses import Response

from services.console.called.call_faults import Refused
from services.console.paper import print as paper
from services.console.paper import proposed_order
from services.console.web.page_request import Page
from services.console.web.visit import Visit

LISTED: Final = "/counties/{county}/orders"
ONE: Final = f"{LISTED}/{{order}}"
SHOWN_LINES: Final = 200
"""Lines of a list that a page shows; the attachment has all."""
PRINTING: Final = asyncio.Semaphore(1)
"""A paper of thousands of lines takes seconds of one core: one at a time."""


async def show_orders(visit: Visit) -> Response:
    """All proposed orders of the county."""
    found = await visit.services.get("relief", f"/v1/counties/{visit.county}/proposed-orders")
    return visit.page("orders.html", orders=sorted(found["proposed_orders"], key=lambda one: -one["number"]))


async def propose(visit: Visit) -> Response:
    """Bundles what waits."""
    found = await visit.services.post("relief", f"/v1/counties/{visit.county}/proposed-orders")
    made = found["proposed_order"]
    if made is None:
        return visit.to(f"/counties/{visit.county}/orders", notice="Nothing waits for an order.")
    return visit.to(
        f"/counties/{visit.county}/orders/{made['proposed_order_id']}",
        notice=f"{len(found['lines'])} convictions stand on this list.",
    )


async def show_order(visit: Visit) -> Response:
    """One proposed order."""
    return await _shown(visit)


async def pdf(visit: Visit) -> Response:
    """The paper for the court."""
    found = await _read(visit)
    asked = {name: visit.form.get(name) for name in proposed_order.Typed.model_fields}
    try:
        typed = proposed_order.Typed.model_validate(asked)
    except ValidationError as error:
        missing = ", ".join(str(one["loc"][0]).replace("_", " ") for one in error.errors(include_input=False))
        return await _shown(visit, f"Look at these fields again: {missing}.", "pdf")
    said = proposed_order.said(
        visit.county, found["proposed_order"]["number"], proposed_order.rows(found["lines"]), typed
    )
    async with PRINTING:
        made = await asyncio.to_thread(paper.pdf, said)
    return _file(visit, made, "application/pdf", "pdf")


async def attachment_csv(visit: Visit) -> Response:
    """The list as CSV."""
    rows = proposed_order.rows((await _read(visit))["lines"])
    return _file(visit, proposed_order.as_csv(rows).encode(), "text/csv; charset=utf-8", "csv")


async def attachment_xlsx(visit: Visit) -> Response:
    """The list as XLSX."""
    rows = proposed_order.rows((await _read(visit))["lines"])
    made = await asyncio.to_thread(paper.xlsx, proposed_order.COLUMNS, rows)
    return _file(visit, made, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")


async def enter(visit: Visit) -> Response:
    """Enters the order that the court made of the list."""
    body: dict[str, Any] = {name: visit.form.get(name) for name in ("order_number", "judge", "on")}
    if not all(body.values()):
        return await _shown(
            visit, "Give the order's number, the judge and the day, as the court made it.", "enter"
        )
    body["except"] = visit.form.get("except").split()
    return await _act(visit, "enter", body, "The order is entered. Another clerk confirms it.")


async def confirm(visit: Visit) -> Response:
    """Confirms the order that another clerk entered."""
    return await _act(visit, "confirm", {"number": visit.form.get("number")}, "The order is confirmed.")


async def discard_entry(visit: Visit) -> Response:
    """Discards the order that was entered wrongly."""
    done = "The entry is discarded. The list waits for the court’s order."
    return await _act(visit, "discard-entry", {"number": visit.form.get("number")}, done)


async def discard(visit: Visit) -> Response:
    """Discards the list; what is on it goes on the next one."""
    return await _act(visit, "discard", None, "Discarded. What was on it goes on the next list.")


async def _act(visit: Visit, verb: str, body: Mapping[str, Any] | None, done: str) -> Response:
    try:
        await visit.services.post("relief", f"{_top(visit)}/{verb}", body)
    except Refused as refused:
        if refused.status not in (409, 422):
            raise
        return await _shown(visit, refused.detail, verb, refused.status)
    return visit.to(f"/counties/{visit.county}/orders/{visit.request.path_params['order']}", notice=done)


async def _shown(visit: Visit, problem: str = "", form: str = "", status: int = 422) -> Response:
    found = await _read(visit)
    rows = proposed_order.rows(found["lines"])
    return visit.page(
        "order.html",
        status if problem else 200,
        order=found["proposed_order"],
        results=found["results"],
        columns=proposed_order.COLUMNS,
        rows=rows[:SHOWN_LINES],
        ends=[one["result"] for one in found["lines"][:SHOWN_LINES]],
        number=len(rows),
        hash=proposed_order.hash_of(rows),
        people=proposed_order.PEOPLE,
        defender=proposed_order.DEFENDER,
        problem=problem,
        typed=visit.form,
        form=form or (visit.form.get("form") if visit.kept else ""),
    )


async def _read(visit: Visit) -> dict[str, Any]:
    found: dict[str, Any] = await visit.services.get("relief", _top(visit))
    if found["proposed_order"]["county"] != visit.county:
        raise Refused(404, "not_found", "")
    return found


def _top(visit: Visit) -> str:
    return f"/v1/proposed-orders/{visit.request.path_params['order']}"


def _file(visit: Visit, content: bytes, kind: str, ending: str) -> Response:
    name = f"{visit.request.path_params['order']}.{ending}"
    return Response(
        content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


PAGES = (
    Page("GET", LISTED, show_orders),
    Page("POST", f"{LISTED}/propose", propose),
    Page("GET", ONE, show_order),
    Page("GET", f"{ONE}/attachment.csv", attachment_csv),
    Page("GET", f"{ONE}/attachment.xlsx", attachment_xlsx),
    Page("POST", f"{ONE}/pdf", pdf),
    Page("POST", f"{ONE}/enter", enter),
    Page("POST", f"{ONE}/confirm", confirm),
    Page("POST", f"{ONE}/discard-entry", discard_entry),
    Page("POST", f"{ONE}/discard", discard),
)
