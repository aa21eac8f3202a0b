"""``reliefstream status``: live in a terminal, once elsewhere."""

import json
import os
import sys
from typing import Annotated

from cyclopts import Parameter

from deploy.local.layout import Layout
from services.cli.client.local_root import local_root
from services.cli.terminal.exit import ServerMissing

START = "Start them: reliefstream up"
ELSEWHERE = "They are those that RELIEFSTREAM_KAFKA_BOOTSTRAP and the like name; start them there: docker compose up -d"


def status(
    *,
    once: Annotated[
        bool, Parameter(negative=(), help="show it once and end, as where the output is no terminal")
    ] = False,
    json_output: Annotated[
        bool, Parameter(name="--json", negative=(), help="print JSON instead, once")
    ] = False,
) -> None:
    """Show what runs, what waits and since when, how fast it goes, and what is open.

    In a terminal it is shown anew each second until q or Ctrl-C. The servers are those that the environment names
    (RELIEFSTREAM_KAFKA_BOOTSTRAP, RELIEFSTREAM_INGEST_URL ...), else the local ones. Exit status 0 when all answer,
    3 when not.
    """
    local = "RELIEFSTREAM_KAFKA_BOOTSTRAP" not in os.environ
    layout = Layout(local_root())
    if local and not layout.state.exists():
        if json_output:
            print(json.dumps({"root": str(layout.root), "processes": []}, indent=2))
        raise ServerMissing(f"Not ready: the servers were never started. {START}")

    _show(layout, local=local, once=once, json_output=json_output)


def _show(layout: Layout, *, local: bool, once: bool, json_output: bool) -> None:
    import asyncio
    from dataclasses import asdict

    from rich.console import Console

    from deploy.local.supervision import control
    from services.cli.client.addresses import addresses
    from services.cli.monitoring.scrape import two_looks
    from services.cli.monitoring.summary import summary
    from services.cli.printed.processes import print_processes
    from services.cli.printed.status_live import live
    from services.cli.printed.status_screen import shown

    console, found = Console(), addresses()
    where = {"kafka": found.kafka.bootstrap, **found.urls}
    if console.is_terminal and sys.stdin.isatty() and not (once or json_output):
        looks = asyncio.run(live(found, where))
        if not looks:  # ended before the first
            return
        processes = control.status(layout) if local else []
        console.print(shown(summary(looks), where))
    else:
        processes = control.status(layout) if local else []
        looks = asyncio.run(two_looks(found))
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
