"""One seed of ``make faults``, with every server and service of its own; ``make faults SEEDS=n`` runs more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.faults.schedule import KINDS, WINDOW_S, schedule

REPOSITORY = Path(__file__).parents[3]


def test_a_seed_gives_the_same_schedule_again() -> None:
    assert [schedule(seed) for seed in range(50)] == [schedule(seed) for seed in range(50)]
    assert schedule(0) == ()


def test_a_hundred_seeds_have_every_kind_of_fault() -> None:
    drawn = [fault for seed in range(1, 101) for fault in schedule(seed)]
    assert {fault.kind for fault in drawn} == set(KINDS)
    assert all(0 < fault.at <= WINDOW_S for fault in drawn)


def test_no_target_has_two_faults_at_a_time() -> None:
    for seed in range(1, 101):
        end: dict[str, float] = {}
        for fault in schedule(seed):
            assert fault.at > end.get(fault.target, 0.0), (seed, fault)
            end[fault.target] = fault.at + fault.length


@pytest.mark.servers
def test_nothing_is_lost_and_nothing_stands_twice_under_faults() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.harness.faults", "--seeds", "1", "--first", "2", "--sealing"],
        cwd=REPOSITORY,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
