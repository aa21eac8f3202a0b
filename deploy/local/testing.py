"""Bare servers for tests: Postgres and Kafka without services, shared by test sessions that overlap."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.local import addresses
from deploy.local.addresses import Addresses
from deploy.local.layout import Layout
from deploy.local.plan import Plan
from deploy.local.supervision import control

WITHOUT_POWER_CUTS = {"fsync": "off"}
"""Nothing waits for the disk: what a killed process has written, the system still has."""


def start(root: Path, environ: Mapping[str, str], jars: Path | None = None) -> Addresses:
    """Starts Postgres and Kafka below `root`, or finds them running; `jars` is where Kafka's jars lie."""
    layout = Layout(root)
    plan = Plan(jars=jars or layout.jars, postgres=WITHOUT_POWER_CUTS)
    control.up(layout, plan, environ, say=lambda _: None)
    return addresses.read(root)


def stop(root: Path) -> None:
    """Stops the servers below `root`; their data stays."""
    control.down(Layout(root), say=lambda _: None)


@contextmanager
def shared_servers(root: Path, environ: Mapping[str, str], jars: Path | None = None) -> Iterator[Addresses]:
    """Servers below `root` for as long as anybody uses them: the last of the users stops them."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "users.lock").open("w") as users, (root / "start.lock").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        given = start(root, environ, jars)
        fcntl.flock(starting, fcntl.LOCK_UN)
        try:
            yield given
        finally:
            fcntl.flock(starting, fcntl.LOCK_EX)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop(root)
            except BlockingIOError:
                pass  # another session still uses them
