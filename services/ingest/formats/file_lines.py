"""A row's number and its line in the file, which a person looks for: a header and blank lines stand between. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

from reliefstream_contracts.receipts import Problem

HEADER = "line_offset"
_ROW = re.compile(r"(?<!message, )\brow ([0-9]+)\b(?! \(line)")


def line_offset(rows: Iterable[tuple[int | None, int]]) -> int | None:
    """What to add to the numbers of these rows to have their lines; ``rows``: number and line of each.

    None where it is not the same for all, or not known: then a row's number is all that can be said.
    """
    found = {line - number if number and line else None for number, line in rows}
    return found.pop() if len(found) == 1 else None


def said_of_lines(offset: int | None) -> dict[str, str]:
    """The header of a message that says it."""
    return {} if offset is None else {HEADER: str(offset)}


def in_file(problems: Sequence[Problem], headers: Mapping[str, str]) -> tuple[Problem, ...]:
    """Problems that say ``row 17 (line 18)`` where the sender told the rows' lines."""
    text = headers.get(HEADER, "")
    if not problems or not (text.isascii() and text.isdigit() and len(text) <= 12):
        return tuple(problems)
    offset = int(text)

    def with_line(row: re.Match[str]) -> str:
        return f"{row[0]} (line {int(row[1]) + offset})"

    return tuple(
        problem.model_copy(update={"where": _ROW.sub(with_line, problem.where)})
        if "row " in problem.where
        else problem
        for problem in problems
    )
