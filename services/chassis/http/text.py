"""Values of requests and answers: texts that a database and a JSON answer take, days, moments."""

import re
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic.config import JsonDict, JsonValue
from pydantic_core import PydanticCustomError

_NOT_STORED = re.compile("[\x00\ud800-\udfff]")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_NUL_FREE: JsonDict = {"pattern": r"^[^\u0000]*$"}


def is_plain(given: object) -> bool:
    """Whether it is a text without NUL and without half of a surrogate pair, as JSON's escapes can spell one."""
    return isinstance(given, str) and not _NOT_STORED.search(given)


def _plain(text: str) -> str:
    if not is_plain(text):
        raise PydanticCustomError("nul", "has a NUL or half of a character: leave it out")
    return text


def _on_one_line(text: str) -> str:
    if re.search("[\x00-\x1f]", text):
        raise PydanticCustomError("control_character", "has a line break or another control character")
    return _plain(text)


def _day(given: Any) -> Any:
    if isinstance(given, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        try:
            return date.fromisoformat(given)
        except ValueError:
            pass
    raise PydanticCustomError("day", "should be a day of the calendar: YYYY-MM-DD")


def _moment(given: Any) -> Any:
    # A number would be taken for seconds since 1970.
    if isinstance(given, str) and _RFC_3339.fullmatch(given):
        return given
    raise PydanticCustomError("moment", "should be a time with its offset: YYYY-MM-DDThh:mm:ssZ")


def nothing_if_empty(given: Any) -> Any:
    """None for an empty text: a query that says nothing."""
    return None if given == "" else given


def or_empty(**schema: JsonValue) -> WithJsonSchema:
    """The JSON Schema of such a text, an empty one, or null."""
    return WithJsonSchema(
        {"anyOf": [{"type": "string", **schema}, {"type": "string", "maxLength": 0}, {"type": "null"}]}
    )


PlainText = Annotated[str, Field(json_schema_extra=_NUL_FREE), AfterValidator(_plain)]
"""Any text but for NUL and broken characters."""
Line = Annotated[
    str,
    Field(
        min_length=1, json_schema_extra={"pattern": r"^[^\u0000-\u001f]*[^\s\u0000-\u001f][^\u0000-\u001f]*$"}
    ),
    AfterValidator(_on_one_line),
]
"""A text on one line, not empty."""
Words = Annotated[
    str,
    Field(min_length=1, json_schema_extra={"pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$"}),
    AfterValidator(_plain),
]
"""A text that is not empty, in a Body, which strips it."""
Day = Annotated[date, BeforeValidator(_day)]
"""A day as YYYY-MM-DD and in no other way."""
OptionalText = Annotated[PlainText | None, BeforeValidator(nothing_if_empty)]
OptionalUUID = Annotated[UUID | None, BeforeValidator(nothing_if_empty), or_empty(format="uuid")]
OptionalDay = Annotated[Day | None, BeforeValidator(nothing_if_empty), or_empty(format="date")]
"""Of a query: left out or empty says nothing."""
AskedMoment = Annotated[AwareDatetime, BeforeValidator(_moment)]
"""Of a request: RFC 3339, with an offset."""
Moment = Annotated[datetime, PlainSerializer(datetime.isoformat, return_type=str, when_used="json")]
"""RFC 3339, with the offset in digits."""


class Body(BaseModel):
    """A JSON body; unknown fields are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True
    )


class Query(BaseModel):
    """The parameters of a query; unknown ones are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
