"""Statistics as tables that a page shows: groups in rows, outcomes in columns, what stays back marked. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from services.console.words import names
from services.csv_lines import csv_line

MARK: Final = "*"
"""Of 1 to 10 persons, or withheld because such a number could be computed from it."""
COLUMNS: Final = ("part", "by", "group", "outcome", "convictions", "persons")
TITLES: Final[Mapping[tuple[str, str], str]] = {
    ("determinations", ""): "What the law and the county’s policy give",
    ("determinations", "source"): "What DOJ’s list has, and what the court’s records add",
    ("determinations", "section"): "By section, in today’s numbering",
    ("determinations", "level"): "By level",
    ("determinations", "decade"): "By decade of the disposition",
    ("determinations", "race"): "By race, as the records say",
    ("determinations", "sex"): "By sex, as the records say",
    ("determinations", "age"): "By age today",
    ("relief", ""): "What became of relief",
    ("relief", "challenge"): "Objections of the prosecution",
    ("relief", "record_to_order"): "From the first record to the court’s order",
    ("relief", "level"): "Relief by level",
    ("relief", "race"): "Relief by race",
    ("relief", "sex"): "Relief by sex",
    ("reviews", "office"): "What waits, by office",
    ("reviews", "waiting"): "What waits, by how long",
}
"""Tables in the order of the page: part and fact."""
GROUPS: Final[Mapping[tuple[str, str], str]] = {
    ("source", "doj"): "DOJ alone",
    ("source", "court"): "the court alone",
    ("source", "doj+court"): "both",
    ("challenge", "none"): "no objection",
    ("challenge", "pending"): "waits for the court",
}
OUTCOMES: Final[Mapping[str, str]] = {
    "dismissal": "to dismiss and seal",
    "redesignation": "to redesignate",
    "waits": "waits for the court’s order",
    "challenged": "objected to",
    "sustained": "objection sustained",
    "withdrawn": "proposal withdrawn",
    "dismissed_and_sealed": "dismissed and sealed",
    "open": "to be decided",
}
RECORDS: Final[Mapping[str, str]] = {
    "felony": "a felony",
    "conviction": "any conviction",
    "recent conviction": "a conviction of the last 7 years",
}
FIRST: Final = ("under 21", "within a day", "within 7 days", "within 30 days", "within a year")
LAST: Final = ("60 and older", "deceased", "longer", "not ordered", "unreadable", "unknown")


class Line(NamedTuple):
    """One group. ``convictions`` None: withheld; ``cells``: convictions by outcome, in the order of the columns."""

    name: str
    convictions: int | None
    persons: str
    cells: tuple[str, ...]


class Table(NamedTuple):
    """One table of the page, and what its plot shows."""

    title: str
    first: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def described(self) -> str:
        """The plot in words."""
        said = [f"{one.name}: {number(one.convictions)}" for one in self.lines]
        return f"Convictions. {'; '.join(said)}."


class Record(NamedTuple):
    """Of persons who have this on record: how many, and how many would not any more."""

    name: str
    persons: str
    cleared: str


def tables(parts: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Table]:
    """The tables of the page; one without a row is left out."""
    found = [_table(title, by, parts.get(part, ())) for (part, by), title in TITLES.items()]
    return [one for one in found if one.lines]


def records(rows: Iterable[Mapping[str, Any]]) -> list[Record]:
    """What stays on record."""
    persons = {
        (row["group"], row["outcome"]): number(row["persons"]) for row in rows if row["by"] == "record"
    }
    return [
        Record(words, persons[kind, ""], persons.get((kind, "cleared"), "0"))
        for kind, words in RECORDS.items()
        if (kind, "") in persons
    ]


def as_csv(parts: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """All rows as data."""
    lines = [csv_line(COLUMNS)]
    for part, rows in parts.items():
        for row in rows:
            shown = [MARK if row["withheld"] else row[name] for name in ("convictions", "persons")]
            lines.append(csv_line((part, row["by"], row["group"], row["outcome"], *shown)))
    return "".join(lines)


def number(count: int | None) -> str:
    """``1,234``; withheld: the mark."""
    return MARK if count is None else f"{count:,}"


def _table(title: str, by: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    mine = [row for row in rows if row["by"] == by]
    if not by:  # of all: each outcome is a row of its own
        lines = [
            Line(
                OUTCOMES.get(row["outcome"], names.code(row["outcome"])),
                row["convictions"],
                _persons(row),
                (),
            )
            for row in mine
            if row["outcome"]
        ]
        total = [Line("all", row["convictions"], _persons(row), ()) for row in mine if not row["outcome"]]
        return Table(title, "Outcome", (), (*lines, *total))
    outcomes = sorted({row["outcome"] for row in mine if row["outcome"]})
    by_place = {(row["group"], row["outcome"]): row for row in mine}
    groups = sorted({row["group"] for row in mine}, key=_order)
    return Table(
        title,
        names.words(by).capitalize(),
        tuple(OUTCOMES.get(one, names.code(one)) for one in outcomes),
        tuple(_line(by, group, outcomes, by_place) for group in groups),
    )


def _line(
    by: str, group: str, outcomes: Sequence[str], rows: Mapping[tuple[str, str], Mapping[str, Any]]
) -> Line:
    def cells() -> Iterator[str]:
        for outcome in outcomes:
            row = rows.get((group, outcome))
            yield number(row["convictions"]) if row else "0"

    whole = rows[group, ""]
    name = GROUPS.get((by, group)) or (names.office(group) if by == "office" else names.words(group))
    return Line(name, whole["convictions"], _persons(whole), tuple(cells()))


def _persons(row: Mapping[str, Any]) -> str:
    return number(row["persons"])


def _order(group: str) -> tuple[int, str]:
    if group in FIRST:
        return FIRST.index(group) - len(FIRST), group
    return (LAST.index(group) + 1 if group in LAST else 0), group
