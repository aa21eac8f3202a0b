"""A person's convictions on an axis of years, as numbers for an inline SVG. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from services.console.words import dates

WIDTH: Final = 640
MARGIN: Final = 24
STACK: Final = 18
"""Units between two marks of about the same day."""
NEAR: Final = 16
"""Marks that are nearer than this would cover each other."""
AXIS: Final = 30
"""Units below the marks for the axis and its years."""


class Mark(NamedTuple):
    """One conviction; ``own``: the one that the page is about."""

    x: int
    y: int
    own: bool


class Tick(NamedTuple):
    """A year on the axis."""

    x: int
    year: int


class TimeLine(NamedTuple):
    """``undated``: convictions whose day is not on record, which are not drawn."""

    width: int
    height: int
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    described: str
    undated: int


def time_line(convictions: Sequence[Mapping[str, Any]], own: Mapping[str, Any]) -> TimeLine | None:
    """All convictions of a person, its own too, the earliest first. None: fewer than two have a day."""
    dated = [
        (date.fromisoformat(one["conviction_date"]), one) for one in convictions if one["conviction_date"]
    ]
    if len(dated) < 2:
        return None
    dated.sort(key=lambda one: one[0])
    first, last = dated[0][0].year, dated[-1][0].year + 1
    days = (date(last, 1, 1) - date(first, 1, 1)).days

    def place(on: date) -> int:
        return MARGIN + (on - date(first, 1, 1)).days * (WIDTH - 2 * MARGIN) // days

    levels: list[int] = []
    """Where the last mark of each height stands."""
    marks: list[tuple[int, int, bool]] = []
    for on, one in dated:
        x = place(on)
        level = next((n for n, taken in enumerate(levels) if x - taken >= NEAR), len(levels))
        levels[level : level + 1] = [x]
        marks.append((x, level, one is own))
    height = STACK * (len(levels) + 1) + AXIS
    step = next(each for each in (1, 2, 5, 10, 20, 50) if (last - first) / each <= 8)
    years = range(-(-first // step) * step, last + 1, step)
    return TimeLine(
        WIDTH,
        height,
        tuple(Mark(x, height - AXIS - STACK * (level + 1), mine) for x, level, mine in marks),
        tuple(Tick(place(date(year, 1, 1)), year) for year in years),
        "; ".join(_said(one, one is own) for _, one in dated) + ".",
        len(convictions) - len(dated),
    )


def _said(one: Mapping[str, Any], own: bool) -> str:
    written = one["offense"]["as_written"] or "could not be read"
    return f"{dates.day(one['conviction_date'])}: {written}{' (this one)' if own else ''}"
