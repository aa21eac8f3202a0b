"""What requests about referrals say, and what their answers hold."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from reliefstream_contracts.identifiers import SubjectId
from reliefstream_contracts.receipts import Problem
from services.chassis.http.text import Body, Moment, OptionalText, OptionalUUID, Query, Words
from services.reconciliation.http.discrepancy_documents import RecordSaid
from services.reconciliation.referrals.answers import Answer
from services.reconciliation.referrals.named_person import CountyAnswer, Named, Standing
from services.reconciliation.referrals.parse_list import MOST


class Persons(Body):
    """The persons of a list, as JSON."""

    persons: Annotated[list[Named], Field(min_length=1, max_length=MOST)]


class LineTaken(BaseModel):
    """What became of one line. ``authorisation``: whether what is on record is told; ``expired``: not any more."""

    line: int
    status: Literal["taken", "refused"]
    authorisation: Literal["holds", "expired", "none"] | None
    problems: list[Problem]


class Receipt(BaseModel):
    """The receipt for a list. ``unread_columns``: columns that are not known here, which were not read or kept."""

    referral_id: UUID
    county: str
    due_on: date
    received: int
    taken: int
    refused: int
    unread_columns: int
    lines: list[LineTaken]


class ReferralAnswers(BaseModel):
    """What is told of each person of a list, by line."""

    referral_id: UUID
    county: str
    due_on: date
    lines: list[Answer]


class ReferralListed(BaseModel):
    """``open``: lines that the county has still to answer; null for who handed them in."""

    referral_id: UUID
    received_at: Moment
    due_on: date
    account: str
    lines: int
    open: int | None


class ReferralPage(BaseModel):
    """``next``: the ``after`` of the next page; null: this was the last."""

    referrals: list[ReferralListed]
    next: UUID | None


class Candidate(BaseModel):
    """Somebody on record who may be the person that a group named."""

    subject_id: SubjectId
    records: list[RecordSaid]


class OpenLine(BaseModel):
    """A line for the records unit: whom a group named, and what the county's records say so far.

    ``candidates``: of a line in doubt, who it may be.
    """

    referral_id: UUID
    line: int
    due_on: date
    overdue: bool
    standing: Standing
    person: Named
    candidates: list[Candidate]


class OpenLines(BaseModel):
    """``next``: the ``after`` of the next page; null: this was the last."""

    lines: list[OpenLine]
    next: str | None


class Answered(BaseModel):
    """The lines that were answered."""

    referral_id: UUID
    lines: list[int]


class Page(Query):
    """``overdue``: only what was due before today. ``after``: the ``next`` of the page before."""

    overdue: Literal["yes"] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    after: OptionalUUID = None


class QueuePage(Query):
    """As ``Page``."""

    overdue: Literal["yes"] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    after: OptionalText = None


class AnswerBody(Body):
    """The county's answer to some lines of one list. ``subject_id``: of ``found``, and only of it, the person's."""

    lines: Annotated[list[Annotated[int, Field(ge=1, le=MOST)]], Field(min_length=1, max_length=MOST)]
    answer: CountyAnswer
    subject_id: UUID | None = None
    note: Annotated[Words, Field(max_length=2000)] | None = None
