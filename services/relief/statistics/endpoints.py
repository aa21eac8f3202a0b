"""Statistics of relief, without persons."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends
from fastapi import Query as Parameters
from pydantic import BaseModel

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.county import OfCounty, unknown_county
from services.chassis.http.dependencies import dependency
from services.chassis.http.problems import problems
from services.chassis.identity.guard import Grants, allowed
from services.chassis.runtime.made_on_demand import MadeOnDemand
from services.chassis.runtime.unit_of_work import Transaction
from services.county_folders import Counties
from services.relief.statistics.counting import Release
from services.statistics.small_cells import SMALLEST
from services.statistics.tables import ALL, Row

READERS: Final = ("analyst", "district_attorney", "clerk", "records_unit", "public_defender")


class ReliefStatistics(BaseModel):
    """``county`` null: all. ``smallest``: smaller numbers of persons are withheld, and what they would follow from.
    ``reviews``: what waits for an office. ``made_at`` null: nothing is counted yet."""

    made_at: datetime | None
    county: str | None
    smallest: int
    reliefs: tuple[Row, ...]
    reviews: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class StatisticsDependencies:
    """What the endpoint works with."""

    transaction: Transaction
    counties: Counties
    releases: MadeOnDemand[None, Release]


statistics = router()
Given = Annotated[StatisticsDependencies, Depends(dependency(StatisticsDependencies))]


@statistics.get(
    "/v1/statistics",
    summary="What became of relief, and what waits for each office, small counts withheld",
    description="Facts of relief: level, race, sex, challenge (by the prosecution, and its end), record_to_order "
    "(from the first record of the conviction to the court's order). Of reviews: office, waiting. In all counties "
    "together a person counts once for each. ``made_at`` null: nothing is counted yet; ask again.",
    dependencies=[allowed(Grants(*READERS))],
    responses=problems({404: "No such county; ``detail`` lists those that are set up."}),
)
async def show_statistics(
    given: Given, by: ActingBy, asked: Annotated[OfCounty, Parameters()]
) -> ReliefStatistics:
    if asked.county is not None and asked.county not in given.counties:
        raise unknown_county(given.counties)
    async with given.transaction() as work:
        await audited(work, by.exported("statistics", asked.county))
    found = await given.releases.get(None)
    county = asked.county or ALL
    return ReliefStatistics(
        made_at=found.made_at if found else None,
        county=asked.county,
        smallest=SMALLEST,
        reliefs=found.reliefs.rows(found.shown_reliefs, county) if found else (),
        reviews=found.reviews.rows(found.shown_reviews, county) if found else (),
    )
