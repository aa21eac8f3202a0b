"""Statistics of what was determined, without persons."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends
from fastapi import Query as Parameters

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.county import OfCounty, unknown_county
from services.chassis.http.dependencies import dependency
from services.chassis.http.problems import problems
from services.chassis.identity.guard import Grants, allowed
from services.chassis.runtime.made_on_demand import MadeOnDemand
from services.chassis.runtime.unit_of_work import Transaction
from services.eligibility.rules import RuleBook
from services.eligibility.statistics.counting import Release
from services.statistics.small_cells import SMALLEST
from services.statistics.tables import Statistics

READERS: Final = ("analyst", "district_attorney", "clerk", "records_unit", "public_defender")


@dataclass(frozen=True, slots=True)
class StatisticsDependencies:
    """What the endpoint works with."""

    transaction: Transaction
    book: RuleBook
    releases: MadeOnDemand[None, Release]


statistics = router()
Given = Annotated[StatisticsDependencies, Depends(dependency(StatisticsDependencies))]


@statistics.get(
    "/v1/statistics",
    summary="Convictions and persons by outcome and by one fact, small counts withheld",
    description="Facts: section, level, decade of the disposition, source, race, sex, age today; and ``record``: "
    "persons who have a felony, a conviction or one of the last seven years on record, and (outcome ``cleared``) who "
    "would not once the relief that was found is granted. In all counties together a person counts once for each. "
    "``made_at`` null: nobody is counted yet; ask again.",
    dependencies=[allowed(Grants(*READERS))],
    responses=problems({404: "No such county; ``detail`` lists those that there are."}),
)
async def show_statistics(given: Given, by: ActingBy, asked: Annotated[OfCounty, Parameters()]) -> Statistics:
    if asked.county is not None and asked.county not in given.book.counties:
        raise unknown_county(given.book.counties)
    async with given.transaction() as work:
        await audited(work, by.exported("statistics", asked.county))
    found = await given.releases.get(None)
    if found is None:
        return Statistics(made_at=None, as_of=None, county=asked.county, smallest=SMALLEST, rows=())
    return found.of(asked.county)
