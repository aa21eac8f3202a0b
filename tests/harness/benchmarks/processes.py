"""What each process of the local servers has used: CPU time and memory, Postgres by the database it worked for."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import psutil

from deploy.local.addresses import POSTGRES
from deploy.local.layout import Layout

CpuSeconds = dict[str, float]
BACKEND = re.compile(r"postgres: \S+ (\S+) 127\.")


def pids(layout: Layout) -> dict[str, int]:
    """The processes that run, by name."""
    found = {file.stem: int(json.loads(file.read_text())["pid"]) for file in layout.run.glob("*.pid")}
    return {name: pid for name, pid in found.items() if psutil.pid_exists(pid)}  # `prepare` has ended


def cpu_seconds(running: dict[str, int]) -> CpuSeconds:
    """CPU time of each process so far, a connection of Postgres under ``postgres for DATABASE``."""
    used: CpuSeconds = {}
    for name, pid in running.items():
        for one, process in _with_children(name, pid):
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            used[one] = used.get(one, 0.0) + times.user + times.system
    return used


def peak_memory_mb(layout: Layout) -> dict[str, int]:
    """Peak resident memory of each process, in MB."""
    return {name: _peak_mb(pid) for name, pid in pids(layout).items()}


def _peak_mb(pid: int) -> int:
    status = (Path("/proc") / str(pid) / "status").read_text()
    lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(lines["VmHWM"].split()[0]) // 1024


def _with_children(name: str, pid: int) -> Iterator[tuple[str, psutil.Process]]:
    process = psutil.Process(pid)
    yield name, process
    for child in process.children(recursive=True) if name == POSTGRES else ():
        try:
            backend = BACKEND.match(" ".join(child.cmdline()))
        except psutil.NoSuchProcess:
            continue
        yield f"{POSTGRES} for {backend[1]}" if backend else POSTGRES, child
