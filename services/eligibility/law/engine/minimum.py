"""The least relief that a law compels, and which relief is more."""

from dataclasses import dataclass
from typing import Literal

from services.eligibility.law.engine.finding import CitedTest

Compelled = Literal["dismissal", "redesignation"]
RANK = {"dismissal": 2, "redesignation": 1, "not_eligible": 0, None: 0}
"""More relief is higher."""


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least relief that the facts on record compel (None: none), the deciding test first."""

    relief: Compelled | None
    tests: tuple[CitedTest, ...]
