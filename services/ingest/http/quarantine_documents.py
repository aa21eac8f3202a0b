"""What the answers about quarantine hold."""

from datetime import date
from typing import Any, NotRequired
from uuid import UUID

from pydantic import BaseModel
from typing_extensions import TypedDict

from reliefstream_contracts.receipts import Problem, ReceiptIssued
from services.chassis.http.text import Moment


class Entry(BaseModel):
    """One entry without what was sent; ``ended_at`` null: it is open."""

    quarantine_id: UUID
    county: str
    receipt_id: str
    kind: str
    format: str
    profile: str
    file_sha256: str
    record_id: str | None
    revision: int | None
    quarantined_at: Moment
    day: date
    sent: int
    last_sent_at: Moment
    opened_at: Moment
    state: str
    attempts: int
    codes: list[str]
    fields: list[str]
    problems: list[Problem]
    ended_at: Moment | None
    ended_why: str
    ended_by: str


class WholeEntry(Entry):
    """``raw``: what was sent, as text, one character a byte where it is not UTF-8. ``history``: each attempt."""

    headers: dict[str, str]
    raw: str
    history: list[dict[str, Any]]


class Entries(BaseModel):
    """``next``: the ``after`` of the next page, null on the last."""

    quarantine: list[Entry]
    next: str | None


class OfState(BaseModel):
    """``sent``: how often they came together. ``oldest``: since when the oldest waits."""

    county: str
    state: str
    entries: int
    sent: int
    oldest: Moment
    oldest_age_seconds: int


class OfReason(BaseModel):
    """``first`` and ``last``: the days on which they came."""

    state: str
    county: str
    kind: str
    format: str
    profile: str
    reason: str
    field: str
    entries: int
    first: date
    last: date
    what: str | None
    remedy: str | None


class OfDay(BaseModel):
    day: date
    county: str
    entries: int
    open: int


class Summary(BaseModel):
    """Open ones and the most frequent first."""

    states: list[OfState]
    reasons: list[OfReason]
    days: list[OfDay]


class Tried(TypedDict):
    """``outcome``: recorded, repeat, refused, or the state of an entry that was not open."""

    quarantine_id: UUID
    county: str
    outcome: str
    state: str
    problems: list[Problem]
    receipt: NotRequired[ReceiptIssued]


class Resubmitted(BaseModel):
    """``next``: the ``after`` of the next request, null when nothing is left."""

    entries: list[Tried]
    next: str | None


class Discarded(BaseModel):
    """``unknown``: ids that are no entries."""

    discarded: int
    unknown: list[UUID]


class Counted(BaseModel):
    """received = recorded + repeats + quarantined, in receipts."""

    received: int
    recorded: int
    repeats: int
    quarantined: int


class Counts(BaseModel):
    counties: dict[str, Counted]
