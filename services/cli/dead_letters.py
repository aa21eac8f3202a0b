"""``reliefstream dead-letters``: records that a service could not process; they are processed again or discarded."""

import json
from collections import Counter
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number

from services.cli.client.dead_letters import EVERY, Choice, named
from services.cli.client.services import ask
from services.cli.terminal.exit import Refused, WrongUsage

app = App(
    name="dead-letters", help="What a service could not process: a defect of ours, kept until worked on."
)
NAMES = Annotated[list[str], Parameter(negative=(), help="as listed: eligibility/12")]
ALL = Annotated[bool, Parameter(name="--all", negative=(), help="every open one that the filters leave")]
STATE = Annotated[
    Literal["open", "processed", "discarded", "all"], Parameter(help="open, processed, discarded, or all")
]


@app.command
def summary(choice: Choice = EVERY, *, state: STATE = "all") -> None:
    """Count dead letters by state, service, consumer, topic, reason and county; open ones first."""
    from services.cli.terminal.tables import a_console, a_table

    counted: Counter[tuple[str, ...]] = Counter()
    oldest: dict[tuple[str, ...], str] = {}
    for one in choice.letters(state):
        kind: tuple[str, ...] = (
            one["state"],
            one["consumer"],
            one["topic"],
            one["reason"],
            one.get("by") or "?",
        )
        counted[kind] += 1
        oldest[kind] = min(oldest.get(kind, one["at"]), one["at"])
    if not counted:
        print("No dead letter.")
        return
    console = a_console()
    table = a_table(console, "state", "consumer", "topic", "reason", "county", "oldest", numbers=["letters"])
    for kind, count in sorted(counted.items(), key=lambda item: (item[0][0] != "open", -item[1], item[0])):
        table.add_row(*kind, oldest[kind], f"{count:,}")
    console.print(table)


@app.command(name="list")
def list_(
    choice: Choice = EVERY,
    *,
    state: STATE = "open",
    limit: Annotated[int, Parameter(help="how many at most", validator=Number(gte=1))] = 100,
    after: Annotated[str | None, Parameter(help="goes on behind this letter: eligibility/12")] = None,
) -> None:
    """Show dead letters, oldest first, without what the records hold."""
    shown, last = 0, ""
    for letter in choice.letters(state, after):
        if shown == limit:
            print(f"There are more: the same command with --after {last}")
            break
        shown, last = shown + 1, letter["name"]
        print(
            f"{last}  {letter['state']}  {letter['at']}  "
            f"{letter['topic']}/{letter['partition']}@{letter['offset']}  "
            f"{letter['size']} bytes\n    {letter['reason']}: {letter['detail']}"
        )
        if letter["state"] != "open":
            by = f", by {letter['ended_by']}" if letter["ended_by"] else ""
            print(f"    {letter['state']} at {letter['ended_at']}: {letter['ended_why']}{by}")
    if not shown:
        print("No dead letter is open." if state == "open" else "No such dead letter.")


@app.command
def show(letter: str) -> None:
    """Show one dead letter whole, with its record; identifiers of a person included."""
    service, number = named(letter)
    print(json.dumps(ask(service, "GET", f"/v1/dead-letters/{number}"), indent=2, ensure_ascii=False))


@app.command
def process(letters: NAMES = [], *, choice: Choice = EVERY, all_: ALL = False) -> None:  # noqa: B006
    """Take dead letters through their service as it is now: after a fix was deployed.

    Exit status 1 when one fails again; it stays open. One that was processed before is not processed twice; an
    interrupted run goes on when it is repeated.
    """
    if bool(letters) == all_:
        raise WrongUsage("Name dead letters (eligibility/12), or give --all, with filters if need be.")
    again = done = 0
    for name in letters or (one["name"] for one in choice.letters()):
        answer = _posted(name, "process")
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
    letters: NAMES = [],  # noqa: B006 - cyclopts copies it
    *,
    choice: Choice = EVERY,
    all_: ALL = False,
    why: Annotated[str, Parameter(help="why it need not be processed; kept with each")],
) -> None:
    """Close dead letters that need not be processed. They are kept: `dead-letters list --state discarded`."""
    if bool(letters) == all_ or (all_ and not choice.named()):
        raise WrongUsage("Name dead letters (eligibility/12), or give --all with at least one filter.")
    for name in letters or [one["name"] for one in choice.letters()]:
        answer = _posted(name, "discard", {"why": why})
        print(f"{name}: {answer['status']}{' before' if answer['before'] else ''}")


def _posted(name: str, what: str, body: dict[str, str] | None = None) -> dict[str, Any]:
    service, number = named(name)
    answer: dict[str, Any] = ask(service, "POST", f"/v1/dead-letters/{number}/{what}", body=body)
    return answer
