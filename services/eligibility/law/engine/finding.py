"""Met, not met or unknown, and how such findings combine. Unknown never becomes met."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, NamedTuple

from reliefstream_contracts.determinations import Ground

Finding = Literal["met", "not_met", "unknown"]
NO_FACTS: dict[str, Any] = {}
OPPOSITE: dict[Finding, Finding] = {"met": "not_met", "not_met": "met", "unknown": "unknown"}


class CitedTest(NamedTuple):
    """One cited test on one day.

    ``turns_on`` is the first later day on which the finding or the facts may change (None: never by itself).
    ``unknown`` names the fact that is missing when the finding is unknown.
    """

    rule: str
    finding: Finding
    citation: str
    facts: dict[str, Any] = NO_FACTS
    turns_on: date | None = None
    unknown: str | None = None

    def ground(self, cited_by: str = "") -> Ground:
        """Its ground in a determination; ``cited_by`` is the policy's own row before the statute.

        The facts of an unknown test say which one is ``missing``.
        """
        citation = f"{cited_by}; {self.citation}" if cited_by and self.citation else cited_by or self.citation
        facts = self.facts
        if self.finding == "unknown" and self.unknown is not None:
            facts = {**facts, "missing": self.unknown}
        return Ground(rule=self.rule, citation=citation, finding=self.finding, facts=facts)


class Answer(NamedTuple):
    """What a condition comes to, and the tests behind it."""

    finding: Finding
    tests: tuple[CitedTest, ...]

    @property
    def turns_on(self) -> date | None:
        return min((test.turns_on for test in self.tests if test.turns_on), default=None)

    @property
    def unknown(self) -> str | None:
        """The first missing fact behind an unknown answer."""
        return next((test.unknown for test in self.tests if test.finding == "unknown"), None)


def all_of(answers: Iterable[Answer]) -> Answer:
    """Met when each is; not met when any is not, whatever the unknown ones are."""
    parts = tuple(answers)
    findings = [part.finding for part in parts]
    finding: Finding = "not_met" if "not_met" in findings else "unknown" if "unknown" in findings else "met"
    return Answer(finding, _tests(parts, finding))


def any_of(answers: Iterable[Answer]) -> Answer:
    """Met when any is, whatever the unknown ones are; not met when none is."""
    parts = tuple(answers)
    findings = [part.finding for part in parts]
    finding: Finding = "met" if "met" in findings else "unknown" if "unknown" in findings else "not_met"
    return Answer(finding, _tests(parts, finding))


def _tests(parts: tuple[Answer, ...], finding: Finding) -> tuple[CitedTest, ...]:
    """The tests that decided come first."""
    deciding = [test for part in parts if part.finding == finding for test in part.tests]
    return (*deciding, *(test for part in parts if part.finding != finding for test in part.tests))
