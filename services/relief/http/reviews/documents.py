"""What answers about reviews hold."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from reliefstream_contracts.determinations import Ground, OpenQuestion
from reliefstream_contracts.relief import ReviewOffice
from services.relief.review.review import Review


class ReviewPage(BaseModel):
    """``next``: the ``after`` of the next page; null: this was the last."""

    reviews: list[Review]
    next: str | None


class ReviewCounts(BaseModel):
    """How many wait, by filter and value; ``total`` has all, held, claimed and overdue ones."""

    counts: dict[str, dict[str, int]]


class Share(BaseModel):
    """``account`` null: what nobody has claimed. ``first_due``: the earliest day."""

    office: ReviewOffice
    city: str | None
    account: str | None
    number: int
    overdue: int
    held: int
    prepared: int
    first_due: date


class Workload(BaseModel):
    """Who has how much of what waits."""

    workload: list[Share]


class ReviewShown(Review):
    """A review with its grounds and the questions that would settle it. ``age_days``: since it was opened."""

    age_days: int
    determination_label: str
    reason_label: str
    legal_minimum: str | None
    grounds: list[Ground]
    open_questions: list[OpenQuestion]


class ReviewAct(BaseModel):
    """``account`` null: it followed from a determination."""

    at: datetime
    act: str
    role: str | None
    account: str | None
    detail: dict[str, Any]
    note: str | None


class Look(BaseModel):
    """Somebody who was shown a review: how often, and when last."""

    account: str
    role: str
    times: int
    last_at: datetime


class ReviewHistory(BaseModel):
    """What was done with a review, in order, and who was shown it, the last first (at most 50)."""

    review_id: UUID
    opened_at: datetime
    acts: list[ReviewAct]
    looks: list[Look]


class LineResult(BaseModel):
    """``result``: done, done_before, changed (``changed`` says what), refused or not_found."""

    review_id: UUID
    result: str
    code: str | None
    why: str | None
    changed: list[str]


class Acted(BaseModel):
    """How many lines had each result, and those that were not done."""

    results: dict[str, int]
    not_done: list[LineResult]


class NextReview(BaseModel):
    """Null: nothing waits that nobody has claimed."""

    review: Review | None


class Ordering(BaseModel):
    """``halted`` false: orders are made. Otherwise since when, by which account and why none is."""

    county: str
    halted: bool
    at: datetime | None = None
    by: str | None = None
    reason: str | None = None
