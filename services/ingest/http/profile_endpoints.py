"""Which profiles are in force, and reading them again, for the operator."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.dependencies import dependency
from services.chassis.identity.guard import OPERATOR
from services.ingest.http.dependencies import Given
from services.ingest.profiles.counties_in_force import CountiesInForce


class ProfilesOfCounty(BaseModel):
    """``profiles``: name to fingerprint. ``refused``: why newer files are not in force; empty: there are none."""

    profiles: dict[str, str]
    refused: str


class ProfilesInForce(BaseModel):
    counties: dict[str, ProfilesOfCounty]


profiles = router()
Counties = Annotated[CountiesInForce, Depends(dependency(CountiesInForce))]


@profiles.get("/v1/profiles", summary="The profiles in force, by county", dependencies=[OPERATOR])
async def show_profiles(counties: Counties) -> ProfilesInForce:
    return _in_force(counties)


@profiles.post("/v1/profiles/reload", summary="Read the profiles again, at once", dependencies=[OPERATOR])
async def reload_profiles(given: Given, by: ActingBy, counties: Counties) -> ProfilesInForce:
    async with given.transaction() as work:
        await audited(work, by.on("profiles"))
    counties.look(at_once=True)
    return _in_force(counties)


def _in_force(counties: CountiesInForce) -> ProfilesInForce:
    found = {name: one._asdict() for name, one in counties.in_force().items()}
    return ProfilesInForce.model_validate({"counties": found})
