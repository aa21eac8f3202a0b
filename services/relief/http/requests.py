"""What the operator's requests may say, and how a wrong one is answered."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from reliefstream_contracts.identifiers import Source
from services.chassis.http.edge import problem
from services.relief.lifecycle.transitions import NotPossible, Ruling

LARGEST_BODY = 8 * 1024 * 1024  # a list of exceptions; everything else is small
PROPOSITION_64 = date(2016, 11, 9)  # in force; no court could order this relief before

Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
ReasonCode = Literal["ineligible", "unreasonable_risk", "identity", "other"]


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class StandingOrderBody(Body):
    number: Word
    judge: Word
    on: date
    scope: Annotated[str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00]*$")]


class EndBody(Body):
    number: Word
    on: date | None = None
    """Left out: today in the county."""


class EnterBody(Body):
    order_number: Word
    judge: Word
    on: date
    exceptions: Annotated[list[Word], Field(alias="except", default_factory=list)]


class ChallengeBody(Body):
    reason_code: ReasonCode
    by: Word
    still_serving: bool = False
    """The challenger states that the sentence still runs; asked for where our record does not say."""


class ResolveBody(Body):
    outcome: Ruling


class AcknowledgeBody(Body):
    by: Source


class Refusal(Exception):
    """A request that cannot be done, as problem details."""

    def __init__(self, status: int, code: str, title: str, detail: str) -> None:
        super().__init__(title)
        self.response = problem(status, code, title, detail)


Endpoint = Callable[[Request], Awaitable[Response]]
B = TypeVar("B", bound=Body)


def answered(endpoint: Endpoint) -> Endpoint:
    """The endpoint, with refusals as problem details and a step that does not fit as 409 naming the state."""

    async def answer(request: Request) -> Response:
        if any("\x00" in value for value in (*request.path_params.values(), *request.query_params.values())):
            return problem(422, "invalid_text", "Invalid text", "The address has a NUL character in it.")
        try:
            return await endpoint(request)
        except Refusal as refusal:
            return refusal.response
        except NotPossible as refused:
            return problem(409, "state_does_not_fit", "The state does not fit", f"This relief {refused}.")

    return answer


async def body(request: Request, shape: type[B]) -> B:
    """The request's JSON as that shape. Raises Refusal naming each field that is wrong, never its value."""
    received = b""
    async for part in request.stream():
        received += part
        if len(received) > LARGEST_BODY:
            raise Refusal(413, "too_large", "Body too large", f"Send at most {LARGEST_BODY} bytes.")
    try:
        return shape.model_validate_json(received)
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc'])) or 'body'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise Refusal(422, "invalid_body", "The body does not fit", "; ".join(faults[:20])) from None


def not_later(field: str, on: date, today: date) -> None:
    """Refuses an act dated after today in the county, or before the law that it rests on."""
    if on > today:
        raise Refusal(
            422,
            "future_date",
            "A date in the future",
            f"{field} is {on}, and today is {today}: give the day of the act.",
        )
    if on < PROPOSITION_64:
        raise Refusal(
            422,
            "date_before_the_law",
            "A date before the law",
            f"{field} is {on}, before HS 11361.8 was in force ({PROPOSITION_64}): check the year.",
        )


def identifier(request: Request, name: str, what: str) -> UUID:
    """A UUID of the path. Raises Refusal 404 for what cannot be one."""
    try:
        return UUID(request.path_params[name])
    except ValueError:
        raise Refusal(404, "not_found", "Not found", f"There is no {what} of this id.") from None
