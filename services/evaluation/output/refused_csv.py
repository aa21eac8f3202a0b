"""``refused.csv``: what of the input was refused, where, why, and what to do."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from reliefstream_contracts.receipts import Problem
from services.chassis.runtime.private_file import private_file
from services.csv_lines import csv_line
from services.ingest.core.doj.file.rows import lines

COLUMNS = ("file", "where", "row", "line", "column", "field", "code", "what", "remedy")


def write_refused(refused: Iterable[tuple[Path, Problem]], doj: Collection[Path], path: Path) -> None:
    """Writes a line for each file and its problem, by file and row; of ``doj``'s files also a row's line.

    Files are in the order given; of a problem about a whole file or person the first row counts.

    Raises OSError.
    """
    told = list(refused)
    order = {source: number for number, source in enumerate(dict.fromkeys(source for source, _ in told))}
    told.sort(key=lambda one: (order[one[0]], _place(one[1])))
    line_of = _lines_of_rows(told, doj)
    with private_file(path) as file:
        file.write(csv_line(COLUMNS))
        for source, problem in told:
            file.write(csv_line(_line(source, _at_line(problem, line_of.get(source, {})))))


def _place(problem: Problem) -> int:
    return problem.row or problem.record or problem.line or 0


def _at_line(problem: Problem, line_of: Mapping[int, int]) -> Problem:
    line = line_of.get(problem.row) if problem.row is not None else None
    return problem if line is None or problem.line is not None else problem.at_line(line)


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


def _lines_of_rows(
    told: Iterable[tuple[Path, Problem]], doj: Collection[Path]
) -> Mapping[Path, Mapping[int, int]]:
    """The lines of the rows of DOJ's files that problems name: those files are read once more."""
    wanted: defaultdict[Path, set[int]] = defaultdict(set)
    for source, problem in told:
        if source in doj and problem.row is not None:
            wanted[source].add(problem.row)
    return {source: _found(source, numbers) for source, numbers in wanted.items()}


def _found(source: Path, numbers: Collection[int]) -> Mapping[int, int]:
    found: dict[int, int] = {}
    with source.open("rb") as stream:
        for row in lines(stream):
            if row.number in numbers:
                found[row.number] = row.line
                if len(found) == len(numbers):
                    break
    return found
