"""Proposed orders: what waits for the court, the paper for it, and what became of each line."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from pydantic import ValidationError
from starlette.responses import Response

from services.console.called.call_faults import Refused
from services.console.paper import confidential_list, proposed_order
from services.console.paper import print as paper
from services.console.paper.print import PRINTER
from services.console.web.not_done import NotDone
from services.console.web.page_request import Page
from services.console.web.visit import Visit
from services.table_files import ARCHIVE, XLSX

LISTED: Final = "/counties/{county}/orders"
ONE: Final = f"{LISTED}/{{order}}"
SHOWN_LINES: Final = 200
"""Lines of a list that a page shows; the attachment has all."""
LINES_AT_A_TIME: Final = 1000
"""As many as the services take in one call."""
REPORTED_WITHIN: Final = timedelta(days=30)
"""PC 13151."""
TOLD: Final = {
    "doj": "Reported to the Department of Justice",
    "arresting_agencies": "Copies sent to the arresting agencies",
}
OUTCOMES: Final = {
    "done": "done",
    "not_found": "not found",
    "destroyed": "destroyed",
    "duplicate": "duplicate",
}
"""What can become of a line, as people write it."""
NO_LINES: Final = "Choose a file, or type at least one row: the number of a line, a comma, what became of it."


async def show_orders(visit: Visit) -> Response:
    """All proposed orders of the county."""
    found = await visit.services.get("relief", _all(visit))
    return visit.page("orders.html", orders=sorted(found["proposed_orders"], key=lambda one: -one["number"]))


async def propose(visit: Visit) -> Response:
    """Bundles what waits."""
    found = await visit.services.post("relief", _all(visit))
    made = found["proposed_order"]
    if made is None:
        return visit.to(visit.place, notice="Nothing waits for an order.")
    return visit.to(
        f"{visit.place}/{made['proposed_order_id']}",
        notice=f"{len(found['lines'])} convictions stand on this list.",
    )


async def show_order(visit: Visit) -> Response:
    """One proposed order."""
    found = await _read(visit)
    lines, order = found["lines"], found["proposed_order"]
    rows = confidential_list.rows(lines[:SHOWN_LINES], None)
    ordered = order["state"] == "entered"
    return visit.page(
        "order.html",
        order=order,
        results=found["results"],
        columns=confidential_list.chosen(confidential_list.COLUMNS, confidential_list.ON_SCREEN),
        rows=[confidential_list.chosen(row, confidential_list.ON_SCREEN) for row in rows],
        ends=[one["outcome"] or one["result"] for one in lines[:SHOWN_LINES]],
        number=len(lines),
        outcomes=Counter(one["outcome"] for one in lines if one["result"] == "ordered") if ordered else {},
        due_on=date.fromisoformat(order["court_order"]["on"]) + REPORTED_WITHIN if ordered else None,
        papers=proposed_order.PAPERS,
        people=proposed_order.PEOPLE,
        defender=proposed_order.DEFENDER,
        kinds=OUTCOMES,
        told=TOLD,
    )


async def pdf(visit: Visit) -> Response:
    """A paper for the court."""
    asked: dict[str, Any] = {name: visit.form.get(name) for name in proposed_order.Typed.model_fields}
    try:
        typed = proposed_order.Typed.model_validate({**asked, "case_numbers": bool(asked["case_numbers"])})
    except ValidationError as error:
        missing = ", ".join(str(one["loc"][0]).replace("_", " ") for one in error.errors(include_input=False))
        raise NotDone(f"Look at these fields again: {missing}.") from None
    order, listed = await _listed(visit)
    said = proposed_order.said(visit.county, order["number"], listed, typed)
    made = await PRINTER.pdf(typed.paper, said)
    return _file(visit, made, "application/pdf", typed.paper.replace("_", "-"), "pdf")


async def attachment_csv(visit: Visit) -> Response:
    """The confidential list as CSV."""
    _, listed = await _listed(visit)
    return _file(visit, confidential_list.as_csv(listed).encode(), "text/csv; charset=utf-8", "", "csv")


async def attachment_xlsx(visit: Visit) -> Response:
    """The confidential list as XLSX."""
    _, listed = await _listed(visit)
    made = await asyncio.to_thread(paper.xlsx, confidential_list.COLUMNS, listed)
    return _file(visit, made, XLSX, "", "xlsx")


async def enter(visit: Visit) -> Response:
    """Enters the order that the court made of the list."""
    body: dict[str, Any] = {name: visit.form.get(name) for name in ("order_number", "judge", "on")}
    if not all(body.values()):
        raise NotDone("Give the order's number, the judge and the day, as the court made it.")
    named = visit.form.get("except").split()
    lines = {str(one["line"]): one["relief_id"] for one in (await _read(visit))["lines"]} if named else {}
    body["except"] = [lines.get(one, one) for one in named]
    return await _act(visit, "enter", body, "The order is entered. Another clerk confirms it.")


async def confirm(visit: Visit) -> Response:
    """Confirms the order that another clerk entered."""
    shown = {name: visit.form.get(name) for name in ("number", "digest")}
    return await _act(visit, "confirm", shown, "The order is confirmed.")


async def discard_entry(visit: Visit) -> Response:
    """Discards the order that was entered wrongly."""
    done = "The entry is discarded. The list waits for the court’s order."
    return await _act(visit, "discard-entry", {"number": visit.form.get("number")}, done)


async def discard(visit: Visit) -> Response:
    """Discards the list; what is on it goes on the next one."""
    return await _act(visit, "discard", None, "Discarded. What was on it goes on the next list.")


async def tell_outcomes(visit: Visit) -> Response:
    """What became of lines in the court's own records: typed or pasted rows, or a file."""
    if visit.form.get("all_done"):
        return await _all_done(visit)
    table = visit.form.file or visit.form.get("outcomes").encode()
    if not table:
        raise NotDone(NO_LINES)
    kind = XLSX if table.startswith(ARCHIVE) else "text/csv"
    answer = await visit.services.send("relief", f"{_top(visit)}/outcomes/table", table, kind)
    return visit.to(visit.place, notice=_kept(answer["told"], answer["not_taken"]))


