"""The filter of dead letters in a query. Pure."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from services.chassis.http.paging import After
from services.chassis.http.text import OptionalDay, OptionalText, Query

LONGEST_PAGE = 1000
LONGEST_READ_PAGE = 100
"""Of a page for which each record has to be read."""


class Filter(Query):
    """None matches any. ``since`` and ``until``: days in UTC, both included. ``by``: the record's field to show."""

    state: Literal["open", "processed", "discarded", "all"] = "open"
    reason: OptionalText = None
    consumer: OptionalText = None
    topic: OptionalText = None
    since: OptionalDay = None
    until: OptionalDay = None
    by: OptionalText = None
    after: After = 0
    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = 100

    @model_validator(mode="after")
    def _short_where_records_are_read(self) -> Self:
        if self.by and self.limit > LONGEST_READ_PAGE:
            raise ValueError(f"with by, limit is at most {LONGEST_READ_PAGE}")
        return self
