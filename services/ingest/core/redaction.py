"""Social security and driver's licence numbers are taken out of what was sent: by a field's name, by a column's place,
and by their form in text. Pure; redacting twice gives the same as once."""

import json
import re
from collections.abc import Callable, Collection
from typing import Any

PASSES = 8
_MARK = "*"
_REDACTED = _MARK * 8
"""What the shortest number leaves behind."""

# Possessive: linear on any input. \udcad: a soft hyphen of Latin-1, read as UTF-8 with surrogates.
_DASH = "-\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d\udcad"
_GAP = rf"{_DASH}. \u00a0\u2000-\u200a\u202f\u3000\t_/\udca0"
_GROUPED = re.compile(rf"(?<!\d)\d{{3}}[{_GAP}]\d{{2}}[{_GAP}]\d{{4}}(?!\d)")
_DASHED = re.compile(rf"(?<!\d)\d{{3}}[{_DASH}]\d{{2}}[{_DASH}]\d{{4}}(?!\d)")
_NAME = r"(?:ssn|soc(?:ial)?[\W_]{0,3}sec(?:urity)?|ss[\W_]{0,3}(?:#|no|num)|c?dl|dln|oln|licen[cs]e|(?-i:SS)(?=[\W_]))"
_NAMED = re.compile(
    rf"(?<![a-z]){_NAME}(?:[\W_]|number|num|no|is){{0,12}}?"
    rf"([a-z]?\d{{7}}|\d{{8}}|\d(?:[{_GAP}]?\d){{8}})(?!\d)",
    re.IGNORECASE,
)
_ANY = re.compile(
    rf"\d{{3}}[{_GAP}]\d{{2}}[{_GAP}]\d{{4}}|(?<!\d)\d{{9}}(?!\d)|(?<![A-Z0-9])[A-Z]\d{{7}}(?!\d)",
    re.IGNORECASE,
)
_PRIVATE_NAME = re.compile(
    r"ssn|soc(?:ial)?[\W_]*sec|social|licen[cs]e|cdl|driver|(?<![a-z])(?:dln|oln|ss[\W_]*(?:#|no|num))(?![a-z])"
    r"|(?<![a-z])(?-i:dl|Dl|DL)(?-i:(?![a-z]))",
    re.IGNORECASE,
)
_SHAPE = bytes.maketrans(
    b"0123456789-. \t_/abcdefghijklmnopqrstuvwxyz", b"0000000000------ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
_SS = re.compile(rb"SS(?<![A-Z]SS)[^A-MO-Z0]")
_DL = re.compile(rb"DL(?<![ABD-Z]DL)(?<![A-Z]CDL)")
"""Not within a word. The letters stand first, so that the search skips to them."""
_SHORTEST = len("DL1234567")
"""A field that is shorter holds no such number."""
_FIELD = re.compile(
    r'"((?:[^"\\]|\\.)*+)"\s*+:\s*+("(?:[^"\\]|\\.)*+(?:"|\Z)|-?[0-9][0-9.eE+\-]*+)', re.DOTALL
)


def is_private_name(name: str) -> bool:
    """Whether a field's name says that it holds such a number: ``ssn``, ``driversLicense``, ``DL_NO``."""
    return _PRIVATE_NAME.search(name) is not None


def redacted_value(text: str) -> str:
    """One field's text without a number that can be nothing else there: ``123-45-6789``, ``123 45 6789``, ``SSN
    123456789``. Nine digits by themselves stay: they are a case's or a record's number as often as a person's."""
    if len(text) < _SHORTEST or not may_hold_number(text.encode("utf-8", "surrogateescape")):
        return text
    return _NAMED.sub(_number_starred, _GROUPED.sub(_starred, text))


def may_hold_number(raw: bytes) -> bool:
    """Whether a closer look is needed; quick, as it is asked of each row. False: ``redacted_value`` changes nothing."""
    if not raw.isascii():
        return True
    shape = raw.translate(_SHAPE)
    plain = b"000-00-0000" in shape or b"SOC" in shape or b"OLN" in shape or b"LICEN" in shape
    return plain or _SS.search(shape) is not None or _DL.search(shape) is not None


def holds_number(text: str) -> bool:
    """Whether an identifier is, or once was, such a number: then it names nobody and may not be stored."""
    return was_redacted(text) or redacted_value(text) != text


def was_redacted(text: str) -> bool:
    """``holds_number`` of a text that is redacted already: whether it was such a number."""
    return _REDACTED in text


def redacted_forms(raw: bytes) -> bytes:
    """One field's bytes as ``redacted_value`` leaves them. It has as many bytes as before: positions count."""
    return _apply(raw, redacted_value)


def redacted_text(raw: bytes) -> bytes:
    """Text of unknown structure, without whatever has the form of such a number; as many bytes as before."""
    return _apply(raw, _everything)


def redacted_fields(
    raw: bytes, fields: list[str], places: Collection[int], delimiter: str, quote: str | None
) -> bytes:
    """A row of separated values with these columns blank, and without numbers that can be nothing else in the others;
    ``fields``: of the row, read as Latin-1, and redacted too."""
    kept = fields.copy()
    for place in places:
        if place < len(kept):
            kept[place] = ""
    if may_hold_number("\x1f".join(kept).encode("latin-1")):
        kept = [redacted_forms(field.encode("latin-1")).decode("latin-1") for field in kept]
    if kept == fields:
        return raw
    fields[:] = kept
    return delimiter.join(kept if quote is None else _quoted(kept, delimiter, quote)).encode("latin-1")


def redacted_json(raw: bytes, private: Callable[[str], bool] = is_private_name) -> bytes:
    """JSON without what stands under a private name, however deep and in whatever list, and without numbers that can be
    nothing else in its texts and names.

    What is no JSON is text of unknown structure. JSON that holds none stays as it is, byte for byte; else numbers,
    repeated names and the order of fields stay as they were.
    """
    try:
        text = raw.decode("utf-8-sig")
        tree = json.loads(
            text,
            object_pairs_hook=_Object,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
            strict=False,
        )
        redacted = _tree(tree, private)
        return raw if redacted == tree else _written(redacted).encode()
    except (ValueError, RecursionError):
        return redacted_text(_apply(raw, lambda text: _FIELD.sub(_without_private(private), text)))


class _Object(list[tuple[str, Any]]):
    """An object's fields in order, a repeated name included."""


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def _tree(value: Any, private: Callable[[str], bool]) -> Any:
    if isinstance(value, _Object):
        return _Object(
            (redacted_value(name), _hidden(each) if private(name) else _tree(each, private))
            for name, each in value
        )
    if isinstance(value, list):
        return [_tree(each, private) for each in value]
    return redacted_value(value) if type(value) is str else value


def _hidden(value: Any) -> Any:
    """A mark in the place of whatever there is; nothing stays nothing."""
    return value if value is None or value == "" or isinstance(value, bool) else _MARK


def _written(value: Any) -> str:
    if isinstance(value, _Object):
        return "{" + ", ".join(f"{_text(name)}: {_written(each)}" for name, each in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    if isinstance(value, _Number):
        return value
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return json.dumps(text)
    return json.dumps(text, ensure_ascii=False)


def _without_private(private: Callable[[str], bool]) -> Callable[[re.Match[str]], str]:
    def hidden(field: re.Match[str]) -> str:
        whole = field[0]
        return whole[: field.start(2) - field.start()] + f'"{_MARK}"' if private(field[1]) else whole

    return hidden


def _apply(raw: bytes, change: Callable[[str], str]) -> bytes:
    # What is no UTF-8 passes as it came.
    return change(raw.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _forms(text: str) -> str:
    return _NAMED.sub(_number_starred, _DASHED.sub(_starred, text))


def _everything(text: str) -> str:
    for _ in range(PASSES):  # taking one out can bare the next
        if (without := _ANY.sub(_starred, _forms(text))) == text:
            return text
        text = without
    return re.sub(r"\d", _MARK, text)  # made to take for ever: no digit is left


def _starred(found: re.Match[str]) -> str:
    return _stars(found[0])


def _number_starred(found: re.Match[str]) -> str:
    return found[0][: found.start(1) - found.start()] + _stars(found[1])


def _stars(text: str) -> str:
    return _MARK * len(text.encode("utf-8", "surrogateescape"))


def _quoted(fields: list[str], delimiter: str, quote: str) -> list[str]:
    # A row of DOJ's has 94 fields, most of them empty: no call is made for each.
    return [
        quote + field.replace(quote, quote * 2) + quote
        if field and (delimiter in field or quote in field or "\r" in field or "\n" in field)
        else field
        for field in fields
    ]
