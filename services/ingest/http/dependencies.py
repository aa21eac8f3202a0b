"""What the endpoints of ingest work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends

from reliefstream_contracts.identifiers import CountyName
from services.chassis.http.county import unknown_county
from services.chassis.http.dependencies import dependency
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Transaction
from services.ingest.admission.admission import Admission
from services.ingest.http.bodies import Limits
from services.ingest.profiles.counties import SendingCounties, SendingCounty


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What each endpoint works with."""

    counties: SendingCounties
    transaction: Transaction
    keyed_hash: KeyedHash
    """What a court sealed is recognised by it."""

    def county(self, name: str) -> SendingCounty:
        """The county of that name. Raises Refusal 404, which lists those that there are."""
        found = self.counties.get(CountyName(name))
        if found is None:
            raise unknown_county(self.counties)
        return found


@dataclass(frozen=True, slots=True)
class Intake:
    """What only the intake of records needs."""

    new_request_id: Callable[[], str]
    now: Callable[[], datetime]
    limits: Limits
    admission: Admission


Given = Annotated[Dependencies, Depends(dependency(Dependencies))]
"""For an endpoint that asks."""
GivenIntake = Annotated[Intake, Depends(dependency(Intake))]
