"""A policy as the sheet that a district attorney would sign: what it is, its table, its readings, room to sign."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from reliefstream_contracts.determinations import Outcome
from services.cli.terminal.plain_table import a_table
from services.eligibility.explain.policy_table import (
    TableRow,
    option_value,
    readings_cited,
    related_charges,
    table_rows,
)
from services.eligibility.explain.unknown_sections import doubtful_sections
from services.eligibility.law.engine.policy import Option, Policy

NO_ROW: dict[Outcome, str] = {
    "needs_review": "a case for review",
    "not_covered": "a section that the law does not reach",
    "already_relieved": "relief already granted",
}
InForce = tuple[str, date, date | None]
"""A county, from which day, until before which (None: until further notice)."""


def sheet(
    policy: Policy, in_force: Sequence[InForce], readings: Mapping[str, str], console: Console
) -> Iterator[RenderableType]:
    """What to print, from title to signature. ``readings``: what each is about, by number."""
    yield Text(policy.title, style="bold")
    yield _facts(policy, in_force, console)
    yield Text("\nThe rows are asked in order; the first that is met decides.\n")
    yield _table(policy, console)
    yield Text(
        "\nWhere a fact is missing that could decide otherwise, the case goes to review: unknown is never "
        "eligible. Where the table gives less than the statute compels, the case goes to review as well."
    )
    yield from _list(
        "The county's words where no row decides",
        (f"{words}: {policy.labels[outcome]}" for outcome, words in NO_ROW.items()),
    )
    charges = filter(None, [related_charges(policy)])
    yield from _list("Related charges (no authority in HS 11361.8; PC 1385, case by case)", charges)
    yield from _list("Look at these sections before you sign", doubtful_sections(policy))
    yield from _list("Options", map(_option, policy.options))
    yield from _list("Remarks", policy.remarks)
    yield from _list(
        "Readings that counsel must confirm (INTERPRETATIONS.md)",
        (f"{number} {readings.get(number, '')}".strip() for number in readings_cited(policy)),
    )
    yield Text(f"\nFingerprint of this policy: {policy.fingerprint} (changes when a row or an option does)\n")
    yield Text("\nSigned  ______________________________________    Date  ________________")
    yield Text("        District Attorney")


def _facts(policy: Policy, in_force: Sequence[InForce], console: Console) -> RenderableType:
    table = a_table(console, "", "")
    table.show_header, table.box = False, None
    table.add_row("Policy", policy.name)
    table.add_row("Law", policy.law.title)
    for county, since, until in in_force:
        table.add_row("In force", f"{county}, from {since}" + (f" until before {until}" if until else ""))
    if not in_force:
        table.add_row("In force", "in no county")
    table.add_row("Source", " ".join(policy.source.split()))
    return table


def _table(policy: Policy, console: Console) -> RenderableType:
    columns = ("Row", "If", "Then", "Who acts", "In the county's words", "Law and readings")
    table = a_table(console, *columns, rules=True)
    rows = [_cells(row) for row in table_rows(policy)]
    for cells in rows:
        table.add_row(*cells)
    longest = [
        max(len(word) for line in (columns, *rows) for word in line[at].split() or [""]) for at in range(6)
    ]
    lines, space = len(columns) + 1, 2 * len(columns)
    left = console.width - lines - space - sum(longest)
    if left < 0:  # a narrow terminal: rather no space beside the lines than a broken word
        table.padding, left = (0, 0), left + space
    share = max(left, 0) // 2
    for column, width, more in zip(table.columns, longest, (0, share, 0, 0, share, 0), strict=True):
        column.width = width + more
    return table


def _cells(row: TableRow) -> tuple[str, ...]:
    law = "\n".join((*row.cited, row.readings)).rstrip()
    return (row.number, row.says, row.outcome, row.who_acts or "-", row.in_countys_words or "(blank)", law)


def _option(option: Option) -> str:
    value = option_value(option.value)
    default = "" if option.value == option.default else f" (default: {option_value(option.default)})"
    return f"{option.name} = {value}{default}: {option.says}"


def _list(title: str, lines: Iterable[str]) -> Iterator[RenderableType]:
    kept = list(lines)
    if kept:
        yield Text(f"\n{title}", style="bold")
    grid = Table.grid(padding=(0, 1))
    for line in kept:
        grid.add_row("  -", " ".join(line.split()))
    if kept:
        yield grid
