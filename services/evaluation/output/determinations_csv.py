"""``determinations.csv``: one line a conviction judged, the same bytes from ``evaluate`` and from ``export``."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from services.chassis.runtime.private_file import private_file
from services.csv_lines import csv_line

AS_JSON = ("grounds", "open_questions")
COLUMNS = (
    *("county", "source", "file_sha256", "source_row", "source_subject_id", "cii_number", "case_number"),
    *("section", "level", "disposition_date", "outcome", "route", "reason", "determination_label"),
    *("reason_label", "legal_minimum", "policy", "law", "as_of", "next_review_on", *AS_JSON),
)


Sorted = tuple[str, int, str, str, str, str]
"""A line with what it is sorted by: file, row, source, case number, section, and the line itself, as it is written."""


def write_determinations(entries: Iterable[Mapping[str, Any]], out: Path) -> int:
    """Writes determinations, given as JSON objects, sorted by file, row, source, case number and section.

    What is None is an empty field. Returns how many lines were written, the header not counted.
    """
    return write_lines(sorted(map(line_of, entries)), out)


def write_lines(lines: Iterable[Sorted], out: Path) -> int:
    """As ``write_determinations``, of lines in their order."""
    number = 0
    with private_file(out) as file:
        file.write(csv_line(COLUMNS))
        for number, line in enumerate(lines, 1):  # noqa: B007
            file.write(line[-1])
    return number


def line_of(entry: Mapping[str, Any]) -> Sorted:
    """The line of one determination, as a JSON object or by its fields; lines compare as they are sorted."""
    line = ["" if (value := entry[column]) is None else str(value) for column in PLAIN]
    if entry["route"] == "city_attorney" and entry["city"]:
        line[_ROUTE] = f"city_attorney:{entry['city']}"
    line += [_json(found).decode() if (found := entry[column]) else "[]" for column in AS_JSON]
    return (
        entry["file_sha256"] or "",
        int(entry["source_row"] or 0),
        entry["source"],
        entry["case_number"] or "",
        entry["section"],
        csv_line(line),
    )


_json = msgspec.json.Encoder(order="sorted").encode
PLAIN = COLUMNS[: -len(AS_JSON)]
_ROUTE = COLUMNS.index("route")
