"""`reliefstream up` and `down`: the local servers and services in the background."""

import os
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from services import CONSOLE
from services.cli.client.local_root import local_root
from services.cli.terminal.exit import ServerMissing, WrongUsage, ends_as


def up(
    *,
    as_of: Annotated[
        date | None,
        Parameter(help="the day that the services judge for, for trials (else today in the county)"),
    ] = None,
    policy: Annotated[
        tuple[str, ...],
        Parameter(negative=(), help="COUNTY=POLICY: a policy other than the one in force on that day"),
    ] = (),
    jars: Annotated[Path | None, Parameter(show=False)] = None,
) -> None:
    """Start Postgres, Kafka and the five services on this machine, in the background.

    All listen on 127.0.0.1 only, without TLS; their state lies under .local/ and is kept. Running twice is harmless.
    """
    from deploy.local import addresses
    from deploy.local.layout import Layout
    from deploy.local.plan import reliefstream_plan
    from deploy.local.servers.requirements import ServerMissingError
    from deploy.local.supervision import control
    from services.cli.printed.processes import print_processes
    from services.cli.printed.trial_people import print_people
    from services.cli.terminal.progress_bar import step_line

    chosen: dict[str, str] = {}
    for each in policy:
        county, sign, name = each.partition("=")
        if not (county and sign and name):
            raise WrongUsage(f"--policy {each}: write COUNTY=POLICY, such as los-angeles=los-angeles-2021")
        chosen[county] = name
    layout = Layout(local_root())
    plan = reliefstream_plan(layout, as_of, chosen)
    plan = plan.model_copy(update={"jars": (jars or plan.jars).resolve()})
    with (
        ends_as(WrongUsage, control.OtherPlanError),
        ends_as(ServerMissing, ServerMissingError),
        step_line("starting") as told,
    ):
        started = control.up(layout, plan, os.environ, told)
    print("The servers and services are up." if started else "The servers and services were up already.")
    print_processes(control.status(layout), layout)
    found = addresses.read(layout.root)
    if CONSOLE in found.http:  # servers of an earlier version may run already
        print(f"offices work in a browser at {found.http[CONSOLE]}")
    print_people(found.sign_in)


def down() -> None:
    """Stop the services, then Kafka, then Postgres; their state is kept."""
    from deploy.local.layout import Layout
    from deploy.local.servers.requirements import ServerMissingError
    from deploy.local.supervision import control
    from services.cli.terminal.progress_bar import step_line

    with ends_as(ServerMissing, ServerMissingError), step_line("stopping") as told:
        stopped = control.down(Layout(local_root()), told)
    print("Stopped; the state is kept." if stopped else "Nothing was running.")
