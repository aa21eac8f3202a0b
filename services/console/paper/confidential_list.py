"""The list of an order as it is attached for the court: who, which conviction, which relief. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from services.console.words import dates, names
from services.csv_lines import csv_line

COLUMNS: Final = (
    *("Line", "Name", "Other names", "CII number", "Court", "Case number", "Count", "Section", "Level"),
    *("Convicted on", "Sentence", "Relief", "Authority"),
)
LINE, NAME, CASE, SECTION, RELIEF = (
    COLUMNS.index(one) for one in ("Line", "Name", "Case number", "Section", "Relief")
)
ON_SCREEN: Final = tuple(
    place for place, one in enumerate(COLUMNS) if one not in ("Name", "Other names", "CII number")
)
"""Columns that a page shows: persons stand in the attachment only."""
OF_A_CASE: Final = tuple(
    place
    for place, one in enumerate(COLUMNS)
    if one in ("Line", "Count", "Section", "Level", "Convicted on", "Sentence", "Relief", "Authority")
)
NOT_SHOWN: Final = "not shown to your office"
SENTENCE: Final[Mapping[bool | None, str]] = {
    True: "runs",
    False: "completed",
    None: "not on record whether it runs",
}
Persons = Mapping[str, Mapping[str, Any]]
"""What reconciliation says of persons, by subject id."""
Row = list[str]


def rows(lines: Iterable[Mapping[str, Any]], persons: Persons | None) -> list[Row]:
    """The list as it is printed and attached, one row a line, in their order. ``persons`` None: not to be shown."""
    return [_row(one, persons) for one in lines]


def as_csv(listed: Iterable[Iterable[str]]) -> str:
    """The attachment as CSV."""
    return csv_line(COLUMNS) + "".join(csv_line(row) for row in listed)


def hash_of(listed: Iterable[Iterable[str]]) -> str:
    """SHA-256 of the attachment as CSV, in hexadecimal digits."""
    return hashlib.sha256(as_csv(listed).encode()).hexdigest()


def public(listed: Iterable[Row], *, case_numbers: bool) -> tuple[Row, list[Row]]:
    """Columns and rows for everybody's eyes: no person, and case numbers only where the judge allows them."""
    places = (LINE, CASE, SECTION, RELIEF) if case_numbers else (LINE, SECTION, RELIEF)
    return [COLUMNS[place] for place in places], [[row[place] for place in places] for row in listed]


def by_case(listed: Iterable[Row]) -> list[dict[str, Any]]:
    """A paper for each case and person, in the order of the list; a line without a case number has one of its own."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in listed:
        alone = (row[LINE],) if row[CASE] == dates.UNKNOWN else ()
        found.setdefault((row[CASE], row[NAME], *alone), []).append(row)
    return [
        {"case_number": case[0], "name": case[1], "lines": [chosen(row, OF_A_CASE) for row in own]}
        for case, own in found.items()
    ]


def chosen(row: Sequence[str], places: Iterable[int]) -> Row:
    """The row in these columns."""
    return [row[place] for place in places]


def _row(one: Mapping[str, Any], persons: Persons | None) -> Row:
    person = (persons or {}).get(one["subject_id"], {})
    known: Sequence[str] = person.get("names", ())
    unknown = NOT_SHOWN if persons is None else dates.UNKNOWN
    none = NOT_SHOWN if persons is None else "none"
    return [
        str(one["line"]),
        known[0] if known else unknown,
        "; ".join(known[1:]) or none,
        ", ".join(person.get("cii_numbers", ())) or unknown,
        one["court"] or dates.UNKNOWN,
        one["case_number"] or dates.UNKNOWN,
        _count(one["counts"]),
        one["code_section"] or "could not be read",
        one["level"] or dates.UNKNOWN,
        dates.day(one["conviction_date"]),
        SENTENCE[one["still_serving"]],
        _relief(one),
        _authority(one),
    ]


def _count(keys: Sequence[str]) -> str:
    """Its number in the case, by the court's record, else by DOJ's step."""
    key = min(keys, key=lambda one: (not one.startswith("court/"), one))
    number = key.rpartition("/")[2]
    return str(int(number[6:9])) if key.startswith("doj/") and number[6:9].isdecimal() else number


def _relief(line: Mapping[str, Any]) -> str:
    level = f" as {line['redesignated_to']}" if line["redesignated_to"] else ""
    return f"{names.code(line['relief'])}{level}"


def _authority(line: Mapping[str, Any]) -> str:
    if any(count.startswith("doj/") for count in line["counts"]):
        return "11361.9"
    return "11361.8(b)" if line["still_serving"] else "11361.8(e), (f)"
