"""A row's number and its line in the file, which a person looks for: a header and blank lines stand between. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from reliefstream_contracts.receipts import Problem

HEADER = "line_offset"
MOST_STEPS = 100
LONGEST = MOST_STEPS * 26
_OFFSETS = re.compile(r"[0-9]{1,12}(?:,[0-9]{1,12}:[0-9]{1,12})*")
_ROW = re.compile(r"(?<!message, )\brow ([0-9]+)\b(?! \(line)")


def line_offset(rows: Iterable[tuple[int | None, int]]) -> str | None:
    """What to add to the numbers of these rows to have their lines; ``rows``: number and line of each.

    ``1``; where more lines that are no rows stand between them, also from which row on how much: ``1,17:2,40:5``.
    None where it is not known, or there are more than MOST_STEPS: then a row's number is all that can be said.
    """
    steps: list[tuple[int, int]] = []
    for number, line in sorted((number or 0, line) for number, line in rows):
        if not number or line < number:
            return None
        if not steps or steps[-1][1] != line - number:
            steps.append((number, line - number))
    if not steps or len(steps) > MOST_STEPS:
        return None
    return ",".join([str(steps[0][1]), *(f"{number}:{offset}" for number, offset in steps[1:])])


def said_of_lines(offset: str | None) -> dict[str, str]:
    """The header of a message that says it."""
    return {} if offset is None else {HEADER: offset}


def in_file(problems: Sequence[Problem], headers: Mapping[str, str]) -> tuple[Problem, ...]:
    """Problems that say ``row 17 (line 18)`` where the sender told the rows' lines."""
    text = headers.get(HEADER, "")
    if not problems or len(text) > LONGEST or not _OFFSETS.fullmatch(text):
        return tuple(problems)
    first, *later = text.split(",")
    steps = [(0, int(first)), *((int(number), int(by)) for number, by in (one.split(":") for one in later))]

    def line_of(number: int) -> int:
        return number + next(by for start, by in reversed(steps) if start <= number)

    return tuple(at_line(problem, line_of) for problem in problems)


def rows_of(problem: Problem) -> tuple[int, ...]:
    """The numbers of the file's rows that a problem names without their lines."""
    return tuple(int(row[1]) for row in _ROW.finditer(problem.where))


def at_line(problem: Problem, line_of: Callable[[int], int | None]) -> Problem:
    """The problem with each row's line beside its number; None: it is not known."""
    if "row " not in problem.where:
        return problem

    def with_line(row: re.Match[str]) -> str:
        line = line_of(int(row[1]))
        return row[0] if line is None else f"{row[0]} (line {line})"

    return problem.model_copy(update={"where": _ROW.sub(with_line, problem.where)})
