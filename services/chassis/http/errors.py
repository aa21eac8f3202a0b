"""Every error of a request as problem details. No answer repeats a value that was sent."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from services.chassis.http.problems import problem
from services.chassis.http.route import EdgeRoute, Invalid

_WORDS: Final = {
    "missing": "is missing",
    "extra_forbidden": "is not known here: leave it out",
    "json_invalid": "is not JSON",
    "model_attributes_type": "should be a JSON object, sent as Content-Type: application/json",
    "model_type": "should be a JSON object",
    "string_type": "should be a text",
    "tuple_type": "should be a list",
    "list_type": "should be a list",
    "uuid_parsing": "should be a UUID",
    "string_unicode": "has half of a character: leave it out",
    "string_pattern_mismatch": "has a character that may not stand there",
}
"""pydantic's own text where it is none of these; of those, only ``uuid_parsing``'s would hold a part of the value."""
_LENGTHS: Final = {
    "too_long": ("should have at most", "max_length"),
    "too_short": ("should have at least", "min_length"),
    "string_too_long": ("should have at most", "max_length"),
    "string_too_short": ("should have at least", "min_length"),
}
"""pydantic speaks of a text as of a list, and of what comes after its validation."""
_MOST_FAULTS = 20


async def refused(_: Request, error: Any) -> Response:
    """Answers a Refusal with its own problem details."""
    answer: Response = error.response()
    return answer


async def not_valid(request: Request, error: Any) -> Response:
    """Answers a RequestValidationError: which parameter or field does not fit, why, and what to do."""
    return _invalid(request, error.errors())


async def http_error(request: Request, error: Any) -> Response:
    """Answers an HTTPException of the framework: no such path or method, a body that is too large or no JSON at all."""
    if error.status_code == 404:
        return problem(404, "not_found", "Not found", "No such path; GET /openapi.json lists what there is.")
    if error.status_code == 405:
        allowed = ", ".join(sorted(_answered(request)))
        said = f"This path answers {allowed}."  # RFC 9110, 15.5.6
        return problem(405, "method_not_allowed", "Method not allowed", said, {"Allow": allowed})
    if error.status_code == 413:
        return problem(413, "too_large", "Body too large", error.detail)
    if error.status_code == 408:
        return problem(408, "too_slow", "Body too slow", error.detail, {"Connection": "close"})
    if error.status_code == 400:
        return _invalid(request, [{"type": "json_invalid", "loc": ("body",)}])
    return problem(error.status_code, "refused", "Refused", "GET /openapi.json says what is answered.")


async def failed(_: Request, __: Exception) -> Response:
    """Answers an error that no code expected: 500, without its text."""
    return problem(
        500, "internal", "Internal error", "Nothing was changed; try again. The log has the place."
    )


def _answered(request: Request) -> set[str]:
    """The methods of all routes of the path."""
    methods: dict[str, set[str]] = request.app.state.methods
    route = request.scope.get("route")
    return methods.get(route.path, set()) if isinstance(route, EdgeRoute) else set()


def _invalid(request: Request, faults: Sequence[Mapping[str, Any]]) -> Response:
    route = request.scope.get("route")
    kinds = route.invalid if isinstance(route, EdgeRoute) else EdgeRoute.invalid
    place = str(faults[0]["loc"][0])
    kind: Invalid = kinds.get(f"{place}:{faults[0]['type']}") or kinds.get(place) or kinds["body"]
    said = "; ".join(f"{_place(fault)}: {in_words(fault)}" for fault in faults[:_MOST_FAULTS])
    return problem(kind.status, kind.code, kind.title, f"{said}.")


def _place(fault: Mapping[str, Any]) -> str:
    """The place of a fault, without unknown field names: one may be a person's name."""
    if fault["type"] == "json_invalid":
        return str(fault["loc"][0])
    return field_of(fault["loc"][1:]) or str(fault["loc"][0])


def field_of(place: Sequence[str | int]) -> str:
    """A field's place within a body, ``counts.0.count``, without unknown field names; empty: the whole body."""
    return ".".join(str(part) for part in place if isinstance(part, int) or _FIELD.fullmatch(str(part)))


def in_words(fault: Mapping[str, Any]) -> str:
    """What is wrong with a field, in our words where pydantic's own would not help."""
    if fault["type"] in _LENGTHS:
        said, bound = _LENGTHS[fault["type"]]
        if (bound, fault["ctx"][bound]) == ("min_length", 1):
            return "should not be empty"
        of_list = (
            fault["ctx"].get("field_type", "Value") != "Value"
        )  # a text that is checked before its length
        return f"{said} {fault['ctx'][bound]} {'entries' if of_list else 'characters'}"
    return _WORDS.get(fault["type"]) or str(fault["msg"])


_FIELD = re.compile("[a-z][a-z0-9_]{0,39}")
