"""``reliefstream seal``: dismissals that every source shows are sealed: each service forgets the conviction."""

import json
import time
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from cyclopts import App, Parameter

from services.cli.client.known_county import OneCounty
from services.cli.client.services import ask
from services.cli.seal_prove import prove
from services.cli.seal_rewrite import rewrite
from services.cli.terminal.exit import WrongUsage

seal = App(
    name="seal",
    help="Sealing of dismissed convictions: what is due, what the others wait for, legal holds, mistakes.",
)
seal.command(prove)
seal.command(rewrite)
RELIEF = Annotated[UUID, Parameter(help="the relief's id, as order find shows it")]
JSON = Annotated[bool, Parameter("--json", negative="", help="the service's answer, as JSON")]
WAITS_FOR = {
    "legal_hold": "under a legal hold",
    "discrepancy": "with an open discrepancy",
    "court_record": "until the court's record shows it",
    "doj_record": "until DOJ's record shows it",
    "just_shown": "for an hour, as a record shows it only now",
    "person": "until the person is told, or the county's time has passed",
}
Stage = Literal[
    "legal_hold", "discrepancy", "court_record", "doj_record", "just_shown", "person", "due", "being_sealed"
]
PAUSE_S = 0.5
ASKED_AT_MOST = 5
"""The command waits so many times as long as an answer took, before it asks again."""


@seal.command
def status(*, county: OneCounty, as_json: JSON = False) -> None:
    """Show how many dismissals of a county are sealed, being sealed and due, and what the others wait for."""
    found = ask("relief", "GET", _of(county))
    print(json.dumps(found)) if as_json else _print(found)


@seal.command(name="list")
def list_(
    *,
    county: OneCounty,
    stage: Annotated[Stage | None, Parameter(help="what it waits for")] = None,
    case: Annotated[str | None, Parameter(help="the case number, as the court writes it")] = None,
    as_json: JSON = False,
) -> None:
    """List the dismissals of a county that are not sealed yet, and what each waits for."""
    after, some = None, False
    while True:
        query = {"stage": stage, "case_number": case, "after": after}
        found = ask("relief", "GET", f"{_of(county)}/dismissals", query=query)
        for one in found["dismissals"]:
            print(json.dumps(one) if as_json else _line(one))
        some = some or bool(found["dismissals"])
        if not (after := found["next"]):
            break
    if not (some or as_json):
        print("No dismissal that is not sealed yet, of this county, stage and case number.")


@seal.command
def certificate(relief_id: RELIEF, /, *, out: Path, name: str = "") -> None:
    """Write a certificate of relief as PDF, for the person, before anything is forgotten.

    Parameters
    ----------
    out
        The file.
    name
        The person's name; left out, there is a line to write it on.
    """
    from services.chassis.runtime.private_file import write_private
    from services.console.paper import (
        certificate as paper,  # not above: no other command needs what it imports
    )
    from services.console.paper.print import print_paper

    found = ask("relief", "POST", f"/v1/reliefs/{relief_id}/certificate")
    made = print_paper("certificate", paper.said(found, name))
    try:
        write_private(out, made)
    except OSError as error:
        raise WrongUsage(f"--out {out}: {error.strerror}") from None
    print(f"Certificate in {out}. When the person has it: reliefstream seal told {relief_id}")


@seal.command
def verify(
    *, county: OneCounty, code: str, section: str, case: str | None = None, convicted_on: date | None = None
) -> None:
    """Tell whether a certificate of relief is genuine, also once its conviction is sealed.

    Parameters
    ----------
    code
        The code on the certificate.
    section
        The section, as it stands there.
    case
        The case number; left out where the certificate has none.
    convicted_on
        The day of conviction, as 1999-01-15; left out where the certificate has none.
    """
    body = {"code": code, "section": section, "case_number": case}
    body["conviction_date"] = convicted_on.isoformat() if convicted_on else None
    found = ask("relief", "POST", f"/v1/counties/{quote(county, safe='')}/certificates/verify", body=body)
    print(f"Genuine: order {found['order_number']} of {found['ordered_on']}.")
    print(f"Sealed on {found['sealed_on']}." if found["sealed_on"] else "Not sealed yet.")


