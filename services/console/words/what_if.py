"""A comparison of two policies as tables that a page shows. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from services.console.words import names
from services.console.words.statistics import MARK, RECORDS, number
from services.csv_lines import csv_line

COLUMNS: Final = ("table", "policy", "by", "group", "before", "after", "convictions", "persons")
TITLES: Final[Mapping[str, str]] = {
    "section": "By section",
    "level": "By level",
    "race": "By race",
    "sex": "By sex",
    "age": "By age today",
}


class Changed(NamedTuple):
    """One count of convictions that come out otherwise."""

    group: str
    before: str
    after: str
    convictions: str
    persons: str


class Kept(NamedTuple):
    """Persons who have this on record; who then have it no more under each policy; who gain and lose by the other."""

    name: str
    has: str
    now: str
    then: str
    gains: str
    loses: str


class Tables(NamedTuple):
    """``total``: everything that changes; None: nothing does."""

    total: Changed | None
    results: tuple[Changed, ...]
    groups: tuple[tuple[str, tuple[Changed, ...]], ...]
    records: tuple[Kept, ...]


def tables(rows: Sequence[Mapping[str, Any]], in_force: str, policy: str) -> Tables:
    """The tables of a comparison."""
    changes = [row for row in rows if row["table"] == "changes"]
    of_all = [_changed(row) for row in changes if not row["by"]]
    groups = (
        (title, tuple(_changed(row) for row in changes if row["by"] == by and not row["before"]))
        for by, title in TITLES.items()
    )
    return Tables(
        next((one for one in of_all if not one.before), None),
        tuple(one for one in of_all if one.before),
        tuple((title, found) for title, found in groups if found),
        tuple(_kept([row for row in rows if row["table"] == "records"], in_force, policy)),
    )


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """All rows as data, as comparison.csv has them."""
    lines = [csv_line(COLUMNS)]
    for row in rows:
        blank = "" if row["table"] == "records" else MARK
        convictions = blank if row["convictions"] is None else row["convictions"]
        persons = MARK if row["persons"] is None else row["persons"]
        lines.append(csv_line((*(row[name] for name in COLUMNS[:6]), convictions, persons)))
    return "".join(lines)


def _changed(row: Mapping[str, Any]) -> Changed:
    return Changed(
        names.words(row["group"]),
        row["before"],
        row["after"],
        number(row["convictions"]),
        number(row["persons"]),
    )


def _kept(rows: Sequence[Mapping[str, Any]], in_force: str, policy: str) -> list[Kept]:
    found = {(row["policy"], row["by"], row["group"]): number(row["persons"]) for row in rows}
    return [
        Kept(
            words,
            found["", kind, "has"],
            found.get((in_force, kind, "no more"), "0"),
            found.get((policy, kind, "no more"), "0"),
            found.get((policy, kind, "gains"), "0"),
            found.get((policy, kind, "loses"), "0"),
        )
        for kind, words in RECORDS.items()
        if ("", kind, "has") in found
    ]
