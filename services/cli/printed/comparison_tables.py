"""A comparison on the screen: tables at a terminal, the same as plain columns elsewhere."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from rich.console import Console, Group, RenderableType
from rich.text import Text

from services.cli.terminal.tables import a_console, a_table
from services.eligibility.comparison.record_left import KINDS
from services.eligibility.comparison.shown_counts import MARK, Figures
from services.eligibility.comparison.tally import ALL, CHANGES, GROUPS, JUDGED, RECORDS, Cell

RECORD_WORDS = {
    "felony": "a felony",
    "conviction": "any conviction",
    "recent conviction": "a conviction of the last 7 years",
}
TITLES = {"section": "Section", "level": "Level", "race": "Race", "sex": "Sex", "age": "Age on the day"}


def print_comparison(figures: Figures, county: str, as_of: date) -> None:
    """Prints what changes from the first policy to each other, and what stays on people's records."""
    console = a_console()
    first, *others = figures.tally.policies
    judged = figures.of(Cell(JUDGED))
    console.print(
        f"{county}, as of {as_of}: {judged.convictions} convictions of {judged.persons} persons judged "
        f"under {first}\n"
    )
    for policy in others:
        console.print(Group(*_of_policy(figures, first, policy, console)))
    console.print(_records(figures, first, others, console))
    console.print(f"\n{figures.legend}")


def _of_policy(figures: Figures, first: str, policy: str, console: Console) -> Iterator[RenderableType]:
    total = figures.of(Cell(CHANGES, policy))
    yield Text(f"{first} -> {policy}", style="bold")
    yield Text(f"{total.convictions} convictions of {total.persons} persons change\n")
    table = a_table(console, "From", "To", numbers=("Convictions", "Persons"))
    for cell in figures.cells(CHANGES, policy, ALL):
        if cell.before:
            table.add_row(cell.before, cell.after, *figures.of(cell))
    if table.row_count:
        yield Group(table, "")
    for by in GROUPS:
        table = a_table(
            console, TITLES[by], "From", "To", numbers=("Convictions", "Persons", "of persons judged")
        )
        for group, found in groupby(figures.cells(CHANGES, policy, by), key=lambda cell: cell.group):
            cells = list(found)
            base = figures.of(Cell(JUDGED, by=by, group=group)).persons
            if all(cell in figures.withheld for cell in cells):
                table.add_row(group, "all withheld", "", MARK, MARK, base)
                continue
            for number, cell in enumerate(cells):
                between = (cell.before, cell.after) if cell.before else ("all changes", "")
                named = ("", "") if number else (group, base)
                table.add_row(named[0], *between, *figures.of(cell), named[1])
        if table.row_count:
            yield Group(table, "")


def _records(figures: Figures, first: str, others: list[str], console: Console) -> RenderableType:
    table = a_table(
        console, "Persons who have", "Policy", numbers=("have it now", "then no more", "gained", "lost")
    )
    for kind in KINDS:
        has = figures.of(Cell(RECORDS, by=kind, group="has")).persons
        for policy in (first, *others):
            cleared, gains, loses = (
                figures.of(Cell(RECORDS, policy, kind, group)).persons
                for group in ("no more", "gains", "loses")
            )
            against = ("", "") if policy == first else (gains, loses)
            named = (RECORD_WORDS[kind], policy, has) if policy == first else ("", policy, "")
            table.add_row(*named, cleared, *against)
    return table
