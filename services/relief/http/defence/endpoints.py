"""Challenged relief, for whoever hears of it, and what the public defender does about it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Path
from fastapi import Query as Parameters
from msgspec.structs import asdict

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import ReliefId
from services.chassis.audit.act import audited
from services.chassis.audit.acting import Acting, ActingBy
from services.chassis.http.application import router
from services.chassis.http.paging import next_after
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.text import PlainText
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.chassis.identity.row_security import as_caller
from services.chassis.runtime.unit_of_work import Work
from services.relief import defence, store
from services.relief.defence import Done
from services.relief.http.defence.documents import (
    AnswerChallengeBody,
    Challenged,
    ChallengePage,
    Challenges,
    ChallengeShown,
    ContactBody,
    DefenceAnswer,
    DefenceContact,
    HandedOver,
    HandOverBody,
)
from services.relief.http.dependencies import NO_COUNTY, County, Dependencies, Given
from services.relief.lifecycle.transitions import Relief, State
from services.relief.store import relief_of

defence_routes = router()
OF_COUNTY = "/v1/counties/{county}/challenges"
ONE = OF_COUNTY + "/{id}"
Id = Annotated[UUID, Path(alias="id")]
Key = Annotated[PlainText | None, Header(alias="Idempotency-Key", max_length=200)]
"""Sent again with the same one, nothing is done twice; another act with it is refused."""
Hears = Annotated[
    Caller, allowed(Grants("district_attorney", "city_attorney", "clerk", "public_defender", per_case=True))
]
DEFENDER = allowed(Grants("public_defender"))
HANDS_OVER = allowed(Grants("public_defender", "clerk"))
NO_CHALLENGE = {404: "No such county, or no challenge to this relief that the caller may see."}
KEY_REUSED = {409: "The key came before with another act."}


@defence_routes.get(
    OF_COUNTY,
    summary="Challenged reliefs, which wait for the court, a page at a time",
    description="The public defender sees these, but for what was handed over to another on a conflict.",
    responses=problems(NO_COUNTY),
)
async def list_challenges(
    given: Given, county: County, caller: Hears, by: ActingBy, asked: Annotated[ChallengePage, Parameters()]
) -> Challenges:
    async with as_caller(given.transaction, caller) as work:
        rows = await defence.challenges(
            work.db, county.county, _only_defender(caller), asked.after, asked.limit
        )
        await audited(work, by.exported("challenges", county.county))
    found = [
        Challenged(
            **asdict(relief_of(row)),
            answered_at=_written(row["answered_at"]),
            handed_over_at=_written(row["handed_over_at"]),
        )
        for row in rows
    ]
    return Challenges(reliefs=found, next=next_after(found, asked.limit, lambda one: one.relief_id))


@defence_routes.get(
    ONE,
    summary="One challenge, what the defence answered, and for defenders the contacts with the client",
    description="Also after the court has ruled.",
    responses=problems(NO_CHALLENGE),
)
async def show_challenge(
    given: Given, county: County, caller: Hears, by: ActingBy, relief_id: Id
) -> ChallengeShown:
    async with as_caller(given.transaction, caller) as work:
        relief, acts = await _seen(work, county, caller, ReliefId(relief_id))
        await audited(work, by.on(f"relief/{relief_id}", "shown"))
    return _shown(relief, acts, caller)


@defence_routes.post(
    ONE + "/answer",
    summary="Answer the challenge, for the court and the prosecution",
    description="Each answer is kept. The last one of the same words changes nothing.",
    dependencies=[DEFENDER],
    responses=problems(
        {
            **NO_CHALLENGE,
            409: "The court has ruled, the challenge was withdrawn, or the key came before with another act.",
        }
    ),
)
async def answer_challenge(
    *, given: Given, county: County, by: ActingBy, relief_id: Id, asked: AnswerChallengeBody, key: Key = None
) -> ChallengeShown:
    return await _done(given, county, by, ReliefId(relief_id), Done("answer", asked.text), key=key)


@defence_routes.post(
    ONE + "/contacts",
    summary="Log a contact with the client",
    dependencies=[DEFENDER],
    responses=problems(NO_CHALLENGE | KEY_REUSED),
)
async def log_contact(
    *, given: Given, county: County, by: ActingBy, relief_id: Id, asked: ContactBody, key: Key = None
) -> ChallengeShown:
    done = Done("contact", asked.note, asked.how, asked.outcome)
    return await _done(given, county, by, ReliefId(relief_id), done, key=key)


@defence_routes.post(
    ONE + "/hand-over",
    summary="Hand the case over on a conflict of interests, or note whom the court appointed",
    description="From then on no defender sees it but the one that it was handed over to. The clerk names another "
    "where it went to nobody, or to an account that nobody has.",
    dependencies=[HANDS_OVER],
    responses=problems(NO_CHALLENGE | KEY_REUSED),
)
async def hand_over_challenge(
    *, given: Given, county: County, by: ActingBy, relief_id: Id, asked: HandOverBody, key: Key = None
) -> ChallengeShown:
    done = Done("hand_over", asked.note, to_account=asked.to_account)
    return await _done(given, county, by, ReliefId(relief_id), done, key=key)


async def _done(
    given: Dependencies, county: CountyFile, by: Acting, relief_id: ReliefId, done: Done, *, key: str | None
) -> ChallengeShown:
    async with given.transaction() as work:
        await store.lock_reliefs(work.db, [relief_id])
        relief, _ = await _seen(work, county, by.caller, relief_id)
        if done.act == "answer" and relief.state is not State.CHALLENGED:
            said = f"Nothing waits for an answer: this relief is {relief.state}."
            raise Refusal(409, "state_does_not_fit", "The state does not fit", said)
        try:
            changed = await defence.record(work, relief_id, by.who, done, key)
        except defence.KeyReused:
            said = (
                "This Idempotency-Key came before with another act on this challenge: send it with a new key."
            )
            raise Refusal(409, "key_reused", "The key was used before", said) from None
        await audited(work, by.on(f"relief/{relief_id}", "done" if changed else "unchanged"))
        return _shown(relief, await defence.acts(work.db, relief_id), by.caller)


async def _seen(
    work: Work, county: CountyFile, caller: Caller, relief_id: ReliefId
) -> tuple[Relief, list[dict[str, Any]]]:
    """A relief that is or was challenged, and what defenders did about it. Raises Refusal."""
    relief = await store.find(work.db, relief_id)
    if relief is None or relief.challenge is None or relief.conviction.county != county.county:
        raise _none()
    acts = await defence.acts(work.db, relief_id)
    defender = _only_defender(caller)
    if not caller.reaches(county.county, relief.conviction.city) or (
        defender and defence.is_kept_from(defender, acts)
    ):
        raise _none()
    return relief, acts


def _only_defender(caller: Caller) -> str | None:
    """The account of a caller whom only a defender's grant admits; None: an office of the other side, or the court."""
    return caller.account if all(grant.role == "public_defender" for grant in caller.grants) else None


def _shown(relief: Relief, acts: list[dict[str, Any]], caller: Caller) -> ChallengeShown:
    """The text of contacts and of a hand-over is the defenders' own."""
    theirs = caller.has("public_defender")
    handed = next((each for each in reversed(acts) if each["act"] == "hand_over"), None)
    return ChallengeShown(
        relief=relief,
        answers=[DefenceAnswer(**each) for each in acts if each["act"] == "answer"],
        handed_over=HandedOver(**handed, note=handed["text"] if theirs else None) if handed else None,
        contacts=[
            DefenceContact(**each, note=each["text"]) for each in acts if theirs and each["act"] == "contact"
        ],
    )


def _none() -> Refusal:
    return Refusal(404, "not_found", "Not found", NO_CHALLENGE[404])


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
