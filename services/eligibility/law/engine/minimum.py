"""The least relief that a law compels, and which relief is more."""

from typing import NamedTuple

from services.eligibility.law.engine.finding import CitedTest
from services.eligibility.law.input.statute import Compelled

RANK = {"dismissal": 2, "redesignation": 1, "not_eligible": 0, None: 0}
"""More relief is higher."""


class Minimum(NamedTuple):
    """The least relief that the facts on record compel (None: none), the deciding test first."""

    relief: Compelled | None
    tests: tuple[CitedTest, ...]
    may_be: Compelled | None = None
    """Where nothing is compelled for certain: the most that a fact still unknown leaves open; None: nothing."""

    beside: tuple[CitedTest, ...] = ()
    """Shown with it, and never what decides: the procedure, and what no record shows."""

    @property
    def missing(self) -> str | None:
        """The first fact that keeps open what is compelled; None where nothing is open."""
        return None if self.may_be is None else self.tests[0].unknown
