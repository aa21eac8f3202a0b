"""What requests about orders that differ from what is determined say, and what their answers hold."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from reliefstream_contracts.determinations import RedesignatedTo
from reliefstream_contracts.relief import CourtOrder, ReliefGranted, RelievedConviction, ReviewOffice
from services.chassis.http.text import Body, Moment, OptionalText, Query, Words


class DifferingPage(Query):
    """``after``: the ``next`` of the page before."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: OptionalText = None


class OtherOrder(BaseModel):
    """Another order on the same conviction, and the conviction as it was then."""

    relief_id: UUID
    order: CourtOrder
    conviction: RelievedConviction


class DeterminedNow(BaseModel):
    """What is determined now on the order's counts."""

    outcome: str
    reason: str


class DifferingOrder(BaseModel):
    """``owner``: the office that settles it. ``version``: sent back with the reason. ``kind``: what was ordered."""

    relief_id: UUID
    version: int
    differs: str
    since: Moment
    owner: ReviewOffice
    conviction: RelievedConviction
    kind: ReliefGranted
    redesignated_to: RedesignatedTo | None
    order: CourtOrder
    now: list[DeterminedNow]
    other_orders: list[OtherOrder]


class DifferingOrders(BaseModel):
    """``number``: how many wait in all. ``next``: the ``after`` of the next page; null: this was the last."""

    number: int
    orders: list[DifferingOrder]
    next: str | None


class SettleBody(Body):
    """Why it stays as it is, or what was done; ``version``: of what was shown."""

    version: Annotated[int, Field(ge=1)]
    reason: Annotated[Words, Field(max_length=2000)] = Field(
        examples=["The court vacated the second order on 2026-11-20."]
    )


class Settling(BaseModel):
    """``done`` false: it waited no more."""

    done: bool
