"""What another policy would change in a county."""

from typing import Any, Final

from starlette.responses import Response

from services.console.called.call_faults import Refused
from services.console.web.page_request import Page
from services.console.web.visit import Visit
from services.console.words import what_if
from services.console.words.statistics import MARK

PLACE: Final = "/counties/{county}/what-if"


async def show_what_if(visit: Visit) -> Response:
    """The policies to choose from; once one is chosen, what it would change."""
    try:
        found = await _read(visit)
    except Refused as refused:
        if refused.status != 422:
            raise
        return visit.to(visit.request.url.path, notice="There is no such policy: choose one of these.")
    counted = found["made_at"] is not None
    return visit.page(
        "what_if.html",
        found=found,
        tables=what_if.tables(found["rows"], found["in_force"], found["policy"]) if counted else None,
        mark=MARK,
    )


async def as_csv(visit: Visit) -> Response:
    """The same numbers as data."""
    found = await _read(visit)
    name = f"what-if-{visit.county}-{found['policy'] or 'none'}.csv"
    return Response(
        what_if.as_csv(found["rows"]),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _read(visit: Visit) -> dict[str, Any]:
    asked = {"policy": visit.request.query_params.get("policy", "")}
    found: dict[str, Any] = await visit.services.get(
        "eligibility", f"/v1/counties/{visit.county}/what-if", asked
    )
    return found


PAGES = (Page("GET", PLACE, show_what_if), Page("GET", f"{PLACE}.csv", as_csv))
