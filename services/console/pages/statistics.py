"""Statistics: what was determined, what became of relief, what waits; in plots, in tables and as data."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response

from services.console.web.page_request import Page
from services.console.web.visit import Visit
from services.console.words import statistics
from services.console.words.bars import bars

STATE: Final = "/statistics"
PLACE: Final = "/counties/{county}/statistics"


async def show_statistics(visit: Visit) -> Response:
    """The page of a county, or of all."""
    county = visit.request.query_params.get("county", "").strip().lower().replace(" ", "-")
    if county and not visit.county:
        return visit.to(f"/counties/{county}/statistics")
    parts, said = await _read(visit)
    tables = statistics.tables(parts)
    return visit.page(
        "statistics.html",
        tables=[(one, bars([(line.name, line.convictions) for line in one.lines])) for one in tables],
        records=statistics.records(parts["determinations"]),
        report=_report(parts["relief"]),
        said=said,
        mark=statistics.MARK,
    )


async def as_csv(visit: Visit) -> Response:
    """The same numbers as data."""
    parts, _ = await _read(visit)
    name = f"statistics-{visit.county or 'all'}.csv"
    return Response(
        statistics.as_csv(parts),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _read(visit: Visit) -> tuple[dict[str, Sequence[Mapping[str, Any]]], dict[str, Any]]:
    asked = {"county": visit.county}
    judged, relief = await asyncio.gather(
        visit.services.get("eligibility", "/v1/statistics", asked),
        visit.services.get("relief", "/v1/statistics", asked),
    )
    parts = {"determinations": judged["rows"], "relief": relief["reliefs"], "reviews": relief["reviews"]}
    return parts, {"judged": judged["made_at"], "relief": relief["made_at"], "smallest": judged["smallest"]}


def _report(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What AB 1706 had courts and DOJ report to the Legislature, as far as it is known here: a line and its number."""
    found = {(row["by"], row["group"], row["outcome"]): statistics.number(row["convictions"]) for row in rows}
    asked = (
        ("Convictions dismissed and sealed", ("", "", "dismissed_and_sealed")),
        ("Convictions redesignated", ("", "", "redesignated")),
        ("Convictions that wait for the court’s order", ("", "", "waits")),
        ("Objections of the prosecution that wait for the court", ("challenge", "pending", "")),
        ("Objections that the court sustained", ("challenge", "sustained", "")),
        ("Objections that the court overruled", ("challenge", "overruled", "")),
        ("Objections that the prosecution withdrew", ("challenge", "withdrawn", "")),
    )
    return [(line, found.get(cell, "0")) for line, cell in asked]


PAGES = (
    Page("GET", STATE, show_statistics),
    Page("GET", f"{STATE}.csv", as_csv),
    Page("GET", PLACE, show_statistics),
    Page("GET", f"{PLACE}.csv", as_csv),
)
