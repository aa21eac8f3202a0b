"""``make bench``: ``reliefstream evaluate`` on a large DOJ file, beside the peer and a raw limit of the same run."""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from services.cli.sample import sample

ROWS_AT_SCALE_1 = 379_000
PEER = "14,000 to 28,000"
"""Rows a second of Code for America's batch tool, on 2 cores with 4.9 to 6.8 GB of memory a million rows."""


@dataclass
class Used:
    """What the processes of one command used, as far as polling sees."""

    seconds: float = 0.0
    cpu: dict[int, float] = field(default_factory=dict)
    peak_mb: dict[int, int] = field(default_factory=dict)
    together_mb: int = 0

    def poll(self, process: psutil.Process) -> None:
        together = 0
        for one in (process, *process.children(recursive=True)):
            try:
                times, memory = one.cpu_times(), one.memory_info().rss >> 20
            except psutil.NoSuchProcess:
                continue
            self.cpu[one.pid] = times.user + times.system
            self.peak_mb[one.pid] = max(self.peak_mb.get(one.pid, 0), memory)
            together += memory
        self.together_mb = max(self.together_mb, together)


def evaluated(file: Path, out: Path, workers: int) -> Used:
    """Runs the command to its end, start of Python included."""
    command = [sys.executable, "-m", "services.cli.main", "evaluate", str(file), "--out", str(out)]
    command += ["--county", "los-angeles", "--policy", "los-angeles-2020", "--as-of", "2026-11-01"]
    used, started = Used(), time.perf_counter()
    process = psutil.Popen([*command, "--workers", str(workers)], stdout=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            used.poll(process)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.1)
    process.wait()
    used.seconds = time.perf_counter() - started
    return used


def split_raw(file: Path) -> float:
    """Rows a second of bare csv.reader, one core, doing nothing with what it reads."""
    started = time.perf_counter()
    with file.open(newline="", encoding="latin-1") as stream:
        rows = sum(1 for _ in csv.reader(stream))
    return rows / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="of DOJ's file, about (default 1,000,000)"
    )
    parser.add_argument(
        "--workers", type=int, default=len(os.sched_getaffinity(0)), help="default: all cores"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sample(scale=f"{asked.rows}/{ROWS_AT_SCALE_1}", seed=1, out=folder)
        file = folder / "doj.csv"
        with file.open("rb") as stream:
            rows = sum(1 for _ in stream) - 1
        raw = split_raw(file)
        used = evaluated(file, folder / "out", asked.workers)
    rate, cpu = rows / used.seconds, sum(used.cpu.values())
    print(
        f"\nevaluate: {rows:,} rows in {used.seconds:.0f} s with {asked.workers} workers: {rate:,.0f} rows/s "
        f"(the peer: {PEER}), {cpu / rows * 1e6:.0f} µs of CPU a row;\n"
        f"{rate / raw:.1%} of bare csv.reader on one core ({raw:,.0f} rows/s);\n"
        f"peak memory {max(used.peak_mb.values())} MB a process, {used.together_mb} MB all together"
    )


if __name__ == "__main__":
    main()
