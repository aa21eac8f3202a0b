"""Rows that a clerk types or pastes: the number of a line, and what became of it. Pure."""

import csv
import io
from typing import Any, Final

WORDS: Final = {"done": "done", "not_found": "not found", "destroyed": "destroyed", "duplicate": "duplicate"}
"""Each outcome as people write it."""
_BY_WORD: Final = {word: outcome for outcome, word in WORDS.items()}
HEADERS: Final = frozenset({"line", "lines", "number"})


def read(text: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The outcomes by line, the last of a line counting, and what is wrong, a sentence a row.

    Columns are separated by commas, semicolons or tabs; the first row may be their names.
    """
    found: dict[int, str] = {}
    wrong: list[str] = []
    for number, row in enumerate(csv.reader(io.StringIO(text.replace("\t", ",").replace(";", ","))), 1):
        cells = [cell.strip() for cell in row if cell.strip()]
        if not cells or (number == 1 and cells[0].lower() in HEADERS):
            continue
        outcome = (
            _BY_WORD.get(" ".join(cells[1].lower().replace("_", " ").split())) if len(cells) > 1 else None
        )
        if outcome is None or not (cells[0].isascii() and cells[0].isdecimal() and len(cells[0]) < 8):
            wrong.append(f"row {number} is not a line and one of {', '.join(WORDS.values())}")
        else:
            found[int(cells[0])] = outcome
    return [{"line": line, "outcome": outcome} for line, outcome in found.items()], wrong
