"""What the Judicial Council's forms on cannabis convictions ask, as far as it is known here: data sheets to copy from.

CR-400 to CR-403 are of an adult's conviction (HS 11361.8(a), (b), (e), (f)), JV-744 to JV-746 of a juvenile court's
adjudication (11361.8(m)). What is not known here is a line to write on. Pure.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from services.console.words import dates, names

Lines = tuple[tuple[str, str], ...]
"""What a form asks, and what is known; empty: a line to write on."""


class CourtForm(NamedTuple):
    """One form."""

    number: str
    title: str
    lines: Lines


class Case(NamedTuple):
    """What is known of the case; empty: not on record."""

    county: str
    person: str = ""
    birth_date: str = ""
    court: str = ""
    case_number: str = ""
    section: str = ""
    level: str = ""
    convicted_on: str = ""
    asked: str = ""
    """The relief that is asked for."""
    prosecutor: str = ""


TITLE: Final = "Data for the court’s forms on cannabis convictions (Health and Safety Code section 11361.8)"
NOTICE: Final = (
    "It is a sheet of data, made by the county’s records system. Copy what it says onto the current form of the "
    "Judicial Council (courts.ca.gov/forms) and check it against the file: what the form asks may have changed. A line "
    "to write on stands where nothing is known here."
)
FOOTER: Final = "Data sheet, not a form of the Judicial Council. Confidential."
PAPER: Final = "Attorney or person without one: name, State Bar number, address, telephone"
SERVED: Final = "The day on which it was served, and how"
BY: Final = "Who served it: name, address, signature"


def data_sheets(forms: Sequence[CourtForm]) -> dict[str, Any]:
    """What the paper's template takes: a sheet for each form."""
    return {
        "title": TITLE,
        "notice": NOTICE,
        "footer": FOOTER,
        "forms": [{"number": one.number, "title": one.title, "lines": one.lines} for one in forms],
    }


def of_challenge(county: str, relief: Mapping[str, Any]) -> Case:
    """The case of a relief that is objected to; whose it is, only the defender knows."""
    conviction = relief["conviction"]
    asked = names.code(relief["kind"])
    if relief.get("redesignated_to"):
        asked = f"{asked} as {relief['redesignated_to']}"
    city = conviction.get("city")
    return Case(
        county=names.county(county),
        court=conviction.get("court") or "",
        case_number=conviction.get("case_number") or "",
        section=conviction.get("section") or "",
        level=conviction.get("level") or "",
        convicted_on=dates.day(conviction["conviction_date"]) if conviction.get("conviction_date") else "",
        asked=asked,
        prosecutor=names.office("city_attorney", city) if city else names.office("district_attorney"),
    )


def adult(case: Case) -> tuple[CourtForm, ...]:
    """CR-400 to CR-403."""
    caption = (
        (PAPER, ""),
        ("Superior Court of California, County of", case.county),
        ("Courthouse", case.court),
        ("Defendant", case.person),
        ("Case number", case.case_number),
    )
    conviction = (
        ("Day of the conviction", case.convicted_on),
        ("Section", case.section),
        ("Level", case.level),
    )
    return (
        CourtForm(
            "CR-400",
            "Petition or application",
            (
                *caption,
                *conviction,
                ("The sentence runs, or is completed", ""),
                ("What is asked", case.asked),
                ("A hearing is asked for, or waived", ""),
                ("Day and signature", ""),
            ),
        ),
        CourtForm(
            "CR-401",
            "Proof of service",
            (*caption, ("Served on: the prosecuting agency", case.prosecutor), (SERVED, ""), (BY, "")),
        ),
        CourtForm(
            "CR-402",
            "The prosecuting agency’s response",
            (
                *caption,
                ("The prosecuting agency", case.prosecutor),
                ("It does not object, or objects and why", ""),
                ("It asks for a hearing, or does not", ""),
                ("Day and signature", ""),
            ),
        ),
        CourtForm(
            "CR-403",
            "Order after petition or application",
            (
                *caption,
                *conviction,
                ("Granted or denied", ""),
                ("Dismissed and sealed, or redesignated as", case.asked),
                ("Day, judge, signature", ""),
            ),
        ),
    )


def juvenile(case: Case) -> tuple[CourtForm, ...]:
    """JV-744 to JV-746."""
    caption = (
        (PAPER, ""),
        ("Superior Court of California, County of", case.county),
        ("Courthouse", case.court),
        ("Name of the person", case.person),
        ("Birth date", case.birth_date),
        ("Case number", case.case_number),
    )
    finding = (("Day on which the petition was sustained", case.convicted_on), ("Section", case.section))
    return (
        CourtForm(
            "JV-744",
            "Request to reduce a juvenile marijuana offense",
            (
                *caption,
                *finding,
                ("The disposition runs, or is completed", ""),
                ("What is asked", case.asked),
                ("Day and signature", ""),
            ),
        ),
        CourtForm(
            "JV-745",
            "The prosecuting agency’s response",
            (*caption, ("It does not object, or objects and why", ""), ("Day and signature", "")),
        ),
        CourtForm(
            "JV-746",
            "Order on the request",
            (*caption, *finding, ("Granted or denied", ""), ("Day, judge, signature", "")),
        ),
    )
