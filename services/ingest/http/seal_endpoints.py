"""A seal that was set by mistake is found by its case, and taken away."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from reliefstream_contracts.identifiers import ReliefId
from reliefstream_contracts.sealing import SealRemoved
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.route import EdgeRoute
from services.chassis.http.text import Body, Line, PlainText, Words
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.ingest.core.sealing.facts import case_places
from services.ingest.core.sealing.seal import has_section
from services.ingest.http.dependencies import Given
from services.ingest.sealing import store

seals = router(EdgeRoute)
By = Annotated[Caller, allowed(Grants("clerk", per_case=True))]


BEING_SEALED = (
    "It is still being sealed: not every service has forgotten the conviction yet, and what is left of it would stay. "
    "Take the seal away once it is sealed, mostly within a minute; reliefstream seal status and the page Sealing show "
    "what is being sealed and which service is waited for."
)


class WhichSeal(Body):
    """``case_number``: as the court writes it. ``section``: with or without subdivisions; null: any."""

    case_number: Annotated[Line, Field(max_length=200)]
    section: Annotated[Line, Field(max_length=200, examples=["HS 11359"])] | None = None


class SealsFound(BaseModel):
    """The reliefs whose seals are on the case; nothing else of them is kept."""

    reliefs: list[ReliefId]


class SealBody(Body):
    """Why the seal was a mistake; it names no person."""

    reason: Annotated[Words, Field(max_length=500)] = Field(examples=["The order was of another person."])


class SealTaken(BaseModel):
    """The relief whose conviction is taken in again once its sources send it again."""

    relief_id: ReliefId


@seals.post(
    "/v1/counties/{county}/seals/find",
    summary="Find the seals of the county on a case",
    description="A case is recognised by its keyed hash: whoever asks has to know it.",
    dependencies=[allowed(Grants("clerk"))],
    responses=problems({404: "No such county; ``detail`` lists those that there are."}),
)
async def find_seals(given: Given, by: ActingBy, county: PlainText, asked: WhichSeal) -> SealsFound:
    name = given.county(county).intake.county
    hashed = given.keyed_hash.by_each_key
    places = {each for place in case_places(name, asked.case_number) for each in hashed(place)}
    async with given.transaction() as work:
        found = {seal for on_place in (await store.on_places(work.db, places)).values() for seal in on_place}
        await audited(work, by.on(f"seals/{name}", "shown"))
    return SealsFound(
        reliefs=sorted(
            ReliefId(seal.relief_id)
            for seal in found
            if seal.county == name and (asked.section is None or has_section(seal, asked.section, hashed))
        )
    )


@seals.post(
    "/v1/seals/{relief_id}/remove",
    summary="Take away the seal on a conviction that was sealed by mistake",
    description="What was forgotten does not come back by itself: its sources have to send their records again. "
    "Nobody has to suppress the count any more.",
    responses=problems(
        {404: "There is no such seal, or not in a county of the caller.", 409: "It is still being sealed."}
    ),
)
async def remove_seal(given: Given, caller: By, by: ActingBy, relief_id: UUID, asked: SealBody) -> SealTaken:
    async with given.transaction() as work:
        seal = await store.standing(work.db, relief_id)
        if seal is None or not caller.reaches(seal.county):
            raise Refusal(404, "no_seal", "No such seal", "No seal of this relief stands.")
        if not seal.done:
            raise Refusal(409, "being_sealed", "Still being sealed", BEING_SEALED)
        await store.remove(work.db, relief_id)
        work.emit(SealRemoved(relief_id=ReliefId(relief_id)))
        await audited(work, by.on(f"seal/{relief_id}", why=asked.reason))
    return SealTaken(relief_id=ReliefId(relief_id))
