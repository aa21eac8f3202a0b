"""``reliefstream replay``: a service's database built anew from the topics, compared, put in the old one's place."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from services.cli.terminal.exit import Refused

if TYPE_CHECKING:
    from services.chassis.rebuild.rebuild import Comparison
    from services.cli.rebuilding.replay_steps import DatabaseReplay

app = App(name="replay", help="A service's database, built anew from the topics while the old one serves.")
Service = Annotated[str, Parameter(help="reconciliation, eligibility or notification")]
Into = Annotated[
    str | None,
    Parameter(help="the new database's name; local servers: one beside the old is made, SERVICE_2 and so on"),
]
Keys = Annotated[Path, Parameter(help="where the keys of what differs go; readable by you alone")]
KEYS = Path("replay-differences.txt")


@app.command
def rebuild(
    service: Service,
    *,
    into: Into = None,
    anew: Annotated[bool, Parameter(negative="", help="drop what an earlier rebuild has built")] = False,
) -> None:
    """Take all that a service has consumed into a new database, while it serves on; one that was stopped goes on."""
    with _replay(service, into) as replaying:
        replaying.rebuild(anew=anew)
    print(f"{replaying.database} is where {service} is. Next: reliefstream replay compare {service}")


@app.command
def compare(service: Service, *, into: Into = None, keys: Keys = KEYS) -> None:
    """Compare the new database with the old one and with what is published. Exit status 1 when they differ."""
    with _replay(service, into) as replaying:
        result = replaying.compare()
    _print(result)
    if not result.equal:
        raise _differs(result, keys)
    print(f"Equal. Next: reliefstream replay switch {service}")


@app.command
def switch(
    service: Service,
    *,
    into: Into = None,
    keys: Keys = KEYS,
    publish_differences: Annotated[
        bool,
        Parameter(negative="", help="switch although they differ; what differs is published as new versions"),
    ] = False,
) -> None:
    """Compare, stop the service, bring the new database up to date, and run the service on it.

    The old database is kept, and no service can publish from it any more. Where the services are not the local
    ones, stop all replicas of this one before, and give them the new URL afterwards.
    """

    def decide(result: "Comparison | None") -> None:
        if result is None:
            print("An earlier switch was cut off after it had compared; this one ends it.")
            return
        _print(result)
        if not (result.equal or publish_differences):
            raise _differs(result, keys)

    with _replay(service, into) as replaying:
        published = replaying.switch(decide)
    print(
        f"{published} events are published as new versions."
        if published
        else "Nothing differs from what is published."
    )
    if replaying.until_ready():
        print(f"{service} runs on {replaying.database}. The old database is kept.")
    else:
        print(
            f"Start {service} with RELIEFSTREAM_DATABASE_URL naming {replaying.database}. The old database is kept."
        )


@contextmanager
def _replay(service: str, into: str | None) -> "Iterator[DatabaseReplay]":
    from services.cli.rebuilding.replay_steps import DatabaseReplay
    from services.cli.terminal.progress_bar import step_line

    with step_line("starting") as told:
        yield DatabaseReplay(service, into, told)


def _print(result: "Comparison") -> None:
    for table, each in result.tables.items():
        print(
            f"{table}: {each.equal} equal, {len(each.differing)} differing, {len(each.missing)} missing, "
            f"{len(each.additional)} additional"
        )
    print(f"otherwise than published: {len(result.to_publish)} events")


def _differs(result: "Comparison", keys: Path) -> Refused:
    from services.chassis.runtime.private_file import write_private

    lines = [
        f"{table}\t{how}\t{key}"
        for table, each in result.tables.items()
        for how in ("differing", "missing", "additional")
        for key in getattr(each, how)
    ]
    lines += [f"{topic}\tto publish\t{key}" for topic, key in result.to_publish]
    write_private(keys, "".join(f"{line}\n" for line in lines))
    return Refused(f"They differ; the keys are in {keys}. To switch all the same: --publish-differences")
