"""What a subscription's requests and answers hold."""

from dataclasses import asdict
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.http.text import Body, Day, Moment, PlainText, Query
from services.notification.subscriptions.store import Status, Subscription

LONGEST_PAGE = 1000
LARGEST_ID = 2**63 - 1


class NewSubscription(Body):
    """What an integrator asks for. ``counties`` left out: every county."""

    model_config = ConfigDict(str_strip_whitespace=False)

    url: str = Field(examples=["https://integrator.example/dismissals"])
    counties: Annotated[tuple[str, ...], Field(min_length=1, max_length=100)] | None = Field(
        default=None, examples=[["los-angeles"]]
    )
    description: Annotated[PlainText, Field(max_length=500)] = ""


class Rotation(Body):
    """``overlap_hours``: how long the secret before signs beside the new one; 0: not at all, as where it leaked."""

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24


class SubscriptionShown(BaseModel):
    """``counties`` null: every county."""

    id: UUID
    owner: str
    url: str
    description: str
    counties: list[str] | None
    status: Status
    failing_since: Moment | None
    created_at: Moment

    @classmethod
    def of(cls, subscription: Subscription, **more: str) -> Self:
        """The subscription as it is shown."""
        values = asdict(subscription)
        return cls(id=values.pop("subscription_id"), **values, **more)


class SubscriptionMade(SubscriptionShown):
    """``secret`` signs each delivery; it is shown once."""

    secret: str


class Subscriptions(BaseModel):
    subscriptions: list[SubscriptionShown]


class TestQueued(BaseModel):
    delivery_id: int
    event_id: UUID
    type: str


class Queued(BaseModel):
    """How many deliveries."""

    queued: int


class Resent(BaseModel):
    delivery_id: int


class Since(Query):
    """``from``: the first day, in UTC."""

    since: Annotated[Day, Field(alias="from")]


class LogPage(Query):
    """The newest first, from below the delivery ``before``."""

    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = 100
    before: Annotated[int, Field(ge=1, le=LARGEST_ID)] = LARGEST_ID
    status: Literal["waiting", "delivered", "dead"] | None = None


class Delivery(BaseModel):
    """``is_test``: of a test event. ``next_attempt_at``: null when it does not wait."""

    delivery_id: int
    event_id: UUID
    is_test: bool
    status: str
    attempts: int
    created_at: Moment
    last_attempt_at: Moment | None
    response_status: int | None
    error: str | None
    next_attempt_at: Moment | None


class Deliveries(BaseModel):
    """``next_before``: the ``before`` of the next page, null on the last."""

    deliveries: list[Delivery]
    next_before: int | None
