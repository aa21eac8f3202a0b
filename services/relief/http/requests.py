"""The bodies of requests on reliefs and orders: what clerks and prosecutors send."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from reliefstream_contracts.identifiers import Source
from services.chassis.http.problems import Refusal
from services.chassis.http.text import Body, Day, Line, Words
from services.relief.lifecycle.transitions import Ruling
from services.relief.orders.line_outcomes import LineOutcome, Told

PROPOSITION_64 = date(2016, 11, 9)  # in force; no court could order this relief before

Word = Annotated[Line, Field(max_length=200)]
Name = Annotated[Line, Field(max_length=400)]
ReasonCode = Literal["ineligible", "unreasonable_risk", "identity", "other"]


class StandingOrderBody(Body):
    """A standing order as the court made it."""

    number: Word = Field(examples=["SO-1"])
    judge: Word = Field(examples=["A. Reyes"])
    on: Day
    scope: Annotated[Words, Field(max_length=4000)] = Field(examples=["HS 11361.9, all unchallenged"])
    covers_decisions: StrictBool = False


class EndBody(Body):
    """``on`` left out: today in the county."""

    number: Word
    on: Day | None = None


class NumberBody(Body):
    """The court's number of the order that is discarded."""

    number: Word = Field(examples=["BO-7"])


class ConfirmBody(NumberBody):
    """``digest``: of the entry that was shown; another entry under the same number is not confirmed."""

    digest: Annotated[str, Field(min_length=64, max_length=64, pattern=r"^[0-9a-f]+$")]


class EnterBody(Body):
    """The court's order. ``except``: lines that it left out, by relief id or by count: co-defendants share a case
    number."""

    order_number: Word = Field(examples=["BO-7"])
    judge: Word = Field(examples=["M. Ortiz"])
    on: Day
    exceptions: Annotated[list[Name], Field(alias="except", default_factory=list)]


class ChallengeBody(Body):
    """``still_serving``: the challenger states that the sentence still runs, where our record does not say."""

    reason_code: ReasonCode
    still_serving: StrictBool = False


class ResolveBody(Body):
    """The court's ruling, or the prosecution's withdrawal."""

    outcome: Ruling


class AcknowledgeBody(Body):
    """Whose record shows the relief."""

    by: Source


class LineTold(Body):
    """What the clerk found of one line."""

    line: Annotated[int, Field(ge=1, le=10_000_000)]
    outcome: LineOutcome


class OutcomesBody(Body):
    """Lines by their numbers on the list."""

    outcomes: Annotated[tuple[LineTold, ...], Field(min_length=1, max_length=1000)]


class ToldBody(Body):
    """Whom the court told, and when."""

    to: Told
    on: Day


class SealBody(Body):
    """Why it is sealed before its time."""

    reason: Annotated[Words, Field(max_length=500)] = Field(examples=["The order says so."])


class HoldBody(Body):
    """Why nothing of the conviction may be erased; it names no person."""

    reason: Annotated[Words, Field(max_length=500)] = Field(examples=["Litigation hold of 2026-11-02"])


class PersonToldBody(Body):
    """``on`` left out: today in the county."""

    on: Day | None = None


def not_later(field: str, on: date, today: date) -> None:
    """Raises Refusal for an act dated after today in the county, or before its law was in force."""
    if on > today:
        raise Refusal(
            422,
            "future_date",
            "A date in the future",
            f"{field} is after today, {today} in the county: give the day of the act.",
        )
    if on < PROPOSITION_64:
        raise Refusal(
            422,
            "date_before_the_law",
            "A date before the law",
            f"{field} is before HS 11361.8 was in force ({PROPOSITION_64}): check the year.",
        )
