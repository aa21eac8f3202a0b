"""Processes that outlive the command that started them: found again by pid and start, never by pid alone."""

import json
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from deploy.local.layout import Layout
from services.chassis.runtime.private_file import write_private

# In the environment of each process that the supervisor starts, to find it even where its pid was not noted.
MARK_ROOT, MARK_NAME = "RELIEFSTREAM_LOCAL_ROOT", "RELIEFSTREAM_LOCAL_NAME"
SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class Program:
    """One process to keep running."""

    name: str
    argv: list[str]
    environment: Mapping[str, str]
    cwd: Path
    stop_signal: signal.Signals = signal.SIGTERM
    grace_s: float = 20.0
    """How long it may take to stop before it is killed."""


def write_pid(layout: Layout, name: str, pid: int, restarts: int = 0) -> None:
    """Notes that process `pid` is `name`."""
    note = {"pid": pid, "started": started_at(pid), "restarts": restarts, "create_time": _create_time(pid)}
    write_private(layout.run / f"{name}.pid", json.dumps(note))


def noted(layout: Layout, name: str) -> dict[str, Any] | None:
    """The note of `name` (pid, started, restarts, create_time), whether it still runs or not; None without one."""
    try:
        note: dict[str, Any] = json.loads((layout.run / f"{name}.pid").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return note


def running(layout: Layout, name: str) -> dict[str, Any] | None:
    """The note of `name` if that very process still runs, else None."""
    note = noted(layout, name)
    return note if note and note["started"] and started_at(note["pid"]) == note["started"] else None


def started_at(pid: int) -> float | None:
    """When process `pid` started, None when it is gone or dead.

    Clock ticks since boot where the system tells them (a step of the clock makes no process a stranger), else
    seconds since 1970.
    """
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            return float(stat.read_text().rpartition(")")[2].split()[19])
        return process.create_time()
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return None


def orphans(layout: Layout) -> list[tuple[str, psutil.Process]]:
    """Running processes that a supervisor of this folder started, with their names; without the supervisor."""
    found: dict[int, tuple[str, psutil.Process]] = {}
    for path in layout.run.glob("*.pid"):
        if path.stem != SUPERVISOR and (note := running(layout, path.stem)):
            found[note["pid"]] = path.stem, psutil.Process(note["pid"])
    for process in psutil.process_iter():
        root, name = _mark(process)
        # A worker carries its parent's mark, and goes when its parent goes.
        if name and root == str(layout.root.resolve()) and _mark(process.parent()) != (root, name):
            found.setdefault(process.pid, (name, process))
    return list(found.values())


def stop_orphans(layout: Layout, last: tuple[str, ...]) -> int:
    """Stops all `orphans`, those named in `last` after the others and in that order; returns how many."""
    found = orphans(layout)
    groups = [[process for name, process in found if name not in last]]
    groups += [[process for name, process in found if name == each] for each in last]
    for group in groups:
        for process in group:
            _signal(process, signal.SIGINT if _is_postgres(process) else signal.SIGTERM)
        _, alive = psutil.wait_procs(group, timeout=20)
        for process in alive:
            _signal(process, signal.SIGKILL)
        psutil.wait_procs(alive, timeout=5)
    return len(found)


def _is_postgres(process: psutil.Process) -> bool:
    # SIGTERM waits for every client to leave, SIGINT closes their connections.
    try:
        return process.name() == "postgres"
    except psutil.NoSuchProcess:
        return False


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def _mark(process: psutil.Process | None) -> tuple[str | None, str | None]:
    try:
        environment = process.environ() if process else {}
    except (psutil.Error, OSError):
        environment = {}
    return environment.get(MARK_ROOT), environment.get(MARK_NAME)


def _create_time(pid: int) -> float | None:
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None
