"""What could not be taken in: for the records unit, with what is wrong, what to do, and what was sent."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from services.console.called.call_faults import Refused
from services.console.web.not_done import NotDone
from services.console.web.page_request import Page
from services.console.web.visit import Visit
from services.console.words import quarantine as words

LISTED: Final = "/counties/{county}/quarantine"
ONE: Final = f"{LISTED}/{{entry}}"
FILTERS: Final = ("reason", "field", "format", "state")
PAGE_LENGTH: Final = 50


async def show_quarantine(visit: Visit) -> Response:
    """What waits, by reason, and a page of the entries."""
    given = {name: visit.request.query_params.get(name, "") for name in FILTERS}
    asked = {**given, "state": given["state"] or "open", "county": visit.county}
    summary = await visit.services.get("ingest", "/v1/quarantine/summary", {**asked, "state": "open"})
    after = visit.request.query_params.get("after", "")
    found = await visit.services.get(
        "ingest", "/v1/quarantine", {**asked, "limit": PAGE_LENGTH, "after": after}
    )
    return visit.page(
        "quarantine.html",
        asked=asked,
        chosen={name: value for name, value in given.items() if value},
        reasons=summary["reasons"],
        waiting=sum(one["entries"] for one in summary["states"]),
        entries=found["quarantine"],
        after=found["next"],
        between=words.between,
    )


async def show_entry(visit: Visit) -> Response:
    """One entry with what was sent."""
    entry = await visit.services.get("ingest", f"/v1/quarantine/{visit.id('entry')}")
    if entry["county"] != visit.county:
        raise Refused(404, "not_found", "")
    return visit.page(
        "quarantined.html",
        entry=entry,
        history=[words.happened(one) for one in entry["history"]],
        in_doubt="may_be_sealed" in entry["codes"],
        told_apart=words.TOLD_APART,
    )


async def resubmit(visit: Visit) -> Response:
    """Takes it through intake again, as its source's files are read now."""
    place = f"/v1/quarantine/{visit.id('entry')}/resubmit"
    answer = await visit.services.post("ingest", place, {})
    return visit.to(visit.place, notice=_came_to(answer))


async def tell_apart(visit: Visit) -> Response:
    """Says that what may be sealed in it is another conviction, and takes it in."""
    what, basis = visit.form.get("what"), visit.form.get("basis")
    if not what or not basis:
        raise NotDone("Say what it is, and by which paper or register you know.")
    place = f"/v1/quarantine/{visit.id('entry')}/tell-apart"
    answer = await visit.services.post("ingest", place, {"what": what, "basis": basis})
    return visit.to(visit.place, notice=_came_to(answer))


async def discard(visit: Visit) -> Response:
    """Ends it for good."""
    why = visit.form.get("why")
    if not why:
        raise NotDone("Say why it is ended: that stands in its history for ever.")
    found = await visit.services.post(
        "ingest", "/v1/quarantine/discard", {"ids": [visit.id("entry")], "why": why}
    )
    done = "Ended for good." if found["discarded"] else "It had ended before, so nothing was done."
    return visit.to(visit.place, notice=done)


def _came_to(answer: Mapping[str, Any]) -> str:
    if answer["outcome"] == "refused":
        return "It could not be taken in this time either: what is wrong stands below."
    return f"Taken through intake again: {str(answer['outcome']).replace('_', ' ')}."


PAGES = (
    Page("GET", LISTED, show_quarantine),
    Page("GET", ONE, show_entry),
    Page("POST", f"{ONE}/resubmit", resubmit, show_entry),
    Page("POST", f"{ONE}/tell-apart", tell_apart, show_entry),
    Page("POST", f"{ONE}/discard", discard, show_entry),
)
