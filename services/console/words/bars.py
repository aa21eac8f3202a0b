"""A bar chart as numbers for an inline SVG. Pure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

WIDTH: Final = 680
NAMES: Final = 240
NUMBERS: Final = 70
ROW: Final = 30
LONGEST_NAME: Final = 28


class Bar(NamedTuple):
    """One bar; ``width`` 0 and ``said`` the mark: withheld."""

    name: str
    y: int
    width: int
    said: str


class Bars(NamedTuple):
    """All of a plot, in units of its view box."""

    width: int
    height: int
    left: int
    bars: tuple[Bar, ...]


def bars(counts: Sequence[tuple[str, int | None]]) -> Bars:
    """A bar for each name, the longest as wide as the plot; None: withheld."""
    most = max((count or 0 for _, count in counts), default=0) or 1
    room = WIDTH - NAMES - NUMBERS
    return Bars(
        WIDTH,
        ROW * len(counts),
        NAMES,
        tuple(
            Bar(
                _short(name), ROW * place, (count or 0) * room // most, "*" if count is None else f"{count:,}"
            )
            for place, (name, count) in enumerate(counts)
        ),
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
