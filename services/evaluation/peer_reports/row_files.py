"""The peer's files of rows: DOJ's rows read a second time, each beside what was found on it."""

import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from reliefstream_contracts.receipts import Problem
from reliefstream_contracts.vocabulary.california_codes import PROPOSITION_64
from reliefstream_contracts.vocabulary.offense import CodeSection
from services.chassis.runtime.private_file import private_file
from services.csv_lines import csv_line
from services.evaluation.peer_reports.columns import ADDED, ALL, CONDENSED, KEPT, OTHER_CHARGES, REASON
from services.evaluation.peer_reports.subject import BETWEEN, Row
from services.ingest.core.charges.code_sections import read_offense
from services.ingest.core.doj.file.columns import COLUMNS, DROPPED, PLACE
from services.ingest.core.doj.file.rows import lines, redacted, split

NAMES = ("All_Results", "All_Results_Condensed", "Prop64_Results")
_KEPT = tuple(PLACE[name] for name in KEPT)
_DROPPED = tuple(PLACE[name] for name in DROPPED)
_NOTHING = ("",) * len(ADDED)
_CANNABIS = re.compile("|".join(map(re.escape, PROPOSITION_64)))


def write_rows(
    source: Path, found: Iterable[Row], refused: Mapping[int, Problem], encoding: str, out: Sequence[Path]
) -> int:
    """Writes the three files of one DOJ file; ``found`` are its convictions' rows in order. Returns how many rows.

    A refused row stands as it came (no cell is a formula), without a determination; its reason is why it was refused.
    """
    waiting = iter(found)
    following = next(waiting, None)
    number = 0
    with ExitStack() as stack:
        stream = stack.enter_context(source.open("rb"))
        everything, condensed, prop_64 = (
            stack.enter_context(private_file(path, "surrogateescape")) for path in out
        )
        everything.write(csv_line(ALL))
        condensed.write(csv_line(CONDENSED))
        prop_64.write(csv_line(ALL))
        for line in lines(stream):
            number, added = line.number, _NOTHING
            problem = refused.get(line.number)
            fields = _fields(line.raw, encoding)
            while following is not None and following[1] == line.number:
                added, following = tuple(following[2].split(BETWEEN)), next(waiting, None)
            judged = added is not _NOTHING
            if problem is not None:
                added = (*_NOTHING[:REASON], f"Refused: {problem.what}")
            elif other := other_charges(fields[PLACE["OFFENSE_DESCR"]], fields[PLACE["COMMENT_TEXT"]]):
                added = (*added[:OTHER_CHARGES], other, *added[OTHER_CHARGES + 1 :])
            everything.write(csv_line((*fields, *added)))
            condensed.write(csv_line((*(fields[place] for place in _KEPT), *added)))
            if judged:
                prop_64.write(csv_line((*fields, *added)))
    return number


def paths(folder: Path, number: int, of: int) -> tuple[Path, ...]:
    """Where the three files go; of several DOJ files each has its number, from 1."""
    end = f"_{number}" if of > 1 else ""
    return tuple(folder / f"{name}{end}.csv" for name in NAMES)


def copy_rows(written: Sequence[Path], out: Sequence[Path]) -> None:
    """The same once more, for a file that was given twice."""
    for path, copy in zip(written, out, strict=True):
        with (
            path.open(newline="", encoding="utf-8", errors="surrogateescape") as rows,
            private_file(copy, "surrogateescape") as file,
        ):
            shutil.copyfileobj(rows, file)


def refused_rows(refused: Iterable[tuple[Path, Problem]], source: Path) -> dict[int, Problem]:
    """The rows of one file that were refused, by their number."""
    return {
        problem.row: problem
        for path, problem in refused
        if path == source and problem.row is not None and not problem.other_rows
    }


def other_charges(description: str, comment: str) -> str:
    """The comment, where it names a cannabis section that the charge beside it does not name; else empty.

    As in the peer's reports 11357(a) is not told from (b), nor (c) from (d), and a comment that only leaves the
    subdivision out names nothing else.
    """
    if not _CANNABIS.search(comment):
        return ""
    offense = read_offense(description.strip(), comment.strip())
    named = {_told_apart(section) for section in offense.sections}
    numbers = {number for number, _ in named}
    for section in offense.comment_sections:
        number, part = _told_apart(section)
        if number in PROPOSITION_64 and (number, part) not in named and (part or number not in numbers):
            return comment
    return ""


def _told_apart(section: CodeSection) -> tuple[str, str]:
    part = section.subdivisions[0] if section.section == "11357" and section.subdivisions else ""
    return section.section, next((pair for pair in ("ab", "cd") if part and part in pair), part)


def _fields(raw: bytes, encoding: str) -> list[str]:
    """As many fields as DOJ has columns, without social security and licence numbers."""
    fields = split(raw.decode(encoding, "surrogateescape"))
    if len(fields) != len(COLUMNS):
        fields = split(redacted(raw)[0].decode(encoding, "surrogateescape"))
        rest = ",".join(fields[len(COLUMNS) :])
        fields = [*fields[: len(COLUMNS)], *[""] * (len(COLUMNS) - len(fields))]
        fields[-1] = ",".join(filter(None, (fields[-1], rest)))
    for place in _DROPPED:
        fields[place] = ""
    return fields
