"""Papers for the court: what they say, from the list and what their attorney typed. Pure."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.console.paper import confidential_list as listing
from services.console.paper.confidential_list import Row
from services.console.words import names

Paper = Literal["proposed_order", "public_list", "packet", "proof_of_service"]
"""As its template is named."""
PAPERS: Final[Mapping[Paper, str]] = {
    "proposed_order": "The proposed order with the confidential list",
    "public_list": "The public list",
    "packet": "A packet: an order for each case, one a page",
    "proof_of_service": "Proof of service, or stipulation",
}
TITLES: Final[Mapping[Paper, str]] = {
    "proposed_order": "[Proposed] Order for relief under Health and Safety Code section 11361.9",
    "public_list": "Public list of convictions for relief under Health and Safety Code section 11361.9",
    "packet": "[Proposed] Orders for relief under Health and Safety Code section 11361.9, by case",
    "proof_of_service": "Proof of service, or stipulation, for relief under Health and Safety Code section 11361.9",
}


class Typed(BaseModel):
    """What the attorney types: rule 2.111(1) of the California Rules of Court, and what the hearing is."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    paper: Paper
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
    case_numbers: bool = False
    """Whether the judge allows case numbers on the public list."""


PEOPLE: Final = {
    "request": "The People request relief on each conviction of the list.",
    "no_objection": "The People do not object to relief on the convictions of the list.",
}
DEFENDER: Final = {
    "no_position": "The public defender was told of the list and takes no position.",
    "joins": "The public defender joins in the request.",
    "objects": "The public defender objects; the objection is filed separately.",
}


def said(county: str, number: int, listed: list[Row], typed: Typed) -> dict[str, Any]:
    """What the paper's template takes. ``listed``: the confidential list."""
    found = {
        "title": TITLES[typed.paper],
        "county": names.county(county),
        "number": str(number),
        **typed.model_dump(),
        "judge": typed.judge or "________",
        "department": typed.department or "____",
        "request": PEOPLE[typed.people],
        "defender": DEFENDER[typed.defender],
        "hash": listing.hash_of(listed),
    }
    if typed.paper == "proposed_order":
        return found | {
            "findings": _findings(listed),
            "orders": _orders(listed, "Attachment A"),
            "columns": list(listing.COLUMNS),
            "lines": listed,
        }
    if typed.paper == "public_list":
        columns, lines = listing.public(listed, case_numbers=typed.case_numbers)
        return found | {"columns": columns, "lines": lines}
    if typed.paper == "packet":
        columns = listing.chosen(listing.COLUMNS, listing.OF_A_CASE)
        cases = listing.by_case(listed)
        return found | {"columns": columns, "cases": cases, "orders": _orders(listed, "the table")}
    return found


def _findings(listed: list[Row]) -> list[str]:
    return [
        "Each person on the list completed the sentence or is eligible under section 11361.9, and no challenge to "
        "relief on any of these lines is pending.",
        "Each conviction whose relief is dismissal is legally invalid under section 11361.8(f).",
        *(
            ["Where the column Sentence says that it runs, the person is eligible under section 11361.8(a)."]
            if any(row[listing.COLUMNS.index("Sentence")] == "runs" for row in listed)
            else []
        ),
    ]


def _orders(listed: list[Row], where: str) -> list[str]:
    dismissed = sum(row[listing.RELIEF] == "dismissed and sealed" for row in listed)
    orders = [
        f"Relief is granted on each line of {where} as its column Relief says, unless it is struck out there."
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
    return [
        *orders,
        "Counts of the same cases that are not on the list stay as they are.",
        "The clerk reports each disposition to the Department of Justice within 30 days (Penal Code section 13151), "
        "with the case number, and sends a copy to the arresting agency.",
    ]
