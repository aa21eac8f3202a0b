"""A policy's table in words: its rows with what they cite, its options; the sheet and the manual lay it out."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from reliefstream_contracts.vocabulary.offense import CodeSection
from services.eligibility.explain.nothing_known import nothing_known
from services.eligibility.law.engine.policy import Policy, Row
from services.eligibility.law.input.judged_conviction import Case

ACTS = {"district_attorney": "district attorney", "city_attorney": "city attorney", None: ""}


class TableRow(NamedTuple):
    """One row of the table. Empty: nobody acts, the county has no words of its own, no interpretation is cited."""

    number: str
    says: str
    outcome: str
    who_acts: str
    in_countys_words: str
    cited: tuple[str, ...]
    interpretations: str


def table_rows(policy: Policy) -> Iterator[TableRow]:
    """The rows in the order in which they are asked."""
    for row in policy.rows:
        yield TableRow(
            row.number,
            row.says,
            row.outcome.replace("_", " "),
            ACTS[row.route],
            ": ".join(filter(None, (row.determination_label, row.reason_label))),
            cited_by(row),
            ", ".join(row.interpretations),
        )


def related_charges(policy: Policy) -> str:
    """The charges beside cannabis that the table is asked about as well; empty where there are none."""
    listed = policy.related_charges.entries if policy.related_charges is not None else ()
    return ", ".join(str(entry.section) for entry in listed)


def interpretations_cited(policy: Policy) -> list[str]:
    """The numbers of the interpretations (INTERPRETATIONS.md) that its rows cite, sorted."""
    return sorted({number for row in policy.rows for number in row.interpretations})


def option_value(value: bool | int | tuple[str, ...]) -> str:
    """The value of an option: a list of sections, yes or no, or a number, of which 0 is off."""
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value or "off")


def cited_by(row: Row) -> tuple[str, ...]:
    """The citations of a row and of the tests behind its condition, as asked of a conviction of HS 11357."""
    case = _possession()
    answer = row.when(case, case.conviction.offense.sections[0])
    cited = (row.citation, *(test.citation for test in answer.tests))
    return tuple(dict.fromkeys(part for one in cited for part in one.split("; ") if part))


@cache
def _possession() -> Case:
    return nothing_known(CodeSection(code="HS", section="11357"))
