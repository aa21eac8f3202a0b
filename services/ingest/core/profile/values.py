"""The text of a feed's column to the value of our field, or why it is not understood; nothing is guessed."""

import re
from datetime import date, datetime
from typing import NamedTuple

from services.ingest.core.profile.dates import read_day, read_moment
from services.ingest.core.profile.profile import Field

TEXT_LIMIT = 500
"""Characters of the longest text that is looked at."""
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a court's own clock, whichever it is
"""Revisions from moments count the seconds since then; they fit until 2038."""
_BRACKETED = re.compile(r"(\([A-Za-z0-9]{1,4}\))+")
_PLAIN = re.compile(r"[A-Za-z]{1,4}|[0-9]{1,3}")
_SUFFIXES = frozenset({"JR", "SR", "II", "III", "IV", "V"})
NAME_PARTS = ("surname", "given_name", "middle_name", "name_suffix")

Value = str | int | bool | date | tuple[str | None, ...]


class Fault(NamedTuple):
    """Why a text is not understood. It never repeats the text, which may be a person's."""

    code: str
    what: str
    remedy: str


_UNKNOWN_CODE = Fault(
    "unknown_code",
    "this code is not in the profile's table",
    "add the code with its meaning to the profile (reliefstream profile try shows it), then resubmit",
)
_DATE = Fault(
    "invalid_date",
    "this is not a date in any of the profile's forms",
    "correct it at its source, or add its form, or the text that stands for no date, to the profile",
)
_EARLY = Fault(
    "date_too_early",
    f"a moment before {EPOCH.year} cannot be a revision",
    "correct it at its source, or take the revision from another column in the profile",
)
_NUMBER = Fault("not_a_number", "this is not a whole number", "correct it at its source or in the profile")
_PATTERN = Fault(
    "unexpected_form",
    "this does not have the form that the profile's pattern describes",
    "correct it at its source, or widen the pattern in the profile",
)
_LONG = Fault("too_long", f"this is longer than {TEXT_LIMIT} characters", "look for a missing separator")
_NAME = Fault(
    "unexpected_form",
    "the name has not the form that the profile states",
    "correct it at its source, or state the form in the profile",
)


def plain_code(text: str) -> str:
    """A code as tables compare it: trimmed, in upper case, blanks as one."""
    return " ".join(text.upper().split())


def joined(field: Field, texts: tuple[str, ...]) -> str:
    """The text that the field's columns make together; empty where they hold nothing or stand for nothing."""
    kept = [text.strip() for text in texts]
    if field.blank:
        kept = ["" if plain_code(text) in field.blank else text for text in kept]
    if field.kind == "statute":
        return _statute(kept[0], kept[1], kept[2:])
    return field.join.join(text for text in kept if text)


def _statute(code: str, section: str, subdivisions: list[str]) -> str:
    """``11357(c) HS`` from its columns; a subdivision that is none stays as it is, so that it cannot be read."""
    parts = "".join(
        part if _BRACKETED.fullmatch(part) else f"({part})" if _PLAIN.fullmatch(part) else f" {part}"
        for part in subdivisions
        if part
    )
    return f"{section}{parts} {code}".strip()


def read_value(field: Field, text: str) -> Value | Fault | None:
    """The value of a text in that field; None: no value. Blank is a code like any other where the table has it."""
    if len(text) > TEXT_LIMIT:
        return _LONG
    if field.upper:
        text = text.upper()
    if text and field.pattern is not None:
        match = field.pattern.fullmatch(text)
        if match is None:
            return _PATTERN
        if field.write is not None:
            text = field.write.format(**{k: v or "" for k, v in match.groupdict().items()}).strip()
    if field.table is not None:
        return _looked_up(field, text)
    if not text:
        return None
    return _without_table(field, text)


def _looked_up(field: Field, text: str) -> Value | Fault | None:
    assert field.table is not None  # noqa: S101 - the caller asked
    code = plain_code(text)
    if code in field.table:
        return field.table[code]  # type: ignore[return-value] # checked on loading
    return _UNKNOWN_CODE if text else None


def _without_table(field: Field, text: str) -> Value | Fault | None:
    if field.words:
        word = "_".join(text.lower().split())
        return word if word in field.words else _UNKNOWN_CODE
    if field.kind == "date":
        return read_day(text, field.dates) or _DATE
    if field.kind == "moment":
        moment = read_moment(text, field.dates)
        if moment is None:
            return _DATE
        return int((moment - EPOCH).total_seconds()) if moment >= EPOCH else _EARLY
    if field.kind == "number":
        return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else _NUMBER
    if field.kind == "name":
        return read_name(text, field.form)
    return text


def name_separator(form: str) -> str | None:
    """What stands between surname and given names in a form such as ``LAST, FIRST MIDDLE``; None: no form."""
    match = re.fullmatch(r"LAST\s*(?P<mark>[^\w\s.'-])\s*FIRST(?: MIDDLE| MI)?", form)
    return match["mark"] if match else None


def read_name(text: str, form: str) -> tuple[str | None, ...] | Fault:
    """Surname, given name, middle name, suffix. A name without the separator is none: its parts could be any."""
    mark = name_separator(form)
    assert mark is not None  # noqa: S101 - checked on loading
    surname, found, rest = text.partition(mark)
    family, given = surname.split(), rest.replace(mark, " ").split()
    if not (found and family and given):
        return _NAME
    suffix = None
    if len(given) > 1 and _is_suffix(given[-1]) and (_bare(given[-1]) != "V" or len(given) > 2):
        suffix = _bare(given.pop())
    elif len(family) > 1 and _is_suffix(family[-1]) and _bare(family[-1]) != "V":
        suffix = _bare(family.pop())
    return " ".join(family), given[0], " ".join(given[1:]).rstrip(".") or None, suffix


def _bare(word: str) -> str:
    return word.upper().strip(".,")


def _is_suffix(word: str) -> bool:
    return _bare(word) in _SUFFIXES
