"""How much waits in each office of each county, in numbers alone: for the daily digest."""

from datetime import date
from typing import Annotated

from fastapi import Query as Parameters
from pydantic import BaseModel

from reliefstream_contracts.relief import ReviewOffice
from services.chassis.http.application import router
from services.chassis.http.text import AskedMoment, Day, Query
from services.chassis.identity.guard import OPERATOR
from services.relief.http.dependencies import Given

summary_routes = router()


class Asked(Query):
    """``since``: what was opened from then on is new. ``due``: what is due by this day, and not overdue."""

    since: AskedMoment
    due: Day


class OfficeSummary(BaseModel):
    """``due``: by the day that was asked for, without what is overdue. ``prepared``: waits for a signature."""

    county: str
    office: ReviewOffice
    city: str | None
    waiting: int
    new: int
    overdue: int
    due: int
    prepared: int


class DifferingSummary(BaseModel):
    """How many orders an office has to look at again, as the records no longer fit them."""

    county: str
    office: ReviewOffice
    city: str | None
    number: int


class ReviewSummary(BaseModel):
    """``challenges``, ``lists``: objections, and lists for the court's order, that wait, by county; none: left out."""

    as_of: date
    offices: list[OfficeSummary]
    challenges: dict[str, int]
    lists: dict[str, int]
    differing: list[DifferingSummary]


@summary_routes.get(
    "/v1/reviews/summary",
    summary="How much waits in each office of each county, is new and is due",
    dependencies=[OPERATOR],
)
async def summarise_reviews(given: Given, asked: Annotated[Asked, Parameters()]) -> ReviewSummary:
    today = given.today(None)
    async with given.transaction() as work:
        rows = await work.db.fetch(
            """SELECT in_county AS county, office, city, count(*)::int AS waiting,
                   (count(*) FILTER (WHERE opened_at >= $1))::int AS new,
                   (count(*) FILTER (WHERE due_on < $2))::int AS overdue,
                   (count(*) FILTER (WHERE due_on BETWEEN $2 AND $3))::int AS due,
                   (count(*) FILTER (WHERE state = 'prepared'))::int AS prepared
               FROM reviews WHERE state IN ('open', 'prepared')
               GROUP BY in_county, office, city ORDER BY in_county, office, city NULLS FIRST""",
            asked.since,
            today,
            asked.due,
        )
        challenges = await work.db.fetch(
            "SELECT county, count(*)::int AS number FROM reliefs WHERE state = 'challenged' GROUP BY county"
        )
        lists = await work.db.fetch(
            "SELECT county, count(*)::int AS number FROM proposed_orders WHERE state = 'open' GROUP BY county"
        )
        differing = await work.db.fetch(
            """SELECT county,
                   CASE WHEN differs = 'ordered_twice' THEN 'clerk'
                        WHEN city IS NULL THEN 'district_attorney' ELSE 'city_attorney' END AS office,
                   CASE WHEN differs <> 'ordered_twice' THEN city END AS city, count(*)::int AS number
               FROM reliefs WHERE discrepancy_open GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 NULLS FIRST"""
        )
    return ReviewSummary(
        as_of=today,
        offices=[OfficeSummary(**dict(row)) for row in rows],
        challenges={row["county"]: row["number"] for row in challenges},
        lists={row["county"]: row["number"] for row in lists},
        differing=[DifferingSummary(**dict(row)) for row in differing],
    )
