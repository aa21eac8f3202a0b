"""`reliefstream up` and `down`: the local servers and services in the background."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from deploy.local.layout import REPOSITORY, Layout
from deploy.local.plan import reliefstream_plan
from deploy.local.servers.requirements import ServerMissingError
from deploy.local.supervision import control
from deploy.local.supervision.control import OtherPlanError, ProcessStatus

DONE, WRONG_USAGE, MISSING = 0, 2, 3
START = "Start them: reliefstream up"


def local_root() -> Path:
    """The local servers' folder: RELIEFSTREAM_LOCAL, else `.local` of this clone, else of this directory."""
    named = os.environ.get("RELIEFSTREAM_LOCAL")
    if named:
        return Path(named).absolute()
    clone = REPOSITORY if (REPOSITORY / "pyproject.toml").is_file() else Path.cwd()
    return clone / ".local"


def up(
    *,
    as_of: date | None = None,
    policy: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    jars: Annotated[Path | None, Parameter(show=False)] = None,
) -> int:
    """Start Postgres, Kafka and the five services on this machine, in the background.

    All listen on 127.0.0.1 only; their state lies under .local/ and is kept. Running twice is harmless.

    Parameters
    ----------
    as_of
        The date that the services judge by, for trials (else today in the county).
    policy
        COUNTY=POLICY: a policy other than the one in force on that date.
    jars
        Kafka's jars, when they lie elsewhere than in the local folder.
    """
    chosen: dict[str, str] = {}
    for each in policy:
        county, sign, name = each.partition("=")
        if not (county and sign and name):
            return _refuse(
                f"--policy {each}: write COUNTY=POLICY, such as los-angeles=los-angeles-2021", WRONG_USAGE
            )
        chosen[county] = name
    layout = Layout(local_root())
    plan = reliefstream_plan(layout, as_of, chosen)
    plan = plan.model_copy(update={"jars": jars or plan.jars})
    try:
        with _progress() as say:
            started = control.up(layout, plan, os.environ, say)
    except OtherPlanError as fault:
        return _refuse(str(fault), WRONG_USAGE)
    except ServerMissingError as fault:
        return _refuse(str(fault), MISSING)
    print("The servers and services are up." if started else "The servers and services were up already.")
    print_processes(control.status(layout), layout)
    return DONE


def down() -> int:
    """Stop the services, then Kafka, then Postgres; their state is kept."""
    try:
        with _progress() as say:
            stopped = control.down(Layout(local_root()), say)
    except ServerMissingError as fault:
        return _refuse(str(fault), MISSING)
    print("Stopped; the state is kept." if stopped else "Nothing was running.")
    return DONE


def print_processes(found: list[ProcessStatus], layout: Layout) -> None:
    """The local processes as a table, what they judge by, and where their logs are."""
    table = Table("process", "pid", "up since", "restarts", "ready", "address", box=None, pad_edge=False)
    for each in found:
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(each.since)) if each.since else ""
        ready = "yes" if each.ready else "no"
        table.add_row(each.name, str(each.pid or ""), since, str(each.restarts), ready, each.address)
    Console(width=max(Console().width, 140)).print(table)  # an address that is cut is of no use
    plan = control.progress(layout).get("plan", {})
    if plan.get("as_of"):
        print(f"judging as of {plan['as_of']}")
    for county, name in plan.get("policy", {}).items():
        print(f"policy of {county}: {name}")
    print(f"logs: {layout.logs}")


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with console.status("starting") as line:
        yield line.update


def _refuse(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code
