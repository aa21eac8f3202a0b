"""``reliefstream status``: live in a terminal, once elsewhere."""

import asyncio
import json
import os
import select
import sys
import termios
import tty
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console, Group
from rich.live import Live

from deploy.local.layout import Layout
from deploy.local.supervision import control
from deploy.local.supervision.control import ProcessStatus
from services.cli.client.addresses import Addresses, addresses
from services.cli.servers import START, local_root, print_processes
from services.cli.status.scrape import Look, Looking
from services.cli.status.screen import shown
from services.cli.status.summary import Summary, summary

EVERY_S = 1.0
WINDOW = 300
"""Looks that are kept: latency is of the last five minutes."""
MISSING = 3
ELSEWHERE = "They are those that RELIEFSTREAM_KAFKA_BOOTSTRAP and the like name; start them there: docker compose up -d"


def status(
    *,
    once: Annotated[bool, Parameter(negative=())] = False,
    json_output: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Show what runs, what waits and since when, how fast it goes, and what is open.

    In a terminal it is shown anew each second until q or Ctrl-C. The servers are those that the environment names
    (RELIEFSTREAM_KAFKA_BOOTSTRAP, RELIEFSTREAM_INGEST_URL ...), else the local ones. Exit status 0 when all answer,
    3 when not.

    Parameters
    ----------
    once
        Show it once and end, as where the output is no terminal.
    json_output
        Print JSON instead, once.
    """
    local = "RELIEFSTREAM_KAFKA_BOOTSTRAP" not in os.environ
    layout = Layout(local_root())
    processes = control.status(layout) if local else []
    if local and not processes:
        if json_output:
            print(json.dumps({"root": str(layout.root), "processes": []}, indent=2))
        print(f"Not ready: the servers were never started. {START}", file=sys.stderr)
        return MISSING
    console, found = Console(), addresses()
    where = {"kafka": found.kafka.bootstrap, **found.urls}
    if console.is_terminal and sys.stdin.isatty() and not (once or json_output):
        looks = asyncio.run(_live(console, found, where))
        if not looks:  # stopped before the first
            return 0
        console.print(shown(summary(looks), where))
        processes = control.status(layout) if local else []
    else:
        looks = asyncio.run(_twice(found))
        if json_output:
            _print_json(layout, processes, summary(looks))
        else:
            if local:
                print_processes(processes, layout)
                print()
            Console(width=max(console.width, 140)).print(shown(summary(looks), where))
    return _ended(looks[-1], processes)


def _ended(last: Look, processes: list[ProcessStatus]) -> int:
    missing = dict.fromkeys([*(each.name for each in processes if not each.ready), *last.missing()])
    if missing:
        print(f"Not ready: {', '.join(missing)}. {START if processes else ELSEWHERE}", file=sys.stderr)
    return MISSING if missing else 0


def _print_json(layout: Layout, processes: list[ProcessStatus], found: Summary) -> None:
    told = {
        "root": str(layout.root),
        "processes": [asdict(each) for each in processes],
        "flow": asdict(found),
    }
    print(json.dumps(told, indent=2))


async def _twice(found: Addresses) -> list[Look]:
    """Two looks, as one alone tells no rate."""
    looking = Looking(found)
    try:
        first = await looking.look()
        await asyncio.sleep(EVERY_S)
        return [first, await looking.look()]
    finally:
        await looking.close()


async def _live(console: Console, found: Addresses, where: Mapping[str, str]) -> list[Look]:
    looking, looks = Looking(found), deque[Look](maxlen=WINDOW)
    try:
        with _keys() as pressed, Live(console=console, screen=True, auto_refresh=False) as live:
            while True:
                looks.append(await looking.look())
                clock = f"{looks[-1].at.astimezone():%Y-%m-%d %H:%M:%S}   q ends"
                live.update(Group(clock, "", shown(summary(looks), where)), refresh=True)
                if await asyncio.to_thread(pressed, "q", EVERY_S):
                    break
    except asyncio.CancelledError:
        pass  # Ctrl-C
    finally:
        await looking.close()
    return list(looks)


@contextmanager
def _keys() -> Iterator[Callable[[str, float], bool]]:
    """Gives what waits some seconds for a key of the terminal and says whether it was that one."""
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)

    def pressed(key: str, seconds: float) -> bool:
        there, _, _ = select.select([terminal], [], [], seconds)
        return bool(there) and key.encode() in os.read(terminal, 64)

    try:
        tty.setcbreak(terminal)
        yield pressed
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
