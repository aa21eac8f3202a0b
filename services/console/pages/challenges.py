"""What the prosecution objects to: for the prosecutor, the defender and the clerk, who enters the court's ruling."""

from typing import Final

from starlette.responses import Response

from services.console.web.not_done import NotDone
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
    query = {"limit": PAGE_LENGTH, "after": visit.request.query_params.get("after", "")}
    found = await visit.services.get("relief", f"/v1/counties/{visit.county}/challenges", query)
    return visit.page(
        "challenges.html", reliefs=found["reliefs"], after=found["next"], objections=names.OBJECTIONS
    )


async def resolve(visit: Visit) -> Response:
    """The court's ruling, entered by the clerk; or the prosecution withdraws."""
    ruling = visit.form.get("outcome")
    if ruling not in RULINGS:
        raise NotDone("Choose what the court ruled.")
    place = f"/v1/reliefs/{an_id(visit.form.get('relief'))}/challenge/resolve"
    await visit.services.post("relief", place, {"outcome": ruling})
    return visit.to(visit.place, notice=RULINGS[ruling])


PAGES = (Page("GET", PLACE, show_challenges), Page("POST", f"{PLACE}/resolve", resolve, show_challenges))
