"""Where sources differ, for the records unit: what is open, both sources' values, close, put off; whose a record is."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from services.console.called.call_faults import Refused
from services.console.pages import identity
from services.console.pages.side_by_side import FIELDS, Row
from services.console.web.not_done import NotDone
from services.console.web.page_request import Page
from services.console.web.visit import Visit
from services.console.words import discrepancies as words

LISTED: Final = "/counties/{county}/discrepancies"
ONE: Final = f"{LISTED}/{{entry}}"
FILTERS: Final = ("kind", "owner", "put_off")
PAGE_LENGTH: Final = 50
DONE_BEFORE: Final = "This was done already, or it had ended: nothing was done twice."


async def show_discrepancies(visit: Visit) -> Response:
    """What is open, the oldest first; what was put off only where it is asked for."""
    given = {name: visit.request.query_params.get(name, "") for name in FILTERS}
    asked = {**given, "put_off": given["put_off"] or "no"}
    top, after = _top(visit), visit.request.query_params.get("after", "")
    try:
        page, counted = await asyncio.gather(
            visit.services.get("reconciliation", top, {**asked, "limit": PAGE_LENGTH, "after": after}),
            visit.services.get("reconciliation", f"{top}/counts", asked),
        )
    except Refused as refused:
        if refused.status != 422:
            raise
        return visit.to(visit.place, notice="The address had a filter that is not known.")
    return visit.page(
        "discrepancies.html",
        asked=asked,
        chosen={name: value for name, value in given.items() if value},
        counts=counted["counts"],
        found=page["discrepancies"],
        after=page["next"],
        of_kind=words.of_kind,
        owner=words.owner,
    )


async def show_discrepancy(visit: Visit) -> Response:
    """One, with what each source says."""
    found = await _read(visit)
    entry = found["discrepancy"]
    return visit.page(
        "discrepancy.html",
        entry=entry,
        found=found,
        words=words.of_kind(entry["kind"]),
        owner=words.owner,
        names=await _names(visit, entry),
        rows=_rows(found["counts"]),
        compared=identity.compared(found["sides"]),
    )


async def close(visit: Visit) -> Response:
    """Closes it although the sources still differ."""
    reason = visit.form.get("reason")
    if not reason:
        raise NotDone("Say why you close it: that stands in its history.")
    body = {"version": int(visit.form.get("version") or 0), "reason": reason}
    done = "Closed. It opens again if the sources differ in another way."
    return await _act(visit, "close", body, done)


async def put_off(visit: Visit) -> Response:
    """Puts it off until a day."""
    body = {"until": visit.form.get("until"), "reason": visit.form.get("reason")}
    if not all(body.values()):
        raise NotDone("Say until which day it is put off, and why.")
    return await _act(visit, "put-off", body, "Put off.")


async def decide(visit: Visit) -> Response:
    """Decides of each further person whether it is the first one."""
    shown = await _read(visit)
    if shown["discrepancy"]["status"] != "open":
        return visit.to(_list(visit), notice=DONE_BEFORE)
    if str(shown["discrepancy"]["version"]) != visit.form.get("version"):
        raise NotDone("It changed since you opened the page, so nothing was done. Look again.", 412)
    decisions = identity.decisions(shown["sides"], visit.form)
    for each in decisions:
        await visit.services.post("reconciliation", "/v1/link-decisions", each)
    return visit.to(_list(visit), notice=identity.done(decisions))


async def _act(visit: Visit, verb: str, body: Mapping[str, Any], done: str) -> Response:
    place = f"{_top(visit)}/{visit.id('entry')}/{verb}"
    found = await visit.services.post("reconciliation", place, body)
    return visit.to(_list(visit), notice=done if found["done"] else DONE_BEFORE)


async def _read(visit: Visit) -> dict[str, Any]:
    found: dict[str, Any] = await visit.services.get("reconciliation", f"{_top(visit)}/{visit.id('entry')}")
    return found


async def _names(visit: Visit, entry: Mapping[str, Any]) -> list[str]:
    """The names on the person's records; empty: it is nobody's on record, or several persons'."""
    if entry["subject_id"] is None or entry["kind"] == "identity_in_doubt":
        return []
    try:
        found = await visit.services.get("reconciliation", f"/v1/subjects/{entry['subject_id']}")
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
        return []
    return list(found["names"])


def _rows(counts: list[Mapping[str, Any]]) -> list[Row]:
    """What the first count of each source says, field by field."""
    first = {one["source"]: one for one in reversed(counts)}
    doj, court = first.get("doj", {}), first.get("court", {})
    return [Row(name, doj.get(key), court.get(key)) for name, key in FIELDS] if counts else []


def _top(visit: Visit) -> str:
    return f"/v1/counties/{visit.county}/discrepancies"


def _list(visit: Visit) -> str:
    return f"/counties/{visit.county}/discrepancies"


PAGES = (
    Page("GET", LISTED, show_discrepancies),
    Page("GET", ONE, show_discrepancy),
    Page("POST", f"{ONE}/close", close, show_discrepancy),
    Page("POST", f"{ONE}/put-off", put_off, show_discrepancy),
    Page("POST", f"{ONE}/decide", decide, show_discrepancy),
)
