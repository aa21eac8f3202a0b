"""``reliefstream subject``: one subject through the services, and what a person decides about two."""

import json
from typing import Annotated, Any
from uuid import UUID

import httpx
from cyclopts import App, Parameter
from rich.console import Console

from services.cli.client.addresses import Addresses, addresses
from services.cli.client.request import ask
from services.cli.subject.report import report
from services.cli.terminal.exit import Refused, ServerMissing, WrongUsage

subject = App(name="subject", help="One subject: records, links and why, determinations, relief.")
PARTS = ("reconciliation", "eligibility", "relief", "notification")


def found_at(found: Addresses, service: str, subject_id: str) -> Any:
    """What one service knows of a subject; None when it knows nothing. Raises ServerMissing."""
    try:
        with found.client(service) as client:
            answer = client.get(f"/v1/subjects/{subject_id}")
    except httpx.TransportError:
        raise ServerMissing(f"{service} does not answer. Start it: reliefstream up") from None
    if answer.status_code == httpx.codes.NOT_FOUND:
        return None
    answer.raise_for_status()
    return answer.json()


@subject.command
def show(
    subject_id: UUID,
    *,
    as_json: Annotated[
        bool, Parameter("--json", negative="", help="what each service answers, as JSON")
    ] = False,
) -> None:
    """Show one subject and why its records are one person's; a retired id leads to its successor."""
    found = addresses()
    first = found_at(found, "reconciliation", str(subject_id))
    if first is None:
        raise Refused(f"No subject {subject_id}. List them: reliefstream export subjects --out subjects.csv")
    current = str(first.get("subject_id", subject_id)) if isinstance(first, dict) else str(subject_id)
    told = {PARTS[0]: first} | {service: found_at(found, service, current) for service in PARTS[1:]}
    if as_json:
        Console(soft_wrap=True).print_json(json.dumps(told))
        return
    for line in report(told):
        print(line)


@subject.command
def link(
    one: Annotated[str, Parameter(help="a subject's id or a record's key, as subject show prints them")],
    other: Annotated[str, Parameter(help="another one, or the subject that a record is to be parted from")],
    *,
    same: Annotated[bool, Parameter(negative="", help="they are one person")] = False,
    apart: Annotated[bool, Parameter(negative="", help="they are two persons")] = False,
    by: Annotated[str, Parameter(help="who decides")],
    reason: Annotated[str, Parameter(help="why; it is shown with the link for ever")],
) -> None:
    """Decide that two subjects, or records, are one person's or two persons'. It holds whatever comes later."""
    if same == apart:
        raise WrongUsage("Say one of --same and --apart.")
    body = {"one": one, "other": other, "same": same, "by": by, "reason": reason}
    subjects = ask("reconciliation", "POST", "/v1/link-decisions", body=body)["subjects"]
    now = "one subject now" if len(subjects) == 1 else f"{len(subjects)} subjects now"
    print(f"Kept. These records are of {now}: {', '.join(subjects)}")
