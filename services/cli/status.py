"""``reliefstream status``: live in a terminal, once elsewhere."""

import json
import os
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deploy.local.layout import Layout
from services.cli.client.local_root import local_root
from services.cli.terminal.exit import ServerMissing

if TYPE_CHECKING:
    from deploy.local.supervision.process_status import ProcessStatus
    from services.cli.monitoring.scrape import Look

START = "Start them: reliefstream up"
ELSEWHERE = "They are those that RELIEFSTREAM_KAFKA_BOOTSTRAP and the like name; start them there: docker compose up -d"


def status(
    *,
    once: Annotated[
        bool, Parameter(negative=(), help="show it once and end, as where the output is no terminal")
    ] = False,
    rates: Annotated[
        bool, Parameter(negative=(), help="with --once or --json: wait a second, and show records/s too")
    ] = False,
    json_output: Annotated[
        bool, Parameter(name="--json", negative=(), help="print JSON instead, once")
    ] = False,
) -> None:
    """Show what runs, what waits and since when, how fast it goes, and what is open.

    In a terminal it is shown anew each second until q or Ctrl-C. Everything comes from the services' metrics: the age
    of the oldest record, and what waits for a service that is down, are up to 15 seconds old. The servers are those
    that the environment names (RELIEFSTREAM_INGEST_URL and so on), else the local ones. Exit status 0 when all answer,
    3 when not.
    """
    local = "RELIEFSTREAM_KAFKA_BOOTSTRAP" not in os.environ
    layout = Layout(local_root())
    if local and not layout.state.exists():
        if json_output:
            print(json.dumps({"root": str(layout.root), "processes": []}, indent=2))
        raise ServerMissing(f"Not ready: the servers were never started. {START}")

    from rich.console import Console

    from services.cli.client.addresses import addresses
    from services.cli.monitoring.scrape import look
    from services.cli.monitoring.summary import summary
    from services.cli.printed.processes import print_processes
    from services.cli.printed.status_screen import shown

    console, found = Console(), addresses()
    where = {"kafka": found.kafka.bootstrap, **found.urls}
    if console.is_terminal and sys.stdin.isatty() and not (once or json_output):
        from services.cli.printed.status_live import live

        looks = live(found, where)
        if not looks:  # ended before the first
            return
        processes = _processes(layout, looks[-1]) if local else []
        console.print(shown(summary(looks), where))
    else:
        looks = [look(found)]
        if rates:
            time.sleep(1)
            looks.append(look(found))
        processes = _processes(layout, looks[-1]) if local else []
        if json_output:
            told = {"root": str(layout.root), "processes": [asdict(each) for each in processes]}
            print(json.dumps(told | {"flow": asdict(summary(looks))}, indent=2))
        else:
            if local:
                print_processes(processes, layout)
                print()
            Console(width=max(console.width, 140)).print(shown(summary(looks), where))
    missing = dict.fromkeys([*(each.name for each in processes if not each.ready), *looks[-1].missing()])
    if missing:
        raise ServerMissing(f"Not ready: {', '.join(missing)}. {START if local else ELSEWHERE}")


def _processes(layout: Layout, seen: "Look") -> "list[ProcessStatus]":
    """The local processes. What the services do not know of Kafka or Postgres is asked of these themselves."""
    if seen.answers("kafka") and seen.answers("postgres"):
        from deploy.local import addresses
        from deploy.local.supervision.process_status import listening, processes
        from services.cli.monitoring.scrape import is_ready

        others = [one for one in listening(addresses.read(layout.root)) if one[0] not in seen.ready]
        pages = {name: is_ready(url) for name, url in others}
        return processes(layout, {"kafka": True, "postgres": True, **seen.ready, **pages})
    from deploy.local.supervision import control

    return control.status(layout)
