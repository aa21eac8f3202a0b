"""``reliefstream lost-records``: what a topic lost before a service consumed it; an alarm until acknowledged."""

from typing import Annotated, Any

from cyclopts import App, Parameter

from services import SERVICES
from services.cli.client.services import ask
from services.cli.terminal.exit import WrongUsage

app = App(
    name="lost-records",
    help="What a topic lost before a service consumed it: an alarm until it is acknowledged.",
)


@app.command(name="list")
def list_(
    *, all_: Annotated[bool, Parameter(name="--all", negative=(), help="acknowledged ones as well")] = False
) -> None:
    """Show topic, partition and offsets of lost records, service by service, oldest first."""
    query = {"acknowledged": "true"} if all_ else {}
    shown = 0
    for service in SERVICES:
        for gap in ask(service, "GET", "/v1/lost-records", query=query)["lost_records"]:
            shown += 1
            print(_line(f"{service}/{gap['id']}", gap))
    if not shown:
        print("No lost records." if all_ else "No lost records are unacknowledged.")


@app.command
def acknowledge(
    names: Annotated[list[str], Parameter(negative=(), help="as listed: ingest/3")],
    *,
    why: Annotated[str, Parameter(help="what was done about them; kept with each")],
) -> None:
    """End the alarm: the senders were asked, or nothing was in them. They stay listed with --all."""
    for name in names:
        service, number = _named(name)
        answer = ask(service, "POST", f"/v1/lost-records/{number}/acknowledge", body={"why": why})
        print(f"{name}: acknowledged{' before' if answer['before'] else ''}")


def _line(name: str, gap: dict[str, Any]) -> str:
    lost = gap["to_offset"] - gap["from_offset"]
    line = (
        f"{name}  {gap['topic']}/{gap['partition']}  at most {lost:,} records: offset {gap['from_offset']} to "
        f"{gap['to_offset'] - 1}  noticed {gap['noticed_at']}"
    )
    if gap["acknowledged_at"]:
        by, why = gap["acknowledged_by"], gap["acknowledged_why"]
        line += f"\n    acknowledged at {gap['acknowledged_at']} by {by}: {why}"
    return line


def _named(name: str) -> tuple[str, int]:
    service, _, number = name.partition("/")
    if service not in SERVICES or not (number.isascii() and number.isdigit()):
        raise WrongUsage(
            f"{name!r} names no lost records: SERVICE/NUMBER, as `reliefstream lost-records list` shows"
        )
    return service, int(number)
