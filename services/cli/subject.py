"""``reliefstream subject``: one subject through the services, and what a person decides about two."""

import json
from typing import Annotated
from uuid import UUID

from cyclopts import App, Parameter

from services.cli.client.addresses import addresses
from services.cli.client.services import ask, ask_if_known
from services.cli.terminal.exit import Refused, WrongUsage

subject = App(name="subject", help="One subject: records, links and why, determinations, relief.")
OTHERS = ("eligibility", "relief", "notification")


@subject.command
def show(
    subject_id: UUID,
    *,
    as_json: Annotated[
        bool, Parameter("--json", negative="", help="what each service answers, as JSON")
    ] = False,
) -> None:
    """Show one subject and why its records are one person's; a retired id leads to its successor."""
    from rich.console import Console

    from services.cli.printed.subject_report import report

    found = addresses()
    known = ask_if_known("reconciliation", f"/v1/subjects/{subject_id}", found=found)
    if known is None:
        raise Refused(f"No subject {subject_id}. List them: reliefstream export subjects --out subjects.csv")
    current = f"/v1/subjects/{known['subject_id']}"
    answers = {service: ask_if_known(service, current, found=found) for service in OTHERS}
    told = {"reconciliation": known} | answers
    if as_json:
        Console(soft_wrap=True).print_json(json.dumps(told))
        return
    for line in report(told):
        print(line)


@subject.command
def link(
    one: Annotated[str, Parameter(help="a subject's id or a record's key, as subject show prints them")],
    other: Annotated[
        str, Parameter(help="another one, or the subject that a record is to be separated from")
    ],
    *,
    same: Annotated[bool, Parameter(negative="", help="they are one person")] = False,
    apart: Annotated[bool, Parameter(negative="", help="they are two persons")] = False,
    reason: Annotated[str, Parameter(help="why; it is always shown with the link")],
) -> None:
    """Decide whether two subjects, or records, are one person or two. The decision holds whatever comes later."""
    if same == apart:
        raise WrongUsage("Say one of --same and --apart.")
    body = {"one": one, "other": other, "same": same, "reason": reason}
    subjects = ask("reconciliation", "POST", "/v1/link-decisions", body=body)["subjects"]
    now = "one subject now" if len(subjects) == 1 else f"{len(subjects)} subjects now"
    print(f"Kept. These records are of {now}: {', '.join(subjects)}")
