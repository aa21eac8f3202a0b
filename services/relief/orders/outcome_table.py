"""What became of an order's lines, as a clerk's table has it. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from services.relief.orders.line_outcomes import LineOutcome

WORDS: Final[dict[str, LineOutcome]] = {
    "done": "done",
    "not found": "not_found",
    "destroyed": "destroyed",
    "duplicate": "duplicate",
}
"""Each outcome as people write it."""
LINE: Final = frozenset({"line", "lines", "number"})
OUTCOME: Final = frozenset({"outcome", "outcomes", "what became of it"})
"""Names of the two columns, in lower case."""


SHOWN_ROWS: Final = 10


class WrongOutcomes(Exception):
    """Some row says no outcome of a line, or none does; the text says which."""


def read_outcomes(rows: Sequence[Sequence[str]]) -> dict[int, LineOutcome]:
    """The outcome by line, the last row of a line counting. Raises WrongOutcomes.

    A line and its outcome a row, with or without names of columns; or the list itself with a column ``outcome``, where
    a row without one is left out: nothing is told of its line yet.
    """
    outcomes: dict[int, LineOutcome] = {}
    wrong = []
    for number, line, outcome in _pairs(rows):
        found = WORDS.get(" ".join(outcome.lower().replace("_", " ").split()))
        if found is None or not re.fullmatch("[0-9]{1,7}", line):
            wrong.append(number)
        else:
            outcomes[int(line)] = found
    if wrong:
        shown = "; ".join(f"row {number}" for number in wrong[:SHOWN_ROWS])
        raise WrongOutcomes(f"Nothing was kept. Not a line and one of {', '.join(WORDS)}: {shown}.")
    if not outcomes:
        raise WrongOutcomes("Nothing was kept: no row says what became of a line. Columns: line, outcome.")
    return outcomes


def _pairs(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, str, str]]:
    """Number of the row, line and outcome."""
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    line, outcome = (
        next((at for at, name in enumerate(header) if name in of), None) for of in (LINE, OUTCOME)
    )
    if line is not None and outcome is not None and len(header) > 2:
        for number, row in enumerate(rows[1:], 2):
            cells = [cell.strip() for cell in row] + [""] * (len(header) - len(row))
            if cells[outcome]:
                yield number, cells[line], cells[outcome]
        return
    for number, row in enumerate(rows, 1):
        cells = [
            cell.strip() for cell in re.split("[,;\t]", ",".join(row))
        ]  # typed by hand: each its own mark
        if number > 1 or line != 0:
            yield number, cells[0], cells[1] if len(cells) > 1 else ""
