"""What requests to quarantine may say: which entries are meant, and what becomes of them."""

import re
from typing import Annotated, Any, ClassVar, Literal, get_args
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StrictBool
from pydantic_core import PydanticCustomError

from services.chassis.http.problems import Refusal
from services.chassis.http.route import EdgeRoute, Invalid
from services.chassis.http.text import (
    Body,
    OptionalDay,
    OptionalText,
    PlainText,
    Query,
    Words,
    nothing_if_empty,
    or_empty,
)
from services.chassis.identity.caller import Caller
from services.ingest.quarantine.filter import Cursor, Filter, Kind, State

PAGE = 1000
RESUBMITTED = 200
"""Entries of one request: one transaction."""
WRONG_FILTER = Invalid(400, "wrong_filter", "Wrong filter")


class QuarantineRoute(EdgeRoute):
    invalid: ClassVar = {
        **EdgeRoute.invalid,
        "query": WRONG_FILTER,
        "query:nul": WRONG_FILTER,
        "body": WRONG_FILTER,
        "body:missing": Invalid(422, "no_reason", "No reason"),
    }


def wrong_filter(detail: str) -> Refusal:
    """For entries that nobody can mean; ``detail`` says what it may be."""
    return Refusal(*WRONG_FILTER, detail)


def _file(text: str | None) -> str | None:
    if text is not None and not re.fullmatch("[0-9a-f]{4,64}", text.lower()):
        raise PydanticCustomError("file", "is the SHA-256 of the file, or at least the first 4 digits of it")
    return text and text.lower()


def _cursor(text: str | None) -> str | None:
    try:
        return text and Cursor.read(text) and text
    except ValueError:
        raise PydanticCustomError("cursor", "is `next` of the page before, as it was given") from None


def _true_or_false(given: Any) -> Any:
    if not isinstance(given, bool):  # 0 and 1 are none
        raise PydanticCustomError("all", 'is {"all": true}, or left out')
    return given


Text = Annotated[Annotated[PlainText, Field(max_length=200)] | None, BeforeValidator(nothing_if_empty)]
After = Annotated[OptionalText, AfterValidator(_cursor)]


class _Which(BaseModel):
    """Left out or empty: any. ``since`` and ``until``: days in the county, both included."""

    county: Text = None
    reason: Text = None
    field: Text = None
    format: Text = None
    since: OptionalDay = None
    until: OptionalDay = None
    file: Annotated[Text, AfterValidator(_file), or_empty(pattern="^[0-9a-fA-F]{4,64}$")] = None
    state: Annotated[State | None, BeforeValidator(nothing_if_empty), or_empty(enum=[*get_args(State)])] = (
        None
    )
    kind: Annotated[Kind | None, BeforeValidator(nothing_if_empty), or_empty(enum=[*get_args(Kind)])] = None

    def filter_is_empty(self, profile: str | None) -> bool:
        """Whether every entry is meant."""
        return profile is None and all(getattr(self, name) is None for name in _Which.model_fields)

    def filter(self, caller: Caller, profile: str | None) -> Filter:
        """The entries that are meant, of those that the caller may see. Raises Refusal."""
        county = self.county
        if caller.counties is not None:
            if county is None and len(caller.counties) == 1:
                (county,) = caller.counties
            if county not in caller.counties:
                own = ", ".join(sorted(caller.counties))
                raise wrong_filter(f"You see entries of {own}: name it, or one of them, as county.")
        form = self.format
        if caller.scope is not None:
            if form is None and len(caller.scope) == 1:
                (form,) = caller.scope
            if form not in caller.scope:
                raise wrong_filter(
                    f"You see entries of {', '.join(sorted(caller.scope))}: name one as format."
                )
        said = {name: getattr(self, name) for name in _Which.model_fields}
        return Filter(**said | {"county": county, "format": form, "profile": profile})


class Which(_Which, Query):
    """The entries of a query."""

    profile: Text = None


class Page(Which):
    """``after``: the ``next`` of the page before."""

    limit: Annotated[int, Field(ge=1, le=PAGE)] = 100
    after: After = None


class ResubmitOne(Body):
    """``profile``: another than it was sent with; ``none``: the strict JSON. ``try``: changes nothing."""

    profile: Text = None
    trial: StrictBool = Field(default=False, alias="try")


class ResubmitMany(_Which, ResubmitOne):
    """The entries of ``ids``, else the next open ones of the filter, or with ``all`` those of none."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=RESUBMITTED)] | None = None
    everything: Annotated[bool, BeforeValidator(_true_or_false)] = Field(default=False, alias="all")
    sent_profile: Text = None
    limit: Annotated[int, Field(ge=1, le=RESUBMITTED, strict=True)] = 100
    after: After = None


class ToldApart(Body):
    """What may be a sealed conviction is ``another_person``'s, or ``another_conviction`` of the same person; by which
    paper or register that is known. The basis names no person."""

    what: Literal["another_person", "another_conviction"]
    basis: Annotated[Words, Field(max_length=500)] = Field(
        examples=["The court's register of the case, page 2."]
    )


class Discard(_Which, Body):
    """The open entries of ``ids``, or of the filter; every one that fits. And why."""

    why: Words
    ids: Annotated[list[UUID], Field(min_length=1, max_length=RESUBMITTED)] | None = None
    profile: Text = None
