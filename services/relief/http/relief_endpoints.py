"""Endpoints of one relief: challenge, ruling and acknowledgement."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

from fastapi import Path
from msgspec.structs import asdict

from reliefstream_contracts.identifiers import ReliefId
from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.problems import Refusal, problems
from services.chassis.identity.caller import Caller, Role
from services.chassis.identity.guard import Grants, allowed
from services.chassis.identity.row_security import as_caller
from services.chassis.runtime.unit_of_work import Work
from services.relief import store
from services.relief.handlers import apply_findings
from services.relief.http.dependencies import Given
from services.relief.http.documents import ChallengedRelief
from services.relief.http.requests import AcknowledgeBody, ChallengeBody, ResolveBody
from services.relief.lifecycle.challenge_window import LATE
from services.relief.lifecycle.transitions import NotPossible, Relief, acknowledged, challenged, resolved

reliefs = router()
ONE = "/v1/reliefs/{id}"
Id = Annotated[UUID, Path(alias="id")]
Reader = Annotated[
    Caller, allowed(Grants("district_attorney", "city_attorney", "clerk", per_case=True, break_glass=True))
]
Prosecutor = Annotated[
    Caller, allowed(Grants("district_attorney", "city_attorney", signer=True, per_case=True))
]
Rules = Annotated[
    Caller, allowed(Grants("clerk", "district_attorney", "city_attorney", signer=True, per_case=True))
]
Acknowledges = Annotated[Caller, allowed(Grants("clerk", "records_unit", per_case=True))]
NO_RELIEF = {404: "There is no relief of this id."}
DOES_NOT_FIT = {**NO_RELIEF, 409: "The state of the relief does not fit."}


@reliefs.get(ONE, summary="One relief as it stands", responses=problems(NO_RELIEF))
async def show_relief(given: Given, caller: Reader, by: ActingBy, relief_id: Id) -> Relief:
    async with as_caller(given.transaction, by.caller) as work:
        found = await store.find(work.db, ReliefId(relief_id))
        if found is None or not _reaches(caller, found):
            raise _none()
        await audited(work, by.on(f"relief/{relief_id}", "shown"))
    return found


@reliefs.post(
    f"{ONE}/challenge",
    summary="The prosecution objects (HS 11361.9)",
    description="An unreasonable risk only while a sentence runs (HS 11361.8(b)). ``warning``: the window of "
    "HS 11361.9 has closed for this conviction; the challenge is recorded all the same.",
    responses=problems(DOES_NOT_FIT),
)
async def challenge_relief(
    given: Given, caller: Prosecutor, by: ActingBy, relief_id: Id, asked: ChallengeBody
) -> ChallengedRelief:
    async with given.transaction() as work:
        relief = await locked_relief(work, ReliefId(relief_id), caller)
        if asked.reason_code == "unreasonable_risk":
            _serving(relief, asked.still_serving)
        with fitting():
            today = given.today(given.counties.get(relief.conviction.county))
            who = f"{caller.role} {caller.account}"
            relief, event = challenged(relief, asked.reason_code, who, work.now, today)
        await store.save(work.db, [relief])
        work.emit(event, store.carried(relief))
        await audited(work, by.on(f"relief/{relief_id}", asked.reason_code))
    return ChallengedRelief(**asdict(relief), warning=LATE if event.after_window else None)


@reliefs.post(
    f"{ONE}/challenge/resolve",
    summary="The court rules on a challenge, or the prosecution withdraws it",
    description="Then whatever the determination gives goes on.",
    responses=problems(DOES_NOT_FIT),
)
async def resolve_challenge(
    given: Given, caller: Rules, by: ActingBy, relief_id: Id, asked: ResolveBody
) -> Relief:
    one = ReliefId(relief_id)
    async with given.transaction() as work:
        locked = await store.lock_around(work.db, await store.counts_held(work.db, one))
        known = await store.known_around(work.db, locked)
        if one not in known.reliefs or not _reaches(caller, known.reliefs[one]):
            raise _none()
        rules: tuple[Role, ...] = (
            ("district_attorney", "city_attorney") if asked.outcome == "withdrawn" else ("clerk",)
        )
        if not any(caller.has(role) for role in rules):
            said = "The court's clerk records a ruling, and the prosecution withdraws its challenge."
            raise Refusal(403, "not_granted", "Not granted", said)
        with fitting():
            relief, event = resolved(known.reliefs[one], asked.outcome, work.now)
        await store.save(work.db, [relief])
        work.emit(event, store.carried(relief))
        known.reliefs[one] = relief
        await apply_findings(known, given.counties, work, given.new_id)
        await audited(work, by.on(f"relief/{relief_id}", asked.outcome))
        return await locked_relief(work, one, caller)


@reliefs.post(
    f"{ONE}/acknowledge",
    summary="The court or DOJ says that its record shows the relief",
    description="Saying it again changes nothing.",
    responses=problems(DOES_NOT_FIT),
)
async def acknowledge_relief(
    given: Given, caller: Acknowledges, by: ActingBy, relief_id: Id, asked: AcknowledgeBody
) -> Relief:
    async with given.transaction() as work:
        found = await locked_relief(work, ReliefId(relief_id), caller)
        with fitting():
            relief, event = acknowledged(found, asked.by, work.now)
        if event:
            await store.save(work.db, [relief])
            work.emit(event, store.carried(relief))
        await audited(work, by.on(f"relief/{relief_id}", asked.by if event else "unchanged"))
    return relief


@contextmanager
def fitting() -> Iterator[None]:
    """Refuses a transition that the state does not allow, and names the state."""
    try:
        yield
    except NotPossible as refused:
        raise Refusal(
            409, "state_does_not_fit", "The state does not fit", f"This relief {refused}."
        ) from None


def _reaches(caller: Caller, relief: Relief) -> bool:
    return caller.reaches(relief.conviction.county, relief.conviction.city)


def _none() -> Refusal:
    return Refusal(404, "not_found", "Not found", NO_RELIEF[404])


async def locked_relief(work: Work, relief_id: ReliefId, caller: Caller) -> Relief:
    """The relief, locked until the transaction ends."""
    found = await store.lock_reliefs(work.db, [relief_id])
    if relief_id not in found or not _reaches(caller, found[relief_id]):
        raise _none()
    return found[relief_id]


def _serving(relief: Relief, stated: bool) -> None:
    if relief.still_serving is False:
        raise Refusal(
            422,
            "sentence_completed",
            "The sentence is completed",
            "An unreasonable risk can be raised only while a sentence runs (HS 11361.8(b)); this one is completed.",
        )
    if relief.still_serving is None and not stated:
        raise Refusal(
            422,
            "serving_not_on_record",
            "Not known to be serving",
            "An unreasonable risk can be raised only while a sentence runs (HS 11361.8(b)), and our record does "
            "not say that it does: state it with still_serving true, or give another reason.",
        )
