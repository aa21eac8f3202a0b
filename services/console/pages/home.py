"""The first page: the offices of who is signed in, with what waits in each."""

import asyncio
from typing import Final

from starlette.responses import Response

from services.chassis.identity.caller import Grant
from services.console.called.call_faults import Refused
from services.console.pages.queue import REVIEWING
from services.console.web.page_request import Page
from services.console.web.visit import Visit

MORNING: Final = {
    **dict.fromkeys(REVIEWING, "queue"),
    "public_defender": "challenges",
    "community_group": "referrals",
    "analyst": "statistics",
}
"""The page that a role opens in the morning."""


async def first_page(visit: Visit) -> Response:
    """A single office leads to its own page at once."""
    offices = {(one.role, one.city, _place(one)) for one in visit.grants}
    if len(offices) == 1 and (place := offices.pop()[2]):
        return visit.to(place)
    desks = [one for one in visit.grants if one.role in REVIEWING and one.county]
    waiting = await asyncio.gather(*(_waiting(visit, one) for one in desks))
    shown = [{"grant": one, **numbers} for one, numbers in zip(desks, waiting, strict=True)]
    defending = [one for one in visit.grants if one.role == "public_defender" and one.county]
    counting = [one for one in visit.grants if one.role == "analyst"]
    helping = [one for one in visit.grants if one.role == "community_group" and one.county]
    others = [one for one in visit.grants if one not in (*desks, *defending, *counting, *helping)]
    return visit.page(
        "home.html", desks=shown, defending=defending, counting=counting, helping=helping, others=others
    )


def _place(grant: Grant) -> str:
    """Empty: there is no page for the role, or its grant is of every county."""
    page = MORNING.get(grant.role)
    if grant.county:
        return f"/counties/{grant.county}/{page}" if page else ""
    return "/statistics" if page == "statistics" else ""


async def _waiting(visit: Visit, grant: Grant) -> dict[str, int]:
    query = {"office": grant.role, "city": grant.city}
    try:
        found = await visit.services.get("relief", f"/v1/counties/{grant.county}/reviews/counts", query)
    except Refused:  # the county was taken out since
        return {"number": 0, "overdue": 0}
    total: dict[str, int] = found["counts"]["total"]
    return total


PAGES = (Page("GET", "/", first_page),)
