"""The operator's way to work with dead letters: look at them, process them after a fix, discard them with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from fastapi import Depends
from fastapi import Query as Parameters
from pydantic import BaseModel

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.consumer import dead_letters
from services.chassis.consumer.dead_letter_filter import Filter
from services.chassis.http.application import router
from services.chassis.http.dependencies import dependency
from services.chassis.http.paging import Number
from services.chassis.http.problems import Refusal, problems
from services.chassis.http.route import EdgeRoute, Invalid
from services.chassis.http.text import Body, Moment, Words
from services.chassis.identity.guard import OPERATOR, Grants, allowed
from services.chassis.runtime.telemetry import defect
from services.chassis.runtime.unit_of_work import RawHandler, Transaction, Unprocessable, Work


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """``handlers`` by consumer, as letters name it."""

    transaction: Transaction
    handlers: Mapping[str, RawHandler]


class Letter(BaseModel):
    """One dead letter; ``by`` only where the query asks for a text of the record."""

    id: int
    consumer: str
    topic: str
    partition: int
    offset: int
    reason: str
    detail: str
    at: Moment
    record_at: Moment
    state: str
    ended_at: Moment | None
    ended_why: str | None
    ended_by: str | None
    size: int
    by: str | None = None


class Letters(BaseModel):
    dead_letters: list[Letter]


class WholeLetter(BaseModel):
    """One dead letter with its record; it may hold personal data."""

    id: int
    consumer: str
    topic: str
    partition: int
    offset: int
    key: str | None
    headers: dict[str, str]
    value: str
    reason: str
    detail: str
    at: Moment
    record_at: Moment
    state: str
    ended: str | None
    ended_at: Moment | None
    ended_why: str | None
    ended_by: str | None


class Processed(BaseModel):
    """``open``: it failed again, for ``reason``. ``before``: it had ended before this request."""

    status: Literal["open", "processed", "discarded"]
    before: bool = False
    reason: str | None = None
    detail: str | None = None


class Discarded(BaseModel):
    """``before``: it had ended before this request, as ``status`` says."""

    status: Literal["processed", "discarded"]
    before: bool


class Reason(Body):
    """Why a letter is discarded."""

    why: Words


class DeadLetterRoute(EdgeRoute):
    invalid: ClassVar = {
        **EdgeRoute.invalid,
        "path": Invalid(404, "no_dead_letter", "No such dead letter"),
        "query": Invalid(422, "wrong_filter", "Wrong filter"),
        "body": Invalid(422, "no_reason", "No reason"),
    }


dead_letter_router = router(DeadLetterRoute)
Given = Annotated[DeadLetters, Depends(dependency(DeadLetters))]
NONE = "No dead letter has this number."


@dead_letter_router.get(
    "/v1/dead-letters",
    summary="Dead letters by number, without their records",
    dependencies=[OPERATOR],
    response_model_exclude_unset=True,
)
async def list_dead_letters(given: Given, chosen: Annotated[Filter, Parameters()]) -> Letters:
    async with given.transaction() as work:
        found = await dead_letters.letters(work.db, chosen)
    return Letters(dead_letters=[Letter(**one) for one in found])


@dead_letter_router.get(
    "/v1/dead-letters/{number}",
    summary="One dead letter with its record",
    dependencies=[allowed(Grants(break_glass=True))],
    responses=problems({404: NONE}),
)
async def show_dead_letter(given: Given, by: ActingBy, number: Number) -> WholeLetter:
    async with given.transaction() as work:
        found = await _letter(work, number)
        await audited(work, by.on(f"dead-letter/{number}", "shown"))
    headers, value = dict(found["headers"]), bytes(found["value"]).decode(errors="replace")
    return WholeLetter(**{**found, "state": found["ended"] or "open", "headers": headers, "value": value})


@dead_letter_router.post(
    "/v1/dead-letters/{number}/process",
    summary="Take the record through the handler as it is now",
    description="What fails again stays open, with today's reason.",
    dependencies=[OPERATOR],
    response_model_exclude_unset=True,
    responses=problems({404: NONE, 409: "The service no longer reads that topic."}),
)
async def process_dead_letter(given: Given, by: ActingBy, number: Number) -> Processed:
    try:
        async with given.transaction() as work:
            found = await _letter(work, number, lock=True)
            if found["ended"] is not None:
                return Processed(status=found["ended"], before=True)
            await _handler(given, found["consumer"])([dead_letters.record_of(found)], work)
            await dead_letters.end(work, found["id"], "processed")
            await audited(work, by.on(f"dead-letter/{number}"))
    except Refusal:
        raise
    except Unprocessable as error:
        failed = Processed(status="open", reason=error.reason, detail=error.detail)
    except Exception as error:
        failed = Processed(status="open", reason="defect", detail=defect(error))
    else:
        return Processed(status="processed")
    async with given.transaction() as work:
        await audited(work, by.on(f"dead-letter/{number}", "failed"))
    return failed


@dead_letter_router.post(
    "/v1/dead-letters/{number}/discard",
    summary="End a dead letter for good, with a reason",
    dependencies=[OPERATOR],
    responses=problems({404: NONE}),
)
async def discard_dead_letter(given: Given, by: ActingBy, number: Number, said: Reason) -> Discarded:
    async with given.transaction() as work:
        found = await _letter(work, number, lock=True)
        if found["ended"] is None:
            await dead_letters.end(work, found["id"], "discarded", said.why, by.who)
        outcome = "done" if found["ended"] is None else "unchanged"
        await audited(work, by.on(f"dead-letter/{number}", outcome, said.why))
    return Discarded(status=found["ended"] or "discarded", before=found["ended"] is not None)


def _handler(given: DeadLetters, consumer: str) -> RawHandler:
    if consumer not in given.handlers:
        gone = "The service no longer reads that topic: discard it."
        raise Refusal(409, "no_consumer", "No such consumer", gone)
    return given.handlers[consumer]


async def _letter(work: Work, number: int, *, lock: bool = False) -> Mapping[str, Any]:
    found = await dead_letters.letter(work.db, number, lock=lock)
    if found is None:
        raise Refusal(404, "no_dead_letter", "No such dead letter", NONE)
    return found