async def _all_done(visit: Visit) -> Response:
    """Tells of every ordered line that was not told of that it is done."""
    lines = (await _read(visit))["lines"]
    found = [
        {"line": one["line"], "outcome": "done"}
        for one in lines
        if one["result"] == "ordered" and not one["outcome"]
    ]
    not_taken: list[int] = []
    for start in range(0, len(found), LINES_AT_A_TIME):
        body = {"outcomes": found[start : start + LINES_AT_A_TIME]}
        answer = await visit.services.post("relief", f"{_top(visit)}/outcomes", body)
        not_taken += answer["not_taken"]
    return visit.to(visit.place, notice=_kept(len(found), not_taken))


def _kept(told: int, not_taken: Sequence[int]) -> str:
    kept = told - len(not_taken)
    said = f"{kept} {'line is' if kept == 1 else 'lines are'} kept."
    if not_taken:
        shown = ", ".join(map(str, not_taken[:20]))
        said += f" {len(not_taken)} are not, as they are not on this list or were not ordered: {shown}."
    return said


async def court_told(visit: Visit) -> Response:
    """The day on which the court reported to DOJ, or sent the copies to the arresting agencies."""
    body = {"to": visit.form.get("to"), "on": visit.form.get("on")}
    if not body["on"] or body["to"] not in TOLD:
        raise NotDone("Say on which day.")
    return await _act(visit, "told", body, f"{TOLD[body['to']]}: kept.")


async def _act(visit: Visit, verb: str, body: Mapping[str, Any] | None, done: str) -> Response:
    await visit.services.post("relief", f"{_top(visit)}/{verb}", body)
    return visit.to(visit.place, notice=done)


async def _listed(visit: Visit) -> tuple[dict[str, Any], list[confidential_list.Row]]:
    """The order and its confidential list; persons where the office is entitled to them."""
    found = await _read(visit)
    lines = found["lines"]
    persons = await _persons(visit, lines) if visit.may("district_attorney", "clerk") else None
    return found["proposed_order"], confidential_list.rows(lines, persons)


async def _persons(visit: Visit, lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    asked = list(dict.fromkeys(one["subject_id"] for one in lines))
    found: dict[str, Any] = {}
    for start in range(0, len(asked), LINES_AT_A_TIME):
        body = {"subject_ids": asked[start : start + LINES_AT_A_TIME]}
        answer = await visit.services.post("reconciliation", f"/v1/counties/{visit.county}/persons", body)
        found |= {one["subject_id"]: one for one in answer["persons"]}
    return found


async def _read(visit: Visit) -> dict[str, Any]:
    found: dict[str, Any] = await visit.services.get("relief", _top(visit))
    if found["proposed_order"]["county"] != visit.county:
        raise Refused(404, "not_found", "")
    return found


def _top(visit: Visit) -> str:
    return f"/v1/proposed-orders/{visit.request.path_params['order']}"


def _all(visit: Visit) -> str:
    return f"/v1/counties/{visit.county}/proposed-orders"


def _file(visit: Visit, content: bytes, kind: str, name: str, ending: str) -> Response:
    name = "-".join(filter(None, (visit.request.path_params["order"], name)))
    return Response(
        content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    )


PAGES = (
    Page("GET", LISTED, show_orders),
    Page("POST", f"{LISTED}/propose", propose, show_orders),
    Page("GET", ONE, show_order),
    Page("GET", f"{ONE}/attachment.csv", attachment_csv),
    Page("GET", f"{ONE}/attachment.xlsx", attachment_xlsx),
    Page("POST", f"{ONE}/pdf", pdf, show_order),
    Page("POST", f"{ONE}/enter", enter, show_order),
    Page("POST", f"{ONE}/confirm", confirm, show_order),
    Page("POST", f"{ONE}/discard-entry", discard_entry, show_order),
    Page("POST", f"{ONE}/discard", discard, show_order),
    Page("POST", f"{ONE}/outcomes", tell_outcomes, show_order),
    Page("POST", f"{ONE}/told", court_told, show_order),
)
