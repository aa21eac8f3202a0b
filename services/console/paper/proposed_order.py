"""A proposed order for the court: what it says, from the list and what its attorney typed. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from services.console.words import dates, names
from services.csv_lines import csv_line

COLUMNS: Final = ("Line", "Case number", "Section", "Level", "Convicted on", "Relief", "Authority")
AUTHORITY: Final[Mapping[bool, str]] = {True: "11361.9", False: "11361.8(e)"}


class Typed(BaseModel):
    """What the attorney types: rule 2.111(1) of the California Rules of Court, and what the hearing is."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    attorney: str = Field(min_length=1, max_length=200)
    bar_number: str = Field(min_length=1, max_length=20)
    office: str = Field(min_length=1, max_length=200)
    address: str = Field(min_length=1, max_length=300)
    telephone: str = Field(min_length=1, max_length=40)
    email: str = Field(default="", max_length=200)
    judge: str = Field(default="", max_length=200)
    department: str = Field(default="", max_length=40)
    people: str = Field(pattern="^(request|no_objection)$")
    defender: str = Field(pattern="^(no_position|joins|objects)$")


PEOPLE: Final = {
    "request": "The People request relief on each conviction of the list.",
    "no_objection": "The People do not object to relief on the convictions of the list.",
}
DEFENDER: Final = {
    "no_position": "The public defender was told of the list and takes no position.",
    "joins": "The public defender joins in the request.",
    "objects": "The public defender objects; the objection is filed separately.",
}


def rows(lines: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """The list as it is printed and attached: one row a line, in their order."""
    return [
        [
            str(one["line"]),
            one["case_number"] or dates.UNKNOWN,
            one["code_section"] or "could not be read",
            one["level"] or dates.UNKNOWN,
            dates.day(one["conviction_date"]),
            _relief(one),
            AUTHORITY[any(count.startswith("doj/") for count in one["counts"])],
        ]
        for one in lines
    ]


def as_csv(listed: Iterable[Iterable[str]]) -> str:
    """The attachment as CSV."""
    return csv_line(COLUMNS) + "".join(csv_line(row) for row in listed)


def hash_of(listed: Iterable[Iterable[str]]) -> str:
    """SHA-256 of the attachment as CSV, in hexadecimal digits."""
    return hashlib.sha256(as_csv(listed).encode()).hexdigest()


def said(county: str, number: int, listed: list[list[str]], typed: Typed) -> dict[str, Any]:
    """What the paper's template takes."""
    dismissed = sum(row[5] == "dismissed and sealed" for row in listed)
    orders = [
        "Relief is granted on each line of Attachment A as its column Relief says, unless it is struck out there."
    ]
    if dismissed:
        orders.append(
            "What is dismissed is sealed: the conviction is deemed never to have occurred (Health and Safety Code "
            "section 11361.8(f))."
        )
    if dismissed < len(listed):
        orders.append(
            "What is redesignated is a misdemeanor or an infraction for all purposes (section 11361.8(h))."
        )
    orders += [
        "Counts of the same cases that are not on the list stay as they are.",
        "The clerk reports each disposition to the Department of Justice within 30 days (Penal Code section 13151), "
        "with the case number, and sends a copy to the arresting agency.",
    ]
    return {
        "title": "[Proposed] Order for relief under Health and Safety Code section 11361.9",
        "county": names.county(county),
        "number": str(number),
        **typed.model_dump(),
        "judge": typed.judge or "________",
        "department": typed.department or "____",
        "request": PEOPLE[typed.people],
        "defender": DEFENDER[typed.defender],
        "findings": [
            "Each person on the list completed the sentence or is eligible under section 11361.9, and no challenge to "
            "relief on any of these lines is pending.",
            "Each conviction whose relief is dismissal is legally invalid under section 11361.8(f).",
        ],
        "orders": orders,
        "hash": hash_of(listed),
        "columns": list(COLUMNS),
        "lines": listed,
    }


def _relief(line: Mapping[str, Any]) -> str:
    level = f" as {line['redesignated_to']}" if line["redesignated_to"] else ""
    return f"{names.code(line['relief'])}{level}"
