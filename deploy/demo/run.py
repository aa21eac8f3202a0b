"""The demo on servers of its own, or on those that the environment names."""

import os
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from deploy.demo.first_county import show_first_county
from deploy.demo.left_waiting import leave_work
from deploy.demo.second_county import SECOND_POLICY, show_second_county
from services.cli import servers
from services.cli.client.addresses import Addresses, addresses
from services.cli.client.local_root import local_root
from services.cli.client.services import is_ready
from services.cli.settle import counts
from services.cli.terminal.exit import ServerMissing, WrongUsage


def run(*, once: bool) -> bool:
    """Shows everything; returns whether every figure agreed with the truth."""
    console = Console(soft_wrap=True, highlight=False)
    console.rule("reliefstream: two waves as one flow", align="left")
    if "RELIEFSTREAM_KAFKA_BOOTSTRAP" in os.environ:
        return _on_named_servers(console)
    return _on_own_servers(console, stay=console.is_terminal and not once)


def _on_own_servers(console: Console, *, stay: bool) -> bool:
    # A folder of its own: figures are held against the sample alone, and nobody's own records meet fabricated ones.
    jars, folder = local_root() / "kafka" / "libs", local_root() / "demo"
    os.environ["RELIEFSTREAM_LOCAL"] = str(folder)
    console.print("1. Real servers on this machine: Apache Kafka, Postgres, five services (loopback only).")
    if _is_up():
        raise WrongUsage(
            f"A demo runs already: end it with Ctrl-C where it runs, or: RELIEFSTREAM_LOCAL={folder} reliefstream down"
        )
    shutil.rmtree(folder, ignore_errors=True)  # every demo begins with nothing, as its figures say
    started = time.monotonic()
    servers.up(jars=jars, policy=(SECOND_POLICY,))
    try:
        agreed = _show(console, addresses(), folder, started)
        if stay:
            leave_work(console, addresses(), folder / "left")
            _print_next_commands(console, folder)
            _wait_for_interrupt(console)
    finally:
        servers.down()
    return agreed


def _on_named_servers(console: Console) -> bool:
    """Runs the demo on the named servers, which must be running and hold no record yet."""
    started, found = time.monotonic(), addresses()
    console.print(f"1. Servers that the environment names: Kafka at {found.kafka.bootstrap}, five services.")
    if counts(found)["reconciliation"]["records"]:
        raise WrongUsage(
            "These services hold records already, and the figures are of the demo's alone: begin with empty ones"
        )
    with TemporaryDirectory() as folder:
        os.environ["RELIEFSTREAM_LOCAL"] = folder  # how far `submit` came is of these servers only
        return _show(console, found, Path(folder), started)


def _show(console: Console, found: Addresses, folder: Path, started: float) -> bool:
    agreed = show_first_county(console, found, folder / "sample")
    agreed = show_second_county(console, found, folder / "second") and agreed
    console.print(f"\nAll of it took {time.monotonic() - started:.0f} s.")
    return agreed


def _is_up() -> bool:
    try:
        return is_ready("ingest", addresses(), timeout=2)
    except ServerMissing:
        return False


def _print_next_commands(console: Console, folder: Path) -> None:
    console.rule("Next, in another terminal", align="left")
    console.print(f"  export RELIEFSTREAM_LOCAL={folder}   # the demo's own servers")
    for command, what in (
        ("reliefstream status", "what runs, and where"),
        ("reliefstream quarantine list", "what was refused, with the remedy"),
        (
            "RELIEFSTREAM_ACT_AS=trial-signer reliefstream export determinations --county los-angeles --out d.csv",
            "every finding, with its grounds",
        ),
        (
            f"reliefstream profile try --county sacramento --profile odyssey {folder}/second/court.csv",
            "how the second county's feed is understood",
        ),
        ("reliefstream policy show los-angeles-2021", "the county's policy as a table"),
        (
            f"reliefstream submit --county los-angeles --format doj {folder}/sample/doj.csv",
            "the same file changes nothing",
        ),
    ):
        console.print(f"  {command:75} {what}")


def _wait_for_interrupt(console: Console) -> None:
    console.print("\nThe servers stay up. Ctrl-C stops them.")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.print("Stopping.")
