"""Reads the simple values of a profile: lists of texts, forms of dates, patterns, words."""

import re
from pathlib import Path
from string import Formatter

from services.chassis.settings.located_yaml import Located, at, only
from services.ingest.core.profile.dates import DateFormat, conflict, date_format

_REPEATED_TWICE = re.compile(r"\([^()]*[*+}][^()]*\)\s*[*+{]")


def text_list(path: Path, source: Located, key: str) -> tuple[str, ...]:
    """The texts that a key lists; none where it is left out."""
    value = source.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise at(path, source, key, f"{key}: a list of texts is expected (numbers in quotes)")
    return tuple(value)


def date_formats(path: Path, source: Located, key: str) -> tuple[DateFormat, ...]:
    """The forms of dates that a key lists; none where it is left out."""
    value = source.get(key, [])
    if not isinstance(value, list):
        raise at(path, source, key, f"{key}: a list of forms is expected: [MM/DD/YYYY]")
    found = []
    for each in value:
        written, pivot = each, None
        if isinstance(each, Located):
            only(path, each, {"format", "pivot"})
            written, pivot = each["format"], each["pivot"]
            if type(pivot) is not int or not 0 <= pivot <= 99:
                raise at(path, source, key, f"{key}: pivot: a year from 0 to 99")
        if not isinstance(written, str):
            raise at(path, source, key, f"{key}: a form in letters is expected: MM/DD/YYYY")
        try:
            found.append(date_format(written, pivot))
        except ValueError as error:
            raise at(path, source, key, f"{key}: {error}") from error
    both = conflict(found)
    if both:
        raise at(
            path, source, key, f"{key}: {both[0]} and {both[1]} read one text as two days: list one of them"
        )
    return tuple(found)


def read_pattern(path: Path, entry: Located) -> tuple[re.Pattern[str] | None, str | None]:
    """The pattern and the replacement of an entry. Refuses a pattern that could take exponential time."""
    text, write = entry.get("pattern"), entry.get("write")
    if text is None:
        if write is not None:
            raise at(path, entry, "write", "write: needs a pattern")
        return None, None
    try:
        pattern = re.compile(str(text), re.ASCII)
    except re.error as error:
        raise at(path, entry, "pattern", f"pattern: {error}") from error
    if _REPEATED_TWICE.search(str(text)):
        raise at(path, entry, "pattern", "pattern: a repeated group that repeats inside can take for ever")
    if write is not None:
        try:
            parts = list(Formatter().parse(str(write)))
        except ValueError as error:
            raise at(path, entry, "write", f"write: {error}") from error
        wrong = [
            n
            for _, n, form, change in parts
            if n is not None and (form or change or n not in pattern.groupindex)
        ]
        if wrong:
            raise at(path, entry, "write", f"write: the pattern has no group {wrong[0]!r}, (?P<name>...)")
    return pattern, None if write is None else str(write)


def read_text(path: Path, entry: Located, key: str, default: str) -> str:
    """The text of a key."""
    value = entry.get(key, default)
    if not isinstance(value, str):
        raise at(path, entry, key, f"{key}: text is expected")
    return value


def read_flag(path: Path, entry: Located, key: str) -> bool:
    """Whether a key is true; left out is false."""
    value = entry.get(key, False)
    if type(value) is not bool:
        raise at(path, entry, key, f"{key}: true or false")
    return value


def one_of(path: Path, entry: Located, key: str, choices: tuple[str, ...]) -> str:
    """The word of a key, the first of the choices where it is left out."""
    value = entry.get(key, choices[0])
    if value not in choices:
        raise at(path, entry, key, f"{key}: one of {', '.join(choices)}, not {value!r}")
    return str(value)
