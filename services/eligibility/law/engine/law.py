"""The interface of a law to the engine. ``judge`` knows no section number: each law says which convictions it covers
and which relief it compels.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from reliefstream_contracts.determinations import Outcome, RedesignatedTo, Route
from reliefstream_contracts.identifiers import Source
from reliefstream_contracts.vocabulary.offense import CodeSection, Offense
from services.eligibility.law.conditions.word import Word
from services.eligibility.law.engine.finding import CitedTest
from services.eligibility.law.engine.minimum import Minimum
from services.eligibility.law.input.judged_conviction import Case
from services.eligibility.law.input.statute import Statute


class Settled(NamedTuple):
    """Found before any policy's table is asked; the deciding test first. ``shown_by``: sources that show relief."""

    outcome: Outcome
    reason: str
    tests: tuple[CitedTest, ...]
    shown_by: tuple[Source, ...] = ()


class ForTheTable(NamedTuple):
    """A conviction for the policy's table, as this section, with the tests that admitted it."""

    section: CodeSection
    tests: tuple[CitedTest, ...]
    in_reach: bool = True
    """False: the law gives no authority, and only a person can do what the table says (related charges)."""


class Withheld(NamedTuple):
    """Why the law lets no policy give relief: a person must look. ``reason`` is a stable code."""

    reason: str
    test: CitedTest


@dataclass(frozen=True, slots=True)
class Law:
    """One law, as the engine sees it; every function is total and pure."""

    name: str
    title: str
    route: Route | None
    """Who acts where only a person can tell; None: nobody in the county has to."""
    version: Callable[[Statute], str]
    citation: Callable[[Statute], str]
    reaches: Callable[[Case], bool]
    """Whether a conviction of the county gets a determination."""
    named: Callable[[Offense, Statute], str]
    """The offense as a determination names it."""
    before_the_table: Callable[[Case], Settled | ForTheTable]
    minimum: Callable[[Case, CodeSection], Minimum]
    withheld: Callable[[Case], Withheld | None]
    """Asked where a table would give relief."""
    companion: Callable[[Case], Callable[[Case], Settled] | None]
    """Of a conviction that the law does not reach: who puts it before a person all the same; None: nobody."""
    redesignated_to: Callable[[Case, CodeSection], RedesignatedTo | None]
    """Asked where a redesignation is given; None: a fact that decides is unknown."""
    limits: Callable[[Case], tuple[CitedTest, ...]]
    """What relief under it does not do, told wherever it is given."""
    words: Mapping[str, Word]
    """Conditions that only its policies may use."""
