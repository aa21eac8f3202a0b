"""``reliefstream referral``: persons whom a community group names, and what the county answers."""

import json
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from cyclopts import App, Parameter

from services.cli.client.known_county import OneCounty
from services.cli.client.services import ask
from services.cli.offices import referrals

referral = App(
    name="referral",
    help="Persons whom a community group knows of: handed in with their authorisation, answered, and followed.",
)
JSON = Annotated[bool, Parameter("--json", negative="", help="the service's answer, as JSON")]


@referral.command
def submit(
    file: Annotated[Path, Parameter(help="CSV or XLSX with surname, given_name, birth_date; or .json")],
    *,
    county: OneCounty,
    as_json: JSON = False,
) -> int:
    """Hand in a list of persons; each line is taken or refused for itself. Exit status 1: some line was refused."""
    receipt = referrals.submit(file, county)
    if as_json:
        print(json.dumps(receipt))
        return 1 if receipt["refused"] else 0
    for line in receipt["lines"]:
        for problem in line["problems"]:
            print(f"{problem['where']} {problem['what']}: {problem['remedy']}.")
    held = [line["authorisation"] for line in receipt["lines"]]
    print(
        f"{receipt['taken']} of {receipt['received']} persons taken in, {receipt['refused']} refused; "
        f"{held.count('holds')} with an authorisation that holds, {held.count('expired')} with one that has expired."
    )
    if receipt["unread_columns"]:
        print(f"{receipt['unread_columns']} columns are not known here and were not read.")
    print(f"The county answers by {receipt['due_on']}. Follow it: reliefstream referral show "
          f"{receipt['referral_id']} --county {county}")  # fmt: skip
    return 1 if receipt["refused"] else 0


@referral.command(name="list")
def list_(
    *,
    county: OneCounty,
    overdue: Annotated[bool, Parameter(negative="", help="lists with a line that is late")] = False,
    as_json: JSON = False,
) -> None:
    """Show the lists that were handed in: your group's own, or for the records unit all of the county."""
    asked = {"overdue": "yes" if overdue else None}
    page = ask("reconciliation", "GET", referrals.path_of(county), query=asked)
    if as_json:
        print(json.dumps(page))
        return
    for each in page["referrals"]:
        left = "" if each["open"] is None else f", {each['open']} to answer"
        print(
            f"{each['referral_id']}  {each['received_at'][:10]}  {each['lines']} persons{left}, due {each['due_on']}"
        )


@referral.command
def show(referral_id: UUID, *, county: OneCounty, as_json: JSON = False) -> None:
    """Show what is told of each person of a list that you handed in."""
    told = ask("reconciliation", "GET", referrals.path_of(county, f"/{referral_id}"))
    if as_json:
        print(json.dumps(told))
        return
    for line in told["lines"]:
        print(f"line {line['line']}: {line['text']}")
        for one in line["convictions"]:
            print(f"    case {one['case_number'] or 'without a number'}, {one['section']}: {one['text']}")


@referral.command
def queue(
    *,
    county: OneCounty,
    overdue: Annotated[bool, Parameter(negative="", help="only what is late")] = False,
    limit: int = 50,
    after: str | None = None,
    as_json: JSON = False,
) -> None:
    """Show the records unit whom it has still to answer for, the first due first."""
    asked = {"overdue": "yes" if overdue else None, "limit": limit, "after": after}
    page = ask("reconciliation", "GET", f"/v1/counties/{county}/referral-lines", query=asked)
    if as_json:
        print(json.dumps(page))
        return
    for each in page["lines"]:
        person = each["person"]
        case = f", case {person['case_number']}" if person["case_number"] else ""
        late = " (late)" if each["overdue"] else ""
        print(f"{each['referral_id']} line {each['line']}, due {each['due_on']}{late}: {each['standing']}")
        print(f"    {person['surname']}, {person['given_name']}, born {person['birth_date']}{case}")
    if page["next"]:
        print(f"more: --after {page['next']}")


@referral.command
def answer(
    referral_id: UUID,
    *,
    county: OneCounty,
    line: Annotated[list[int], Parameter(help="the line; several: --line 1 --line 2")],
    as_: Annotated[
        Literal["found", "record_sent", "no_record", "destroyed", "elsewhere"],
        Parameter("--as", help="what the county's own records say"),
    ],
    subject: Annotated[UUID | None, Parameter(help="of found: whose records they are")] = None,
    note: Annotated[str | None, Parameter(help="for the county's own file; it is not told")] = None,
) -> None:
    """Answer lines for the county; the last answer counts."""
    body = {"lines": line, "answer": as_, "subject_id": str(subject) if subject else None, "note": note}
    done = ask("reconciliation", "POST", referrals.path_of(county, f"/{referral_id}/answer"), body=body)
    print(f"{len(done['lines'])} lines answered: {as_}")
