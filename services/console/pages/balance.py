"""The balance of DOJ's list (HS 11361.9): what became of each conviction on it, in numbers and as a table."""

from collections.abc import AsyncIterator
from typing import Any, Final

from starlette.responses import Response, StreamingResponse

from services.console.web.page_request import Page
from services.console.web.visit import Visit
from services.csv_lines import csv_line

PLACE: Final = "/counties/{county}/balance"
PARTS: Final = {
    "moved": "Ordered by the court",
    "challenged": "Objected to, before the court or sustained by it",
    "answered": "Answered otherwise",
    "unaccounted": "Unaccounted for",
}
WHY: Final = {
    "ordered": "the court ordered relief",
    "challenged": "the court has still to rule on an objection",
    "sustained": "the court sustained an objection",
    "not_eligible": "not eligible under the law",
    "not_covered": "not covered by this law",
    "already_relieved": "relieved before",
    "petition": "left to a petition of the person",
    "held": "put off until a later day",
    "waits_for_order": "waits for the court’s order",
    "needs_review": "waits for an office’s review",
    "city_attorney": "waits for a city attorney’s motion",
    "no_authority": "waits for the court’s own act, as no section has it ordered here",
    "not_proposed": "not proposed yet",
}
COLUMNS: Final = ("case_number", "section", "level", "conviction_date", "part", "why", "outcome", "reason")


async def show_balance(visit: Visit) -> Response:
    """In numbers."""
    found = await visit.services.get("relief", f"/v1/counties/{visit.county}/balance")
    parts = {name: found["parts"].get(name, {}) for name in PARTS}
    return visit.page("balance.html", balance=found, parts=parts, names=PARTS, why=WHY)


async def balance_csv(visit: Visit) -> Response:
    """Each conviction a line, without names."""
    lines = await visit.services.lines("relief", "/v1/export/balance", {"county": visit.county})
    name = f"balance-{visit.county}-{visit.today}.csv"
    return StreamingResponse(
        _csv(lines),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _csv(lines: AsyncIterator[Any]) -> AsyncIterator[str]:
    yield csv_line(COLUMNS)
    async for line in lines:
        yield csv_line(line[name] for name in COLUMNS)


PAGES = (Page("GET", PLACE, show_balance), Page("GET", f"{PLACE}/lines.csv", balance_csv))
