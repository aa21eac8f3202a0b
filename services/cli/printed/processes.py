"""The local processes at a terminal."""

import time
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from deploy.local.layout import Layout
from deploy.local.supervision.process_status import ProcessStatus, progress


def print_processes(found: Sequence[ProcessStatus], layout: Layout) -> None:
    """The local processes as a table, the day and the policies that they judge by, and where their logs are."""
    table = Table("process", "pid", "up since", "restarts", "ready", "address", box=None, pad_edge=False)
    for each in found:
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(each.since)) if each.since else ""
        ready = "yes" if each.ready else "no"
        table.add_row(each.name, str(each.pid or ""), since, str(each.restarts), ready, each.address)
    Console(width=max(Console().width, 140)).print(table)  # an address that is cut is of no use
    plan = progress(layout).get("plan", {})
    if plan.get("as_of"):
        print(f"judging as of {plan['as_of']}")
    for county, name in plan.get("policy", {}).items():
        print(f"policy of {county}: {name}")
    print(f"logs: {layout.logs}")
