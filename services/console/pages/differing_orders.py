"""Orders that what is determined now no longer fits, and second orders on one conviction: what to do, and settle it."""

from typing import Final

from starlette.responses import Response

from services.console.called.call_faults import Refused
from services.console.web.not_done import NotDone
from services.console.web.page_request import Page
from services.console.web.visit import Visit, an_id
from services.console.words import differing_orders as words

PLACE: Final = "/counties/{county}/differing-orders"
PAGE_LENGTH: Final = 50


async def show_differing_orders(visit: Visit) -> Response:
    """What waits, the longest first."""
    asked = {"limit": PAGE_LENGTH, "after": visit.request.query_params.get("after", "")}
    found = await visit.services.get("relief", _top(visit), asked)
    return visit.page("differing_orders.html", found=found, words=words.of)


async def settle(visit: Visit) -> Response:
    """Ends one with what was done."""
    one, reason = an_id(visit.form.get("relief")), visit.form.get("reason")
    if not reason:
        raise NotDone("Say what was done, or why it stays as it is.")
    body = {"version": int(visit.form.get("version") or 0), "reason": reason}
    try:
        ended = (await visit.services.post("relief", f"{_top(visit)}/{one}/settle", body))["done"]
    except Refused as refused:
        if refused.status != 404:
            raise
        ended = False
    done = "Settled. It waits again if the records come to something else." if ended else "It waited no more."
    return visit.to(visit.place, notice=done)


def _top(visit: Visit) -> str:
    return f"/v1/counties/{visit.county}/differing-orders"


PAGES = (
    Page("GET", PLACE, show_differing_orders),
    Page("POST", f"{PLACE}/settle", settle, show_differing_orders),
)
