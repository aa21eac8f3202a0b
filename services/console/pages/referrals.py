"""For community groups: hand in persons whom they know of, and see what the county answers."""

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from services.console.web.not_done import NotDone
from services.console.web.page_request import Page
from services.console.web.visit import Visit
from services.table_files import ARCHIVE, XLSX

LISTED: Final = "/counties/{county}/referrals"
ONE: Final = f"{LISTED}/{{referral}}"
PAGE_LENGTH: Final = 50
PERSON: Final = (
    ("surname", "Surname"),
    ("given_name", "Given name"),
    ("middle_name", "Middle name, if known"),
    ("suffix", "Suffix, if any"),
    ("birth_date", "Birth date"),
    ("case_number", "Case number, if known"),
)
PAPER: Final = (
    ("reference", "Your own number of the paper"),
    ("signed_on", "Signed on"),
    ("until", "Holds until"),
)
"""Fields of the form, and their labels."""
DAYS: Final = ("birth_date", "signed_on", "until")


async def show_referrals(visit: Visit) -> Response:
    """The lists that this account handed in, and the forms."""
    query = {"limit": PAGE_LENGTH, "after": visit.request.query_params.get("after", "")}
    found = await visit.services.get("reconciliation", _top(visit), query)
    return visit.page(
        "referrals.html",
        referrals=found["referrals"],
        after=found["next"],
        person=PERSON,
        paper=PAPER,
        days=DAYS,
    )


async def hand_in_one(visit: Visit) -> Response:
    """Hands in one person."""
    person: dict[str, Any] = {name: given for name, _ in PERSON if (given := visit.form.get(name))}
    paper = {name: given for name, _ in PAPER if (given := visit.form.get(name))}
    body = json.dumps({"persons": [person | ({"authorisation": paper} if paper else {})]}).encode()
    return await _sent(visit, body, "application/json")


async def hand_in_table(visit: Visit) -> Response:
    """Hands in a table: a CSV or XLSX file, or what was copied from a spreadsheet."""
    table = visit.form.file or visit.form.get("table").encode()
    if not table:
        raise NotDone("Choose a file, or copy the table, with its header, into the field.")
    return await _sent(visit, table, XLSX if table.startswith(ARCHIVE) else "text/csv")


async def show_referral(visit: Visit) -> Response:
    """What is told of each person of a list, by line."""
    found = await visit.services.get("reconciliation", f"{_top(visit)}/{visit.id('referral')}")
    return visit.page("referral.html", referral=found)


async def _sent(visit: Visit, body: bytes, kind: str) -> Response:
    key = visit.form.get("once")
    receipt = await visit.services.send("reconciliation", _top(visit), body, kind, key)
    if receipt["refused"]:
        return visit.page("receipt.html", receipt=receipt)
    return visit.to(f"{visit.place}/{receipt['referral_id']}", notice=_taken(receipt))


def _taken(receipt: Mapping[str, Any]) -> str:
    number = receipt["taken"]
    return (
        f"{number} {'person' if number == 1 else 'persons'} taken. The county answers by {receipt['due_on']}."
    )


def _top(visit: Visit) -> str:
    return f"/v1/counties/{visit.county}/referrals"


PAGES = (
    Page("GET", LISTED, show_referrals),
    Page("POST", f"{LISTED}/person", hand_in_one, show_referrals),
    Page("POST", f"{LISTED}/table", hand_in_table, show_referrals),
    Page("GET", ONE, show_referral),
)
