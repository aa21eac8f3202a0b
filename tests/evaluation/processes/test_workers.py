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


def test_a_long_path_of_the_temporary_folder_does_not_matter(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 100)
    folder.mkdir()
    code = """
import operator
from services.evaluation.processes.workers import Workers
if __name__ == "__main__":
    with Workers(2, 3) as workers:
        print(list(workers.map(operator.mul, range(4))))
"""
    script = tmp_path / "script.py"
    script.write_text(code)
    env = os.environ | {"TMPDIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[3])}

    ended = subprocess.run(
        [sys.executable, str(script)], env=env, capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stdout) == (0, "[0, 3, 6, 9]\n"), ended.stderr
