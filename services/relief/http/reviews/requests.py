"""What requests about reviews may say."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictBool

from reliefstream_contracts.determinations import RedesignatedTo
from reliefstream_contracts.relief import ReviewOffice
from services.chassis.http.text import Body, Day, Line, OptionalDay, OptionalText, Query, Words
from services.relief.review.queue import Sort

MOST_LINES = 5000
Code = Annotated[Line, Field(max_length=60, pattern=r"^[a-z][a-z0-9_]*$", examples=["file_reviewed"])]
Digest = Annotated[str, Field(pattern=r"^([0-9a-f]{64}){1,2}$")]
Note = Annotated[Words, Field(max_length=2000)]
YesOrNo = Literal["yes", "no"]


class Queue(Query):
    """Filters; one that is left out matches everything. ``held``: until a later day. ``due``: by this day.
    ``since``: waiting since this day, or longer."""

    city: OptionalText = None
    office: ReviewOffice | None = None
    reason: OptionalText = None
    question: OptionalText = None
    section: OptionalText = None
    court: OptionalText = None
    state: Literal["open", "prepared"] | None = None
    held: YesOrNo | None = None
    claimed: Literal["yes", "no", "mine"] | None = None
    due: OptionalDay = None
    since: OptionalDay = None


class QueuePage(Queue):
    """``sort``: the first due first, the longest waiting, or by section or court. ``after``: the ``next`` of the page
    before, in the same order."""

    sort: Sort = "due"
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    after: OptionalText = None


class LineBody(Body):
    """One review and its ``digest`` as the author was shown it: of the determination and of what was prepared."""

    review_id: UUID
    digest: Digest


class LinesBody(Body):
    """An act on some reviews."""

    lines: Annotated[list[LineBody], Field(min_length=1, max_length=MOST_LINES)]


class DecideBody(LinesBody):
    """A motion, or to leave it to a petition. ``redesignated_to``: of a redesignation, and only of one."""

    decision: Literal["dismissal", "redesignation", "petition"]
    redesignated_to: RedesignatedTo | None = None
    reason_code: Code


class ObjectBody(LinesBody):
    """A challenge: the court and the defender will be told."""

    reason_code: Literal["ineligible", "unreasonable_risk", "identity", "other"]
    still_serving: StrictBool = False


class HoldBody(LinesBody):
    """Put off until a day."""

    until: Day
    reason_code: Code


class ReferBody(LinesBody):
    """Referred to an office, with a note. ``city`` of a city attorney; ``county``: left out, this county's."""

    office: ReviewOffice
    city: Annotated[Line, Field(max_length=100)] | None = None
    county: Annotated[Line, Field(max_length=40)] | None = None
    reason_code: Code
    note: Note


class SendBackBody(LinesBody):
    """Sent back, with a note that says what is missing."""

    note: Note


class HaltBody(Body):
    """Why all ordering stops."""

    reason: Note
