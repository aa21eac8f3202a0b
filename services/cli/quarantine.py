"""``reliefstream quarantine``: what was refused at the door, and sending it through again."""

import json
from uuid import UUID

from cyclopts import App

from services.cli.asking import ask
from services.cli.exit import Refused

app = App(name="quarantine", help="What was refused at the door, and why.")


@app.command(name="list")
def list_(*, county: str | None = None, reason: str | None = None, limit: int = 100) -> None:
    """Show refused messages, oldest first.

    Parameters
    ----------
    county
        Only this county's.
    reason
        Only those with this problem: column_count.
    limit
        How many at most, up to 1000.
    """
    query = {"county": county, "reason": reason, "limit": limit}
    entries = ask("ingest", "GET", "/v1/quarantine", query=query)["quarantine"]
    for entry in entries:
        print(
            entry["quarantine_id"],
            entry["status"],
            entry["county"],
            entry["format"] or "?",
            entry["receipt_id"],
        )
        for problem in entry["problems"][:3]:
            print(f"    {problem['code']}: {problem['where']}: {problem['what']}")
        if len(entry["problems"]) > 3:
            print(f"    and {len(entry['problems']) - 3} more")
    print(
        f"{len(entries)} shown, {limit} at most (--limit). One of them: reliefstream quarantine show ID; all of them: "
        "reliefstream export quarantine --out FILE"
        if entries
        else "Nothing is refused."
    )


@app.command
def show(quarantine_id: UUID) -> None:
    """Show one refused message whole, with every problem and what to do; identifiers of a person included."""
    print(json.dumps(ask("ingest", "GET", f"/v1/quarantine/{quarantine_id}"), indent=2, ensure_ascii=False))


@app.command
def resubmit(quarantine_ids: list[UUID]) -> None:
    """Send refused messages through the door again, as it is now. Exit status 1 when one is refused again."""
    again = 0
    for quarantine_id in quarantine_ids:
        answer = ask("ingest", "POST", f"/v1/quarantine/{quarantine_id}/resubmit")
        receipt = answer.get("receipt")
        again += answer["status"] == "open"
        print(quarantine_id, receipt["status"] if receipt else "was resubmitted before")
        for problem in receipt["problems"] if receipt else ():
            print(f"    {problem['code']}: {problem['where']}: {problem['what']}; {problem['remedy']}")
    if again:
        raise Refused(f"{again} of {len(quarantine_ids)} refused again.")
