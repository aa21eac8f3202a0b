"""A county's policy: an ordered table of which the first row that is met decides; unknown facts go to review."""

from dataclasses import dataclass
from typing import NamedTuple

from reliefstream_contracts.determinations import Outcome, Route
from reliefstream_contracts.vocabulary.offense import CodeSection
from services.eligibility.law.conditions.word import Condition
from services.eligibility.law.engine.finding import Answer
from services.eligibility.law.engine.law import Law
from services.eligibility.law.input.judged_conviction import Case, is_charge_clear
from services.eligibility.law.input.section_list import SectionList
from services.eligibility.law.questions.missing_facts import MISSING_FACTS


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table, in the county's own words; ``says`` is its condition as prose.

    ``number`` is the county's own (``3a``).
    """

    number: str
    when: Condition
    says: str
    outcome: Outcome
    route: Route | None
    reason: str
    determination_label: str
    reason_label: str
    citation: str = ""
    interpretations: tuple[str, ...] = ()
    sections: tuple[CodeSection, ...] = ()
    """Those that the condition names itself."""


@dataclass(frozen=True, slots=True)
class Option:
    """What a county may set in a policy without changing its rows; ``value`` is what holds."""

    name: str
    says: str
    default: bool | int | tuple[str, ...]
    value: bool | int | tuple[str, ...]
    """A number of 0, no sections: off."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A named table with its source. ``labels`` are the county's words for findings that no row makes."""

    name: str
    law: Law
    title: str
    source: str
    rows: tuple[Row, ...]
    """Those that the options leave on."""
    labels: dict[Outcome, str]
    related_charges: SectionList | None = None
    """Sections beside the law's that the county's table is asked about as well."""
    options: tuple[Option, ...] = ()
    remarks: tuple[str, ...] = ()
    fingerprint: str = ""
    """Changes when the file or an option does."""


class PolicyDecision(NamedTuple):
    """The table's answer for one case: the row that decided (None: a missing fact did) and all rows evaluated."""

    row: Row | None
    outcome: Outcome
    route: Route | None
    reason: str
    determination_label: str
    reason_label: str
    asked: tuple[tuple[Row, Answer], ...]
    """The deciding row first."""


def decide(policy: Policy, case: Case, section: CodeSection) -> PolicyDecision:
    """The first row that is met, unless an earlier one is unknown and would say otherwise: then review.

    What is unknown of the conviction itself goes to review whatever the rows say: nobody may be cleared of a
    conviction that the record does not describe. The last row of a policy is always met (its loader sees to it).
    """
    asked: list[tuple[Row, Answer]] = []
    for row in policy.rows:
        answer = row.when(case, section)
        asked.append((row, answer))
        if answer.finding == "met":
            break
    deciding, _ = asked[-1]
    unknown = [pair for pair in asked if pair[1].finding == "unknown"]
    own = _unknown_of_its_own(case) if unknown else frozenset()
    for row, answer in unknown:
        differs = (row.outcome, row.route) != (deciding.outcome, deciding.route)
        if differs or answer.unknown in own:
            return _unknown(policy, row, answer, asked)
    return PolicyDecision(
        deciding,
        deciding.outcome,
        deciding.route,
        deciding.reason,
        deciding.determination_label,
        deciding.reason_label,
        _first(deciding, asked),
    )


def _unknown_of_its_own(case: Case) -> frozenset[str]:
    """A fact of this conviction that is unknown (I-04); those of other convictions matter only where they decide."""
    conviction = case.conviction
    known = {
        "section": is_charge_clear(conviction),
        "level": conviction.level_convicted is not None,
        "conviction_date": conviction.conviction_date is not None,
    }
    return frozenset(name for name, is_known in known.items() if not is_known)


def _unknown(policy: Policy, row: Row, answer: Answer, asked: list[tuple[Row, Answer]]) -> PolicyDecision:
    fact = answer.unknown or "fact"
    return PolicyDecision(
        None,
        "needs_review",
        policy.law.route,
        f"unknown_{fact}",
        policy.labels["needs_review"],
        MISSING_FACTS[fact].label,
        _first(row, asked),
    )


def _first(first: Row, asked: list[tuple[Row, Answer]]) -> tuple[tuple[Row, Answer], ...]:
    if asked[-1][0] is first:
        return (asked[-1], *asked[:-1])
    return tuple(sorted(asked, key=lambda pair: pair[0] is not first))
