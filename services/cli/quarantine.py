"""``reliefstream quarantine``: what was refused at intake, and sending it through again."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from cyclopts import App, Parameter
from cyclopts.validators import Number

from services.chassis.runtime.private_file import private_file
from services.cli.client.quarantine_filter import EVERY, Choice, options
from services.cli.client.services import ask
from services.cli.terminal.exit import Refused, ServerMissing, WrongUsage

app = App(
    name="quarantine", help="What was refused at intake, and why; it stays until somebody has dealt with it."
)
PAGE = 200
IDS = Annotated[list[UUID], Parameter(negative=(), help="as `quarantine list` shows them")]
ALL = Annotated[bool, Parameter(name="--all", negative=(), help="every open one that the filters leave")]
STATE = Annotated[
    Literal["open", "resubmitted", "superseded", "discarded", "all"],
    Parameter(help="open, resubmitted, superseded (the county sent it right), discarded, or all"),
]
PROFILE = Annotated[str | None, Parameter(help="only those sent by this profile")]


@app.command
def summary(choice: Choice = EVERY, *, state: STATE = "all", profile: PROFILE = None) -> None:
    """Count what was refused by state, county, reason, field and day; open ones first."""
    from services.cli.printed.quarantine_entries import print_summary

    query = {**choice.query(), "state": _state(state), "profile": profile}
    found = ask("ingest", "GET", "/v1/quarantine/summary", query=query)
    print_summary(found)
    worst = next((one for one in found["reasons"] if one["state"] == "open"), None)
    if worst:
        named = {name: worst[name] for name in ("county", "reason", "field") if worst[name]}
        print(f"\nThe first of them: reliefstream quarantine list{options(named)}")


@app.command(name="list")
def list_(
    choice: Choice = EVERY,
    *,
    state: STATE = "open",
    profile: PROFILE = None,
    limit: Annotated[
        int, Parameter(help="how many at most, up to 1000", validator=Number(gte=1, lte=1000))
    ] = 100,
    after: Annotated[str | None, Parameter(help="goes on behind a page: as that page said")] = None,
) -> None:
    """Show what was refused, oldest first, a page at a time."""
    from services.cli.printed.quarantine_entries import listed

    query = {**choice.query(), "state": _state(state), "profile": profile, "limit": limit, "after": after}
    found = ask("ingest", "GET", "/v1/quarantine", query=query)
    entries = found["quarantine"]
    for entry in entries:
        print("\n".join(listed(entry)))
    if not entries:
        print("Nothing (more) like this is in quarantine.")
        return
    print(f"{len(entries)} shown. One of them with what was sent: reliefstream quarantine show ID")
    if found["next"]:
        print(f"There may be more: the same command with --after {found['next']}")


@app.command
def show(
    quarantine_id: UUID,
    *,
    out: Annotated[
        Path | None, Parameter(help="write what was sent to this file, for you alone to read")
    ] = None,
    json_output: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> None:
    """Show one refused message whole: every problem, what to do, its history; identifiers of a person included."""
    from services.cli.printed.quarantine_entries import whole

    entry = ask("ingest", "GET", f"/v1/quarantine/{quarantine_id}")
    if out is not None:
        with private_file(out) as file:
            file.write(entry["raw"])
        print(f"What was sent is in {out}.")
        return
    print(json.dumps(entry, indent=2, ensure_ascii=False) if json_output else "\n".join(whole(entry)))


@app.command
def resubmit(
    quarantine_ids: IDS = [],  # noqa: B006 - cyclopts copies it
    *,
    choice: Choice = EVERY,
    all_: ALL = False,
    try_: Annotated[
        bool, Parameter(name="--try", negative=(), help="say what would pass now; change nothing")
    ] = False,
    profile: Annotated[
        str | None,
        Parameter(help="read court feeds by this profile instead of theirs; `none`: the strict JSON"),
    ] = None,
    sent_profile: PROFILE = None,
) -> None:
    """Send what was refused through intake again, as it is now: after a fix, or a corrected profile.

    What passes is recorded once, however often this is repeated; an interrupted run goes on when it is repeated.
    Exit status 1 when something is refused again.
    """
    from services.cli.printed.resubmission import Tally

    query: dict[str, Any] = {**choice.query(), "sent_profile": sent_profile}
    named = {name: value for name, value in query.items() if value}
    if bool(quarantine_ids) == all_ or (quarantine_ids and named):
        raise WrongUsage("Name entries, or give --all, with --county, --reason and so on if need be.")
    body = {name: value for name, value in {"try": try_, "profile": profile}.items() if value}
    tally = Tally(trial=try_)
    try:
        for told in _named(quarantine_ids, body) if quarantine_ids else _all(named, body):
            tally.add(told)
            if quarantine_ids:
                print(told["quarantine_id"], told["outcome"])
    except (ServerMissing, KeyboardInterrupt):
        print("\n".join(tally.lines()))
        print("Interrupted; the same command goes on.")
        raise
    if not tally.total:
        print("Nothing like this is open: nothing to do.")
        return
    print("\n".join(tally.lines()))
    if tally.refused:
        raise Refused(f"{tally.refused:,} of {tally.total:,} {'would be ' if try_ else ''}refused again.")


@app.command
def tell_apart(
    quarantine_id: UUID,
    *,
    as_: Annotated[
        Literal["another-person", "another-conviction"],
        Parameter(
            name="--as", help="whose it is: another person's, or another conviction of the same person"
        ),
    ],
    basis: Annotated[str, Parameter(help="by which paper or register that is known; it names no person")],
) -> None:
    """Say that what may be a sealed conviction (`may_be_sealed`) is another one, and take the entry in.

    What its source sends again of it is taken in, too, until something of the count or the person changes.
    Exit status 1 when it is refused for another reason.
    """
    from services.cli.printed.resubmission import Tally

    body = {"what": as_.replace("-", "_"), "basis": basis}
    told = ask("ingest", "POST", f"/v1/quarantine/{quarantine_id}/tell-apart", body=body)
    tally = Tally(trial=False)
    tally.add(told)
    print("\n".join(tally.lines()))
    if tally.refused:
        raise Refused("It is refused for another reason.")


@app.command
def discard(
    quarantine_ids: IDS = [],  # noqa: B006 - cyclopts copies it
    *,
    choice: Choice = EVERY,
    all_: ALL = False,
    profile: PROFILE = None,
    why: Annotated[str, Parameter(help="why it need not be recorded; kept with each")],
) -> None:
    """Close what need not be recorded. It is kept, with who and why: `quarantine list --state discarded`."""
    named = {name: value for name, value in {**choice.query(), "profile": profile}.items() if value}
    if bool(quarantine_ids) == all_ or (all_ and not named):
        raise WrongUsage(
            "Name entries, or give --all with at least one filter: --county, --reason and so on."
        )
    said = {"why": why}
    bodies: list[dict[str, Any]] = [{**named, **said}]
    if quarantine_ids:
        bodies = [{"ids": [str(each) for each in some], **said} for some in _pages(quarantine_ids)]
    answers = [ask("ingest", "POST", "/v1/quarantine/discard", body=body) for body in bodies]
    done = sum(answer["discarded"] for answer in answers)
    missing = [one for answer in answers for one in answer.get("unknown", ())]
    print(f"{done:,} discarded.")
    if (left := len(set(quarantine_ids)) - done - len(missing)) > 0:
        print(f"{left:,} were not open: nothing changed for them.")
    if missing:
        raise Refused(f"No such entry: {', '.join(missing)}. See: reliefstream quarantine list")


def _named(quarantine_ids: list[UUID], body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for some in _pages(quarantine_ids):
        ids = [str(each) for each in some]
        found = ask("ingest", "POST", "/v1/quarantine/resubmit", body={"ids": ids, **body})["entries"]
        missing = sorted(set(ids) - {one["quarantine_id"] for one in found})
        yield from found
        if missing:
            raise Refused(f"No such entry: {', '.join(missing)}. See: reliefstream quarantine list")


def _all(named: dict[str, Any], body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Page by page, each one transaction."""
    from services.cli.terminal.progress_bar import progress_bar

    counted = {name.removeprefix("sent_"): value for name, value in named.items()}
    states = ask("ingest", "GET", "/v1/quarantine/summary", query={**counted, "state": "open"})["states"]
    total, done, after = sum(one["entries"] for one in states), 0, None
    with progress_bar() as told:
        while True:
            page = {**(named or {"all": True}), **body, "limit": PAGE, "after": after}
            answer = ask("ingest", "POST", "/v1/quarantine/resubmit", body=page)
            yield from answer["entries"]
            done += len(answer["entries"])
            told("trying", done / max(total, done, 1))
            after = answer["next"]
            if after is None:
                return


def _state(state: str) -> str | None:
    return None if state == "all" else state


def _pages(quarantine_ids: list[UUID]) -> Iterator[list[UUID]]:
    left = iter(quarantine_ids)
    while some := list(islice(left, PAGE)):
        yield some
