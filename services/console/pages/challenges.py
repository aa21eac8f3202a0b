"""What the prosecution objects to: for the prosecutor, the defender and the clerk, who enters the court's ruling."""

from typing import Final

from starlette.responses import Response

from services.console.called.call_faults import Refused, tried
from services.console.web.page_request import Page
from services.console.web.visit import Visit, an_id
from services.console.words import names

PLACE: Final = "/counties/{county}/challenges"
PAGE_LENGTH: Final = 50
RULINGS: Final = {
    "sustained": "The objection is sustained: the conviction gets no relief.",
    "overruled": "The objection is overruled: relief goes on.",
    "withdrawn": "The objection is withdrawn: relief goes on.",
}
"""What each ruling comes to."""


async def show_challenges(visit: Visit) -> Response:
    """All objections that wait for the court."""
    return await _shown(visit)


async def resolve(visit: Visit) -> Response:
    """The court's ruling, entered by the clerk; or the prosecution withdraws."""
    ruling = visit.form.get("outcome")
    if ruling not in RULINGS:
        return await _shown(visit, "Choose what the court ruled.")
    place = f"/v1/reliefs/{an_id(visit.form.get('relief'))}/challenge/resolve"
    answer = await tried(visit.services.post("relief", place, {"outcome": ruling}))
    if isinstance(answer, Refused):
        return await _shown(visit, answer.told, answer.status)
    return visit.to(f"/counties/{visit.county}/challenges", notice=RULINGS[ruling])


async def _shown(visit: Visit, problem: str = "", status: int = 422) -> Response:
    query = {"limit": PAGE_LENGTH, "after": visit.request.query_params.get("after", "")}
    found = await visit.services.get("relief", f"/v1/counties/{visit.county}/challenges", query)
    return visit.page(
        "challenges.html",
        status if problem else 200,
        reliefs=found["reliefs"],
        after=found["next"],
        objections=names.OBJECTIONS,
        problem=problem,
    )


PAGES = (Page("GET", PLACE, show_challenges), Page("POST", f"{PLACE}/resolve", resolve))
