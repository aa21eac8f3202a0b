"""Fields of a law, policy or county file, each of the kind that is expected, or WrongFile with its line."""

from datetime import date
from pathlib import Path
from typing import Any

from services.chassis.settings.located_yaml import Located, at


def text(path: Path, within: Located, key: str) -> str:
    """A text of one line, not blank."""
    value = within[key]
    read = value.strip() if isinstance(value, str) else ""
    if not read or not read.isprintable():
        raise at(path, within, key, f"{key}: text is expected, not {value!r}")
    return read


def texts(path: Path, within: Located, key: str) -> tuple[str, ...]:
    """A list of texts of one line each; empty where the key is missing."""
    value = within.get(key, [])
    fits = isinstance(value, list) and all(isinstance(one, str) for one in value)
    if not fits or not all(one.strip() and one.strip().isprintable() for one in value):
        raise at(path, within, key, f"{key}: a list of texts is expected, not {value!r}")
    return tuple(one.strip() for one in value)


def day(path: Path, within: Located, key: str) -> date:
    """A date."""
    value = within[key]
    if type(value) is not date:
        raise at(path, within, key, f"{key}: a date like 2016-11-09 is expected, not {value!r}")
    return value


def number(path: Path, within: Located, key: str, least: int, most: int) -> int:
    """A whole number between the two."""
    value = within[key]
    if type(value) is not int or not least <= value <= most:
        raise at(
            path, within, key, f"{key}: a whole number from {least} to {most} is expected, not {value!r}"
        )
    return value


def items(path: Path, within: Located, key: str) -> list[Any]:
    """A list of one or more entries of any kind."""
    value = within[key]
    if not isinstance(value, list) or not value:
        raise at(path, within, key, f"{key}: a list is expected")
    return value
