"""What endpoints work with that look for a person whom somebody names, and the county that a path names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import CountyName
from services.chassis.http.county import unknown_county
from services.chassis.http.dependencies import dependency
from services.chassis.http.text import PlainText
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.unit_of_work import Transaction
from services.county_folders import Counties
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.weights import Model


@dataclass(frozen=True, slots=True)
class ReferralDependencies:
    """What the endpoints work with."""

    transaction: Transaction
    counties: Counties
    clock: Clock
    new_id: Callable[[], UUID]
    model: Model[Description]

    def today(self, county: CountyFile) -> date:
        """Today in the county's time zone."""
        return self.clock.today(county.timezone)


Given = Annotated[ReferralDependencies, Depends(dependency(ReferralDependencies))]


async def _of_path(given: Given, county: PlainText) -> CountyFile:
    found = given.counties.get(CountyName(county))
    if found is None:
        raise unknown_county(given.counties)
    return found


County = Annotated[CountyFile, Depends(_of_path)]
"""The county of the path. Raises Refusal 404."""
