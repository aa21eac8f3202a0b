"""What the endpoints of relief work with, and the county that a path names."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import CountyName
from services.chassis.http.county import unknown_county
from services.chassis.http.dependencies import dependency
from services.chassis.http.text import PlainText
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.unit_of_work import Transaction
from services.county_folders import Counties
from services.relief.lifecycle.from_findings import NewId


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the endpoints work with."""

    transaction: Transaction
    counties: Counties
    clock: Clock
    new_id: NewId

    def today(self, county: CountyFile | None) -> date:
        """Today in the county's time zone; in California's where the county has no folder any more."""
        return self.clock.today(county.timezone) if county else self.clock.today()


Given = Annotated[Dependencies, Depends(dependency(Dependencies))]
NO_COUNTY = {404: "No such county; ``detail`` lists those that are set up."}


async def _of_path(given: Given, county: PlainText) -> CountyFile:
    found = given.counties.get(CountyName(county))
    if found is None:
        raise unknown_county(given.counties)
    return found


County = Annotated[CountyFile, Depends(_of_path)]
"""The county of the path. Raises Refusal 404."""
