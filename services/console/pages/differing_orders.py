"""Orders that what is determined now no longer fits, and second orders on one conviction: what to do, and settle it."""

from typing import Final

from starlette.responses import Response

from services.console.called.call_faults import Refused, tried
from services.console.web.page_request import Page
from services.console.web.visit import Visit, an_id
from services.console.words import differing_orders as words

PLACE: Final = "/counties/{county}/differing-orders"
PAGE_LENGTH: Final = 50


async def show_differing_orders(visit: Visit) -> Response:
    """What waits, the longest first."""
    return await _shown(visit)


async def settle(visit: Visit) -> Response:
    """Ends one with what was done."""
    one, reason = an_id(visit.form.get("relief")), visit.form.get("reason")
    if not reason:
        return await _shown(visit, "Say what was done, or why it stays as it is.")
    body = {"version": int(visit.form.get("version") or 0), "reason": reason}
    answer = await tried(visit.services.post("relief", f"{_top(visit)}/{one}/settle", body))
    if isinstance(answer, Refused) and answer.status != 404:
        return await _shown(visit, answer.told, answer.status)
    ended = not isinstance(answer, Refused) and answer["done"]
    done = "Settled. It waits again if the records come to something else." if ended else "It waited no more."
    return visit.to(f"/counties/{visit.county}/differing-orders", notice=done)


async def _shown(visit: Visit, problem: str = "", status: int = 422) -> Response:
    asked = {"limit": PAGE_LENGTH, "after": visit.request.query_params.get("after", "")}
    found = await visit.services.get("relief", _top(visit), asked)
    return visit.page(
        "differing_orders.html",
        status if problem else 200,
        found=found,
        words=words.of,
        problem=problem,
        typed=visit.form,
    )


def _top(visit: Visit) -> str:
    return f"/v1/counties/{visit.county}/differing-orders"


PAGES = (Page("GET", PLACE, show_differing_orders), Page("POST", f"{PLACE}/settle", settle))
