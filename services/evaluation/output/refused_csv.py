"""``refused.csv``: what of the input was refused, where, why, and what to do."""

from collections.abc import Iterable
from pathlib import Path

from reliefstream_contracts.receipts import Problem
from services.chassis.runtime.private_file import private_file
from services.csv_lines import csv_line

COLUMNS = ("file", "where", "row", "line", "column", "field", "code", "what", "remedy")


def write_refused(refused: Iterable[tuple[Path, Problem]], path: Path) -> None:
    """Writes a line for each file and its problem, by file and row.

    Files are in the order given; of a problem about a whole file or person the first row counts.

    Raises OSError.
    """
    told = list(refused)
    order = {source: number for number, source in enumerate(dict.fromkeys(source for source, _ in told))}
    told.sort(key=lambda one: (order[one[0]], _place(one[1])))
    with private_file(path) as file:
        file.write(csv_line(COLUMNS))
        for source, problem in told:
            file.write(csv_line(_line(source, problem)))


def _place(problem: Problem) -> int:
    return problem.row or problem.record or problem.line or 0


def _line(source: Path, problem: Problem) -> tuple[object, ...]:
    return (
        source.name,
        problem.where,
        problem.row,
        problem.line,
        problem.column,
        problem.field,
        problem.code,
        problem.what,
        problem.remedy,
    )
