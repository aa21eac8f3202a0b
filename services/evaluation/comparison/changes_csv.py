"""``changes.csv``: each conviction that comes out otherwise than under the first policy. No name, no birth date."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from services.chassis.runtime.private_file import private_file
from services.csv_lines import csv_line
from services.eligibility.comparison.person_compared import Person, Verdict

PLACE = (
    *("county", "source", "file_sha256", "source_row", "source_subject_id", "cii_number", "case_number"),
    *("section", "level", "disposition_date"),
)
COLUMNS = (
    *PLACE,
    "as_of",
    *(f"{when}_{part}" for when in ("before", "after") for part in ("policy", *Verdict._fields)),
)
Sorted = tuple[str, int, str, str, str, str, tuple[str, ...]]
"""A line with what it is sorted by: file, row, source, case number, section, the other policy, all of it."""


def changed(person: Person, policies: Sequence[str], as_of: date) -> Iterator[Sorted]:
    """The lines of one person: one for each conviction and each other policy that gives it another result."""
    for judged in person.judged:
        first = judged.verdicts[0]
        row = judged.source_row
        for policy, verdict in zip(policies[1:], judged.verdicts[1:], strict=True):
            if verdict.result != first.result:
                place = ("" if one is None else str(one) for one in (getattr(judged, name) for name in PLACE))
                line = (*place, as_of.isoformat(), policies[0], *first, policy, *verdict)
                by = (judged.file_sha256, row or 0, judged.source, judged.case_number, judged.section)
                yield (*by, policy, line)


def write_changes(lines: Iterable[Sorted], out: Path) -> int:
    """Writes header and lines, as they are ordered; returns how many lines."""
    number = 0
    with private_file(out) as file:
        file.write(csv_line(COLUMNS))
        for number, line in enumerate(lines, 1):  # noqa: B007
            file.write(csv_line(line[-1]))
    return number
