"""``refused.csv``: what of the input was refused, where, why, and what to do."""

import csv
from collections.abc import Iterable
from pathlib import Path

from reliefstream_contracts.receipts import Problem
from services.cli.private_file import private_file

COLUMNS = ("file", "where", "code", "what", "remedy")


def write_refused(refused: Iterable[tuple[Path, Problem]], path: Path) -> None:
    """Writes a line for each file and its problem, in the order given."""
    with private_file(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for source, problem in refused:
            writer.writerow((source.name, problem.where, problem.code, problem.what, problem.remedy))
