"""Jobs for several processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from services.evaluation.processes.workers import AHEAD, Workers


def times(context: int, job: int) -> int:
    return context * job


def test_results_come_in_the_order_of_the_jobs_from_any_number_of_processes() -> None:
    for count in (1, 2):
        with Workers(count, 3) as workers:
            assert list(workers.map(times, range(20))) == [3 * job for job in range(20)]


def test_jobs_are_made_only_as_they_are_needed() -> None:
    made = 0

    def jobs() -> Iterator[int]:
        nonlocal made
        while made < 100:
            made += 1
            yield made

    with Workers(2, 1) as workers:
        for taken, _ in enumerate(workers.map(times, jobs()), 1):
            assert made <= taken + 2 * AHEAD


def test_processes_begin_with_what_this_one_has_read_unless_it_has_threads(tmp_path: Path) -> None:
    code = """
import sys, threading
from services.evaluation.processes.workers import Workers
read = []
def known(context, job):
    return len(read) * context + job
if __name__ == "__main__":
    read.append("a file")
    gone = threading.Event()
    if sys.argv[1] == "threads":
        threading.Thread(target=gone.wait).start()
    with Workers(2, 10) as workers:
        print(list(workers.map(known, range(4))))
    gone.set()
"""
    script = tmp_path / "script.py"
    script.write_text(code)
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}

    def printed(threads: str) -> tuple[str, str]:
        command = [sys.executable, str(script), threads]
        ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        return ended.stdout, ended.stderr

    copied = "[10, 11, 12, 13]\n" if sys.platform == "linux" else "[0, 1, 2, 3]\n"
    assert printed("none") == (copied, "")
    assert printed("threads") == ("[0, 1, 2, 3]\n", "")