@seal.command
def run(*, county: OneCounty) -> None:
    """Seal now what is due in a county, and wait until every service has forgotten it."""
    begun, left = time.monotonic(), None
    found = ask("relief", "POST", _of(county))
    # Where nothing is being sealed and as many are due as before, the service has set them aside because of a defect.
    while found["being_sealed"] or (found["due"] and found["due"] != left):
        # Counting a large county's dismissals takes the service some time itself.
        time.sleep(max(PAUSE_S, ASKED_AT_MOST * (time.monotonic() - begun)))
        begun, left = time.monotonic(), found["due"]
        found = ask("relief", "POST" if left else "GET", _of(county))
    _print(found)


@seal.command
def now(relief_id: RELIEF, /, *, reason: str) -> None:
    """Seal one dismissal at once, for good: not under a legal hold, nor one whose order the prosecution looks at."""
    ask("relief", "POST", f"/v1/reliefs/{relief_id}/seal", body={"reason": reason})
    print(
        "It is being sealed: every service forgets the conviction. reliefstream seal status shows when it is."
    )


@seal.command
def hold(relief_id: RELIEF, /, *, reason: str) -> None:
    """Keep a conviction from being sealed, for a litigation or an audit of the court."""
    held = ask("relief", "POST", f"/v1/reliefs/{relief_id}/legal-hold", body={"reason": reason})["legal_hold"]
    print(f"It is under a legal hold since {held['at'][:10]}.")


@seal.command
def release(relief_id: RELIEF, /) -> None:
    """End a legal hold."""
    ask("relief", "POST", f"/v1/reliefs/{relief_id}/legal-hold/end")
    print("The legal hold is ended: it is sealed once it is due.")


@seal.command
def told(relief_id: RELIEF, /, *, on: date | None = None) -> None:
    """Note that the person was told of the dismissal. What every source shows is sealed then.

    Parameters
    ----------
    on
        The day; left out: today.
    """
    body = {"on": on.isoformat() if on else None}
    print(f"Told on {ask('relief', 'POST', f'/v1/reliefs/{relief_id}/told', body=body)['told_on']}.")


@seal.command
def find(*, county: OneCounty, case: str, section: str | None = None) -> None:
    """Find the seals on a case, by its number: one of them may be a mistake.

    Parameters
    ----------
    case
        The case number, as the court writes it.
    section
        The section of the sealed conviction with its code, such as "HS 11359"; left out: any.
    """
    body = {"case_number": case, "section": section}
    found = ask("ingest", "POST", f"/v1/counties/{quote(county, safe='')}/seals/find", body=body)["reliefs"]
    none = "No conviction of this case is sealed here."
    if section:
        none = 'No conviction of this case and section is sealed here. Write the section with its code, as "HS 11359".'
    print("\n".join(found) or none)


@seal.command
def remove(relief_id: RELIEF, /, *, reason: str) -> None:
    """Take away a seal that was a mistake: the conviction is taken in again once its sources send it again."""
    ask("ingest", "POST", f"/v1/seals/{relief_id}/remove", body={"reason": reason})
    print("The seal is taken away. Now have the court and DOJ send their records of the case again.")


def _of(county: str) -> str:
    return f"/v1/counties/{county}/seals"


def _line(one: dict[str, Any]) -> str:
    stage = {"due": "due", "being_sealed": "being sealed"}.get(one["stage"])
    case = one["case_number"] or "without a case number"
    told = stage or f"waits {WAITS_FOR[one['stage']]}"
    line = f"{one['relief_id']}  {case}  {one['section']}  {told}"
    if one["stage"] != "discrepancy":
        return line
    return line + "".join(f", {each['kind']} {each['discrepancy_id']}" for each in one["discrepancies"])


def _print(found: dict[str, Any]) -> None:
    print(f"sealed        {found['sealed']}")
    print(f"being sealed  {found['being_sealed']}")
    for one in found["missing"]:
        since = one["since"][:16].replace("T", " ")
        print(f"  not forgotten by {one['service']} yet: {one['convictions']}, the oldest since {since} UTC")
    print(f"due           {found['due']}")
    for reason, number in sorted(found["waiting"].items()):
        print(f"waiting       {number} {WAITS_FOR[reason]}")
