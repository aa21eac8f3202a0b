"""A row's number and its line in the file, which a person looks for: a header and blank lines stand between. Pure."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from reliefstream_contracts.receipts import Problem

MOST_STEPS = 100

LineOffset: TypeAlias = tuple[tuple[int, int], ...]
"""What to add to a row's number to have its line: ((0, 1), (17, 2)) is 1, and 2 from row 17 on. Empty: not known."""


def line_offset(rows: Iterable[tuple[int | None, int]]) -> LineOffset:
    """The offset of these rows; ``rows``: number and line of each.

    Empty where a line is not known, or where more than MOST_STEPS groups of lines that are no rows stand between.
    """
    steps: list[tuple[int, int]] = []
    for number, line in sorted((number or 0, line) for number, line in rows):
        if not number or line < number:
            return ()
        if not steps or steps[-1][1] != line - number:
            steps.append((number if steps else 0, line - number))
    return tuple(steps) if len(steps) <= MOST_STEPS else ()


def in_file(problems: Sequence[Problem], offset: LineOffset) -> tuple[Problem, ...]:
    """The problems with the line of each row, where it is known."""
    return tuple(_with_line(problem, offset) for problem in problems) if offset else tuple(problems)


def _with_line(problem: Problem, offset: LineOffset) -> Problem:
    if problem.row is None or problem.line is not None or problem.part:
        return problem
    return problem.at_line(problem.row + next(by for start, by in reversed(offset) if start <= problem.row))
