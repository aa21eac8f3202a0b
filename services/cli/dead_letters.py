"""``reliefstream dead-letters``: what a service could not process, after the defect was mended or for good."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

from cyclopts import App, Parameter

from services.cli.addresses import SERVICES
from services.cli.asking import ask
from services.cli.exit import Refused, WrongUsage

app = App(
    name="dead-letters", help="What a service could not process: a defect of ours, kept until worked on."
)
ONE = Annotated[list[str], Parameter(help="as listed: eligibility/12")]
SERVICE = Annotated[str | None, Parameter(help="only this service's")]
REASON = Annotated[str | None, Parameter(help="only those with this reason: defect")]


@app.command(name="list")
def list_(*, service: SERVICE = None, reason: REASON = None, limit: int = 100) -> None:
    """Show open dead letters, without what the records hold."""
    shown = 0
    for letter in _open(service, reason):
        if shown == limit:
            print(f"There are more; --limit {limit} were shown.")
            break
        shown += 1
        print(
            f"{letter['name']}  {letter['at']}  {letter['topic']}/{letter['partition']}@{letter['offset']}  "
            f"{letter['size']} bytes\n    {letter['reason']}: {letter['detail']}"
        )
    if not shown:
        print("No dead letter is open.")


@app.command
def show(letter: str) -> None:
    """Show one dead letter whole, with its record; identifiers of a person included."""
    service, number = _named(letter)
    print(json.dumps(ask(service, "GET", f"/v1/dead-letters/{number}"), indent=2, ensure_ascii=False))


@app.command
def process(
    letters: ONE = [],  # noqa: B006 - cyclopts copies it
    *,
    all_: Annotated[bool, Parameter(name="--all", negative=(), help="every open one")] = False,
    service: SERVICE = None,
    reason: REASON = None,
) -> None:
    """Take dead letters through their service as it is now: after a fix was deployed.

    Exit status 1 when one fails again; it stays open. One that was processed before is not processed twice.
    """
    if bool(letters) == all_:
        raise WrongUsage(
            "Name dead letters (eligibility/12), or give --all, with --service or --reason if need be."
        )
    again = done = 0
    for name in letters or [one["name"] for one in _open(service, reason)]:
        owner, number = _named(name)
        answer = ask(owner, "POST", f"/v1/dead-letters/{number}/process")
        if answer["status"] == "open":
            again += 1
            print(f"{name}: still fails: {answer['reason']}: {answer['detail']}")
        else:
            done += 1
            print(f"{name}: {answer['status']}{' before' if answer.get('before') else ''}")
    print(f"{done} done, {again} still open.")
    if again:
        raise Refused(f"{again} dead letters fail as before.")


@app.command
def discard(
    letters: ONE, *, why: Annotated[str, Parameter(help="kept with each: what it was, and who decided")]
) -> None:
    """Close dead letters that need not be processed; what they hold is kept."""
    for name in letters:
        owner, number = _named(name)
        answer = ask(owner, "POST", f"/v1/dead-letters/{number}/discard", body={"why": why})
        print(f"{name}: {answer['status']}{' before' if answer['before'] else ''}")


def _open(service: str | None, reason: str | None) -> Iterator[dict[str, Any]]:
    if service is not None and service not in SERVICES:
        raise WrongUsage(f"No service {service!r}; there are {', '.join(SERVICES)}")
    for owner in [service] if service else SERVICES:
        after = 0
        while True:
            query = {"reason": reason, "after": after, "limit": 1000}
            page = ask(owner, "GET", "/v1/dead-letters", query=query)["dead_letters"]
            for letter in page:
                yield {**letter, "name": f"{owner}/{letter['id']}"}
            if len(page) < 1000:
                break
            after = page[-1]["id"]


def _named(name: str) -> tuple[str, int]:
    service, _, number = name.partition("/")
    if service not in SERVICES or not (number.isascii() and number.isdigit()):
        raise WrongUsage(
            f"{name!r} names no dead letter: SERVICE/NUMBER, as `reliefstream dead-letters list` shows"
        )
    return service, int(number)
