"""``reliefstream subject show``: one subject through the services."""

import json
from typing import Any
from uuid import UUID

import httpx
from cyclopts import App
from rich.console import Console

from services.cli.addresses import Addresses, addresses
from services.cli.exit import Refused, ServerMissing

subject = App(name="subject", help="One subject: records, links and why, determinations, relief.")
PARTS = {
    "reconciliation": "Records, links and convictions",
    "eligibility": "Determinations",
    "relief": "Relief",
    "notification": "Dismissal events",
}


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
def show(subject_id: UUID) -> None:
    """Show one subject, as each service knows it; a retired id leads to its successor."""
    found, console = addresses(), Console(soft_wrap=True)
    first = found_at(found, "reconciliation", str(subject_id))
    if first is None:
        raise Refused(f"No subject {subject_id}. List them: reliefstream export subjects --out subjects.csv")
    current = str(first.get("subject_id", subject_id)) if isinstance(first, dict) else str(subject_id)
    for service, title in PARTS.items():
        console.rule(f"{title} ({service})", align="left")
        console.print_json(json.dumps(found_at(found, service, current)))
