"""Tables at a terminal; where the output goes to a file or another program, plain columns of text."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table

PLAIN_WIDTH = 100
"""Columns of text where there is no terminal to ask."""

PLAIN = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
"""A line below the headings and nothing else."""


def a_console() -> Console:
    """Standard output; 100 columns wide where it is no terminal."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PLAIN_WIDTH)


def a_table(console: Console, *columns: str, numbers: Sequence[str] = (), rules: bool = False) -> Table:
    """An empty table; ``numbers`` are columns set to the right, ``rules`` draws a line below each row.

    Words are never cut: lines break between them.
    """
    plain = not console.is_terminal
    style = (box.ASCII if rules else PLAIN) if plain else box.ROUNDED
    table = Table(box=style, show_lines=rules, show_edge=rules or not plain, pad_edge=rules or not plain)
    for name in columns:
        table.add_column(name, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right", overflow="fold", no_wrap=True)
    return table
