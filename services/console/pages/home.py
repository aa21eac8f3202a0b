"""The first page: the offices of who is signed in, with what waits in each."""

import asyncio

from starlette.responses import Response

from services.chassis.identity.caller import Grant
from services.console.called.call_faults import Refused
from services.console.web.page_request import Page
from services.console.web.visit import Visit

REVIEWING = ("district_attorney", "city_attorney", "clerk", "records_unit")
"""Roles that have a queue of reviews."""


async def first_page(visit: Visit) -> Response:
    """A single office leads to its queue at once."""
    desks = [one for one in visit.grants if one.role in REVIEWING and one.county]
    if len({(one.county, one.role, one.city) for one in desks}) == 1:
        return visit.to(f"/counties/{desks[0].county}/queue")
    waiting = await asyncio.gather(*(_waiting(visit, one) for one in desks))
    shown = [{"grant": one, **numbers} for one, numbers in zip(desks, waiting, strict=True)]
    defending = [one for one in visit.grants if one.role == "public_defender" and one.county]
    counting = [one for one in visit.grants if one.role == "analyst"]
    helping = [one for one in visit.grants if one.role == "community_group" and one.county]
    others = [one for one in visit.grants if one not in (*desks, *defending, *counting, *helping)]
    return visit.page(
        "home.html", desks=shown, defending=defending, counting=counting, helping=helping, others=others
    )


async def _waiting(visit: Visit, grant: Grant) -> dict[str, int]:
    query = {"office": grant.role, "city": grant.city}
    try:
        found = await visit.services.get("relief", f"/v1/counties/{grant.county}/reviews/counts", query)
    except Refused:  # the county was taken out since
        return {"number": 0, "overdue": 0}
    total: dict[str, int] = found["counts"]["total"]
    return total


PAGES = (Page("GET", "/", first_page),)
