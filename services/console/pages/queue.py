"""The queue of an office: what waits, by filters and an order that survive an action; who has how much of it."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.responses import Response

from services.console.called.call_faults import Refused
from services.console.web.page_request import Page
from services.console.web.visit import Visit

REVIEWING: Final = ("district_attorney", "city_attorney", "clerk", "records_unit")
"""Roles that have a queue of reviews."""
FILTERS: Final = (
    "office",
    "city",
    "reason",
    "question",
    "section",
    "court",
    "state",
    "held",
    "claimed",
    "due",
    "since",
)
"""What the service takes, by its names."""
LISTED: Final = ("office", "city", "reason", "question", "section", "court", "state")
"""Filters that offer the values that there are, each with its number."""
SORTS: Final = {
    "due": "The first due first",
    "age": "The longest waiting first",
    "section": "By section",
    "court": "By court",
}
TO_SIGN: Final = {"state": "prepared"}
"""The filters of a page of its own."""
KEPT: Final = (*FILTERS, "sort")
"""What survives an action."""
PAGE_LENGTH: Final = 50


async def show_queue(visit: Visit) -> Response:
    """What waits, in an order: of the person's own office, unless another or all are asked for."""
    usual = {"office": _own_office(visit)}
    asked = {name: visit.request.query_params.get(name, usual.get(name, "")) for name in (*KEPT, "after")}
    top = f"/v1/counties/{visit.county}/reviews"
    given = {name: value for name, value in asked.items() if value}
    kept = {name: asked[name] for name in KEPT if asked[name] != usual.get(name, "")}
    filters = {name: value for name, value in given.items() if name in FILTERS}
    try:
        page, counted = await asyncio.gather(
            visit.services.get("relief", top, {**given, "limit": PAGE_LENGTH}),
            visit.services.get("relief", f"{top}/counts", filters),
        )
    except Refused as refused:
        if refused.status != 422:
            raise
        said = f"The address had a filter that is not known, so none is set. {refused.detail}"
        return visit.to(visit.place, notice=said)
    counts = counted["counts"]
    return visit.page(
        "queue.html",
        asked=asked,
        narrowed={name: value for name, value in kept.items() if name != "sort"} not in ({}, TO_SIGN),
        kept=kept,
        sorts=SORTS,
        choices={name: _choices(counts.get(name, {}), asked[name]) for name in LISTED},
        total=counts["total"] or {"number": 0, "held": 0, "claimed": 0, "overdue": 0},
        reviews=page["reviews"],
        after=page["next"],
        today=visit.today.isoformat(),
    )


async def show_workload(visit: Visit) -> Response:
    """Who has how much of what waits, by office and person: for a supervisor."""
    top = f"/v1/counties/{visit.county}/reviews"
    found = await visit.services.get("relief", f"{top}/workload")
    return visit.page("workload.html", shares=found["workload"], today=visit.today.isoformat())


async def next_review(visit: Visit) -> Response:
    """Claims the first due that is free, and opens it."""
    found = await visit.services.post("relief", f"/v1/counties/{visit.county}/reviews/next")
    if found["review"] is None:
        return visit.to(*_back(visit), notice="Nothing waits that nobody has claimed or put off.")
    return visit.to(
        f"/counties/{visit.county}/reviews/{found['review']['review_id']}",
        notice="You have claimed this one.",
    )


async def claim(visit: Visit) -> Response:
    """Claims the ticked ones."""
    return await _on_ticked(visit, "claim", "claimed")


async def release(visit: Visit) -> Response:
    """Gives the ticked ones back."""
    return await _on_ticked(visit, "release", "given back")


async def sign(visit: Visit) -> Response:
    """Signs the ticked ones."""
    return await _on_ticked(visit, "sign", "signed")


async def _on_ticked(visit: Visit, verb: str, done: str) -> Response:
    lines = [_line(one) for one in visit.form.all("line")]
    if not lines:
        return visit.to(*_back(visit), notice="Nothing was ticked, so nothing was done.")
    place = f"/v1/counties/{visit.county}/reviews/{verb}"
    try:
        answer = await visit.services.post("relief", place, {"lines": lines}, visit.form.get("once"))
    except Refused as refused:  # a single line is refused as a whole
        if not refused.told:
            raise
        return visit.to(*_back(visit), notice=f"Not {done}: {refused.told}")
    told = [f"{sum(answer['results'].values()) - len(answer['not_done'])} {done}."]
    if answer["not_done"]:
        reasons = dict.fromkeys(str(one["why"]) for one in answer["not_done"])
        told.append(f"{len(answer['not_done'])} not: {'; '.join(list(reasons)[:3])}")
    return visit.to(*_back(visit), notice=" ".join(told))


def _own_office(visit: Visit) -> str:
    """The office whose reviews the person works; empty: several."""
    found = {one.role for one in visit.grants if one.role in REVIEWING and visit.may(one.role)}
    return found.pop() if len(found) == 1 else ""


def _choices(counts: Mapping[str, int], chosen: str) -> list[tuple[str, int]]:
    """Values with their numbers, the most first; the chosen one is there also where it has none."""
    found = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return found if not chosen or chosen in counts else [(chosen, 0), *found]


def _line(text: str) -> dict[str, Any]:
    review_id, _, digest = text.partition(":")
    return {"review_id": review_id, "digest": digest}


def _back(visit: Visit) -> tuple[str, list[tuple[str, str]]]:
    """The queue with the filters that it had."""
    had = [(name, value) for name, value in parse_qsl(visit.form.get("filters"), True) if name in KEPT]
    return visit.place, had


PLACE: Final = "/counties/{county}/queue"
PAGES = (
    Page("GET", PLACE, show_queue),
    Page("GET", f"{PLACE}/workload", show_workload),
    Page("POST", f"{PLACE}/next", next_review),
    Page("POST", f"{PLACE}/claim", claim),
    Page("POST", f"{PLACE}/release", release),
    Page("POST", f"{PLACE}/sign", sign),
)
