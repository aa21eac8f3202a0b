"""JSON as a court sends it, parsed strictly before it is validated by the schema."""

import json
import re
from typing import Any

from pydantic import ValidationError

from reliefstream_contracts.court_case import CourtCase
from reliefstream_contracts.receipts import Problem
from services.ingest.core.files.line_ends import END_OF_FILE
from services.ingest.core.redaction import may_hold_number, redacted_json
from services.ingest.core.source_location import SourceLocation
from services.spreadsheet_damage import spreadsheet_damage

SIZE_LIMIT = 1_000_000
DEPTH_LIMIT = 32
PROBLEM_LIMIT = 20

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z)', re.DOTALL)  # possessive: linear on any input
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_NO_NAME = frozenset[str]().__contains__  # the schema has no field for such a number, and refuses others
_SCHEMA = "see contracts/schemas/court-case.json"


class _Refused(ValueError):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def read_case(raw: bytes, where: SourceLocation) -> CourtCase | tuple[Problem, ...]:
    """The case in ``raw``, without social security and licence numbers, or its problems; ``where`` is its line or
    message. Never raises.

    The text is parsed twice, as each parser finds faults that the other does not: the standard library's tells of
    repeated
    names and of NUL, which pydantic's takes; pydantic's strict mode for JSON (dates are texts, lists become tuples)
    takes no parsed tree. Both together are a sixth of the time that a case takes at intake.
    """
    raw = raw.rstrip(END_OF_FILE)
    try:
        text = _text(raw, where)
        sent = _parsed(text, where)
    except _Refused as refused:
        return (refused.problem,)
    if may_hold_number(raw) or b"\\u" in raw:
        text = redacted_json(raw, _NO_NAME).decode("utf-8-sig")
    try:
        return CourtCase.model_validate_json(text, strict=True)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False, include_context=False)
        problems = [
            _damage(sent, detail["loc"], where)
            or _schema_problem(detail["loc"], detail["type"], detail["msg"], where)
            for detail in details
        ]
        return tuple(problems[:PROBLEM_LIMIT])


def parsed_object(raw: bytes, where: SourceLocation, *, texts: bool = False) -> dict[str, Any] | Problem:
    """The JSON object in ``raw``, or its problem. ``texts``: numbers are returned as their text."""
    try:
        return _parsed(_text(raw.rstrip(END_OF_FILE), where), where, texts=texts)
    except _Refused as refused:
        return refused.problem


def _text(raw: bytes, where: SourceLocation) -> str:
    def refuse(code: str, what: str, remedy: str) -> _Refused:
        return _Refused(where.problem(code, what, remedy))

    if len(raw) > SIZE_LIMIT:
        raise refuse(
            "case_too_large",
            f"the case is longer than {SIZE_LIMIT:,} bytes",
            "send one case in each JSON object",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(
            "not_utf8", f"byte {error.start + 1} is not UTF-8", "send JSON in UTF-8 (RFC 8259)"
        ) from None
    if not text.strip():
        raise refuse("empty", "there is nothing in it", "send one JSON object for each case")
    if _depth(raw) > DEPTH_LIMIT:
        raise refuse(
            "json_too_deep",
            f"the JSON is nested more than {DEPTH_LIMIT} levels deep",
            f"send a case as the schema has it: {_SCHEMA}",
        )
    return text


def _parsed(text: str, where: SourceLocation, *, texts: bool = False) -> dict[str, Any]:
    def refuse(code: str, what: str, remedy: str) -> _Refused:
        return _Refused(where.problem(code, what, remedy))

    def constant(name: str) -> Any:
        raise refuse("json_not_a_number", f"{name} is not JSON", "leave an unknown value out, or send null")

    def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise refuse(
                    "json_duplicate_key",
                    f"{shown_name(name)} stands twice in one object",
                    "send each field once",
                )
            found[name] = value
        return found

    number = str if texts else None
    try:
        value = json.loads(
            text, parse_constant=constant, object_pairs_hook=distinct, parse_int=number, parse_float=number
        )
    except _Refused:
        raise
    except json.JSONDecodeError as error:
        raise _Refused(
            where.position_of(f"character {error.pos + 1}").problem(
                "not_json", f"this is not JSON: {error.msg}", "send one JSON object for each case, one a line"
            )
        ) from None
    except (ValueError, RecursionError):
        raise refuse("not_json", "this JSON cannot be read", "send plain numbers and texts") from None
    if not isinstance(value, dict):
        raise refuse(
            "not_an_object",
            "the JSON is not an object",
            f"send one object for each case, not a list or a value; {_SCHEMA}",
        )
    if "\\u" in text and not _storable(value):
        raise refuse("not_text", "a text has a NUL or half a surrogate pair", "send texts in plain Unicode")
    return value


def _storable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in json.dumps(value, ensure_ascii=False)


def _depth(raw: bytes) -> int:
    if raw.count(b"[") + raw.count(b"{") <= DEPTH_LIMIT:
        return 0
    depth = deepest = 0
    for mark in re.findall(rb"[\[\]{}]", _STRING.sub(b"", raw)):
        depth += 1 if mark in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def path(parts: tuple[int | str, ...]) -> str:
    """``charges[0].level_convicted``."""
    found = ""
    for part in parts:
        if isinstance(part, int):
            found += f"[{part}]"
        else:
            found += f"{'.' if found else ''}{shown_name(part)}"
    return found


def shown_name(name: str) -> str:
    """A field's name as a problem shows it: one that no schema would have may be a person's data."""
    return name if _PLAIN_NAME.fullmatch(name) else "(a field with an unusual name)"


def _damage(sent: Any, parts: tuple[int | str, ...], where: SourceLocation) -> Problem | None:
    """That a spreadsheet wrote something else in the place of the person's number; None: that is not what is wrong."""
    if parts != ("defendant", "cii_number"):
        return None
    written = sent["defendant"]["cii_number"]
    damage = spreadsheet_damage(written) if isinstance(written, str) else None
    return spreadsheet_number(where.at(path(parts)), damage) if damage else None


def spreadsheet_number(where: SourceLocation, damage: str) -> Problem:
    """What is refused where a spreadsheet wrote something else in the place of a number."""
    return where.problem(
        "spreadsheet_number",
        f"this is {damage}, as a spreadsheet writes it in the place of a number",
        "export the file without opening it in a spreadsheet, or with the column as text; send it again",
    )


def _schema_problem(parts: tuple[int | str, ...], kind: str, message: str, where: SourceLocation) -> Problem:
    at = where.at(path(parts))
    if kind == "extra_forbidden":
        return at.problem(
            "unknown_field",
            "the schema has no such field",
            f"correct the field's name or leave it out; {_SCHEMA}",
        )
    if kind == "missing":
        return at.problem("missing_field", "this field is required", f"send it; {_SCHEMA}")
    if kind.startswith("date"):
        return at.problem(
            "invalid_date",
            "this is not a date of the calendar",
            "send YYYY-MM-DD; leave out, or send null for, a date that is unknown",
        )
    return at.problem("invalid_value", message, f"correct it; {_SCHEMA}")
