"""A policy as the sheet that a district attorney would sign."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.cli.terminal.tables import a_console, a_table
from services.eligibility.explain.policy_sheet import COLUMNS, Sheet


def print_sheet(sheet: Sheet) -> None:
    """Prints it, from title to signature."""
    console = a_console()
    console.print(Text(sheet.title, style="bold"))
    facts = a_table(console, "", "")
    facts.show_header, facts.box = False, None
    for fact in sheet.facts:
        facts.add_row(*fact)
    console.print(facts)
    console.print(Text("\nThe rows are asked in order; the first that is met decides.\n"))
    console.print(_table(sheet.rows, console))
    console.print(
        Text(
            "\nWhere a fact is missing that could decide otherwise, the case goes to review: unknown is never "
            "eligible. Where the table gives less than the statute compels, the case goes to review as well."
        )
    )
    for title, entries in sheet.lists:
        console.print(Text(f"\n{title}", style="bold"))
        console.print(_list(entries))
    console.print(
        Text(f"\nFingerprint of this policy: {sheet.fingerprint} (changes when a row or an option does)\n")
    )
    console.print(Text("\nSigned  ______________________________________    Date  ________________"))
    console.print(Text("        District Attorney"))


def _table(rows: Sequence[tuple[str, ...]], console: Console) -> Table:
    table = a_table(console, *COLUMNS, rules=True)
    for cells in rows:
        table.add_row(*cells)
    longest = [
        max(len(word) for line in (COLUMNS, *rows) for word in line[at].split() or [""])
        for at in range(len(COLUMNS))
    ]
    lines, space = len(COLUMNS) + 1, 2 * len(COLUMNS)
    left = console.width - lines - space - sum(longest)
    if left < 0:  # a narrow terminal: rather no space beside the lines than a broken word
        table.padding, left = (0, 0), left + space
    share = max(left, 0) // 2
    for column, width, more in zip(table.columns, longest, (0, share, 0, 0, share, 0), strict=True):
        column.width = width + more
    return table


def _list(entries: Iterable[str]) -> Table:
    grid = Table.grid(padding=(0, 1))
    for entry in entries:
        grid.add_row("  -", " ".join(entry.split()))
    return grid
