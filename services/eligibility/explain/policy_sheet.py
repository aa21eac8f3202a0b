"""What stands on the sheet of a policy that a district attorney signs: what it is, its table, its interpretations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reliefstream_contracts.determinations import Outcome
from services.eligibility.explain.policy_table import (
    TableRow,
    interpretations_cited,
    option_value,
    related_charges,
    table_rows,
)
from services.eligibility.explain.unknown_sections import doubtful_sections
from services.eligibility.files.currency import currencies, in_words
from services.eligibility.law.engine.policy import Option, Policy

NO_ROW: dict[Outcome, str] = {
    "needs_review": "a case for review",
    "not_covered": "a section that the law does not reach",
    "already_relieved": "relief already granted",
}
InForce = tuple[str, date, date | None]
"""A county, from which day, until before which (None: until further notice)."""
COLUMNS = ("Row", "If", "Then", "Who acts", "In the county's words", "Law and interpretations")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every text of the sheet, in the order in which it is printed."""

    title: str
    facts: tuple[tuple[str, str], ...]
    """Name and value."""
    rows: tuple[tuple[str, ...], ...]
    """The policy's rows, a cell for each of ``COLUMNS``."""
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    """Title and entries; none is empty."""
    fingerprint: str


def sheet(policy: Policy, in_force: Sequence[InForce], interpretations: Mapping[str, str]) -> Sheet:
    """The sheet of a policy. ``interpretations``: what each interpretation is about, by its number."""
    return Sheet(
        policy.title,
        tuple(_facts(policy, in_force)),
        tuple(map(_cells, table_rows(policy))),
        tuple((title, entries) for title, entries in _lists(policy, interpretations) if entries),
        policy.fingerprint,
    )


def _facts(policy: Policy, in_force: Sequence[InForce]) -> Iterator[tuple[str, str]]:
    yield "Policy", policy.name
    yield "Law", policy.law.title
    for county, since, until in in_force:
        yield "In force", f"{county}, from {since}" + (f" until before {until}" if until else "")
    if not in_force:
        yield "In force", "in no county"
    yield "Source", " ".join(policy.source.split())


def _lists(policy: Policy, interpretations: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield (
        "The county's words where no row decides",
        tuple(f"{words}: {policy.labels[outcome]}" for outcome, words in NO_ROW.items()),
    )
    charges = related_charges(policy)
    yield (
        "Related charges (no authority in HS 11361.8; PC 1385, case by case)",
        (charges,) if charges else (),
    )
    yield "Look at these sections before you sign", tuple(doubtful_sections(policy))
    yield "Options", tuple(map(_option, policy.options))
    yield "Remarks", tuple(policy.remarks)
    yield (
        "Interpretations that counsel must confirm (INTERPRETATIONS.md)",
        tuple(
            f"{number} {interpretations.get(number, '')}".strip() for number in interpretations_cited(policy)
        ),
    )
    yield (
        "The statutes as last read (stale ones: look for later amendments)",
        tuple(map(in_words, currencies())),
    )


def _cells(row: TableRow) -> tuple[str, ...]:
    law = "\n".join((*row.cited, row.interpretations)).rstrip()
    return (row.number, row.says, row.outcome, row.who_acts or "-", row.in_countys_words or "(blank)", law)


def _option(option: Option) -> str:
    value = option_value(option.value)
    default = "" if option.value == option.default else f" (default: {option_value(option.default)})"
    return f"{option.name} = {value}{default}: {option.says}"
