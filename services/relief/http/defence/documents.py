"""What requests about challenges say, and what their answers hold."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.chassis.http.text import Body, Line, Moment, OptionalUUID, Query, Words
from services.relief.lifecycle.transitions import Relief

MOST = 1000
How = Literal["letter", "telephone", "email", "visit", "other"]
Reached = Literal["reached", "message_left", "not_reached", "address_unknown"]


class ChallengePage(Query):
    """``after``: the ``next`` of the previous page."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = 100
    after: OptionalUUID = None


class Challenged(Relief):
    """A challenged relief. ``answered_at``: when the defence answered last; ``handed_over_at``: on a conflict."""

    answered_at: str | None
    handed_over_at: str | None


class Challenges(BaseModel):
    """``next``: the ``after`` of the next page, null on the last."""

    reliefs: list[Challenged]
    next: UUID | None


class DefenceAnswer(BaseModel):
    """What the defence answered to the challenge."""

    at: Moment
    account: str
    text: str


class DefenceContact(BaseModel):
    """One contact with the client, for defenders alone."""

    at: Moment
    account: str
    how: How
    outcome: Reached
    note: str | None


class HandedOver(BaseModel):
    """The case is another's. ``to_account`` null: the court appoints counsel. ``note``: for defenders alone."""

    at: Moment
    account: str
    to_account: str | None
    note: str | None


class ChallengeShown(BaseModel):
    """``contacts``: empty for whoever is no defender."""

    relief: Relief
    answers: list[DefenceAnswer]
    handed_over: HandedOver | None
    contacts: list[DefenceContact]


class AnswerChallengeBody(Body):
    """What the defence says, for the court and the prosecution."""

    text: Annotated[Words, Field(max_length=8000)]


class ContactBody(Body):
    """A contact with the client."""

    how: How
    outcome: Reached
    note: Annotated[Words, Field(max_length=4000)] | None = None


class HandOverBody(Body):
    """``to_account``: the defender who has the case from now on; left out: the court appoints counsel."""

    to_account: Annotated[Line, Field(max_length=64)] | None = None
    note: Annotated[Words, Field(max_length=4000)]
