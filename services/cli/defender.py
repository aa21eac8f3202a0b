"""``reliefstream defender``: challenged relief, what the defence does about it, and a client who asks."""

import json
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from cyclopts import App, Parameter

from services.cli.client.known_county import OneCounty
from services.cli.client.services import ask

defender = App(
    name="defender",
    help="The public defender: challenged relief, answers, contacts with clients, conflicts, and a client who asks.",
)
JSON = Annotated[bool, Parameter("--json", negative="", help="the service's answer, as JSON")]
NOTE = Annotated[str | None, Parameter(help="for defenders alone")]


@defender.command(name="list")
def list_(*, county: OneCounty, limit: int = 50, after: UUID | None = None, as_json: JSON = False) -> None:
    """Show the challenged reliefs that wait for the court.

    Parameters
    ----------
    after
        Goes on behind the page before; it ends with what to give here.
    """
    page = ask("relief", "GET", _path(county), query={"limit": limit, "after": after})
    if as_json:
        print(json.dumps(page))
        return
    for each in page["reliefs"]:
        print("\n".join(_lines(each)))
        print(f"    {'answered ' + each['answered_at'][:10] if each['answered_at'] else 'not answered'}"
              f"{', handed over ' + each['handed_over_at'][:10] if each['handed_over_at'] else ''}")  # fmt: skip
    if not page["reliefs"]:
        print(f"Nothing is challenged in {county} that you may see.")
    if page["next"]:
        print(f"more: --after {page['next']}")


@defender.command
def show(relief_id: UUID, *, county: OneCounty, as_json: JSON = False) -> None:
    """Show one challenge, what the defence answered, and the contacts with the client."""
    found = ask("relief", "GET", _path(county, relief_id))
    if as_json:
        print(json.dumps(found))
        return
    _print(found)


@defender.command
def answer(
    relief_id: UUID,
    *,
    county: OneCounty,
    text: Annotated[str, Parameter(help="what the court and the prosecution are to read")],
) -> None:
    """Answer a challenge; each answer is kept."""
    _print(ask("relief", "POST", _path(county, relief_id, "/answer"), body={"text": text}))


@defender.command
def contact(
    relief_id: UUID,
    *,
    county: OneCounty,
    how: Literal["letter", "telephone", "email", "visit", "other"],
    outcome: Literal["reached", "message_left", "not_reached", "address_unknown"],
    note: NOTE = None,
) -> None:
    """Log a contact with the client; only defenders see it."""
    body = {"how": how, "outcome": outcome, "note": note}
    _print(ask("relief", "POST", _path(county, relief_id, "/contacts"), body=body))


@defender.command
def hand_over(
    relief_id: UUID,
    *,
    county: OneCounty,
    note: Annotated[str, Parameter(help="what the next defender is to know; for defenders alone")],
    to: Annotated[str | None, Parameter(help="the account (whoami); left out: the court appoints")] = None,
) -> None:
    """Hand a case over on a conflict of interests: no other defender sees it from then on."""
    ask("relief", "POST", _path(county, relief_id, "/hand-over"), body={"to_account": to, "note": note})
    print(f"Handed over {'to ' + to if to else 'for the court to appoint counsel'}.")


@defender.command
def client(
    *,
    county: OneCounty,
    surname: str,
    given_name: str,
    born: date,
    reason: Annotated[str, Parameter(help="why you look; it stands in the audit log")],
    middle_name: str | None = None,
    case: str | None = None,
    as_json: JSON = False,
) -> None:
    """Look up a client who asks: what is on record in the county, and what waits."""
    body = {
        "surname": surname,
        "given_name": given_name,
        "middle_name": middle_name,
        "birth_date": born.isoformat(),
        "case_number": case,
        "reason": reason,
    }
    found = ask("reconciliation", "POST", f"/v1/counties/{county}/clients", body=body)
    if as_json:
        print(json.dumps(found))
        return
    print(found["text"])
    for one in found["convictions"]:
        print(f"    case {one['case_number'] or 'without a number'}, {one['section']}: {one['text']}")


def _path(county: str, relief_id: UUID | None = None, rest: str = "") -> str:
    return f"/v1/counties/{county}/challenges" + (f"/{relief_id}{rest}" if relief_id else "")


def _print(found: dict[str, Any]) -> None:
    print("\n".join(_lines(found["relief"])))
    for each in found["answers"]:
        print(f"    {each['at'][:10]} answered by {each['account']}: {each['text']}")
    for each in found["contacts"]:
        said = f": {each['note']}" if each["note"] else ""
        print(f"    {each['at'][:10]} {each['how']}, {each['outcome'].replace('_', ' ')}{said}")
    if handed := found["handed_over"]:
        whom = f"to {handed['to_account']}" if handed["to_account"] else "for the court to appoint counsel"
        print(f"    {handed['at'][:10]} handed over {whom}{': ' + handed['note'] if handed['note'] else ''}")


def _lines(relief: dict[str, Any]) -> list[str]:
    known, made = relief["conviction"], relief["challenge"]
    ruled = f", {made['ruling']}" if made["ruling"] else ""
    return [
        f"{relief['relief_id']}  case {known['case_number'] or 'without a number'}, {known['section']}, "
        f"{relief['kind']}",
        f"    challenged {made['at'][:10]}: {made['reason_code']}{ruled}",
    ]
