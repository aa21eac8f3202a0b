"""The same county, scale and seed give the same bytes, on every machine and Python, in memory that stays flat."""

import hashlib
import tracemalloc
from pathlib import Path

import pytest

from tests.deploy.sample.samples import Written, write

FILES = ("doj.csv", "court.jsonl", "truth.jsonl", "truth.json")
PINNED = "37e1bf884b9c99cd3b500b7cc5c50d9a143c59b33660ed845f46d79a2117d92d"
"""Of all four files at 1/1000, seed 7. A change of it changes every sample: say so in the change log."""


def digest(written: Written) -> str:
    whole = hashlib.sha256()
    for name in FILES:
        whole.update((written.out / name).read_bytes())
    return whole.hexdigest()


def test_two_runs_give_the_same_bytes_and_these_bytes(tmp_path: Path) -> None:
    first, second = (write(tmp_path / name, "1/1000", seed=7) for name in ("first", "second"))
    assert digest(first) == digest(second) == PINNED


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    first, second = (write(tmp_path / str(seed), "1/1000", seed=seed) for seed in (1, 2))
    assert digest(first) != digest(second)
    assert first.totals["relief"]["convictions"] == second.totals["relief"]["convictions"]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_scale(tmp_path: Path) -> None:
    peaks = []
    write(tmp_path / "warm-up", "1/1000")
    for scale in ("1/200", "1/80"):
        tracemalloc.start()
        write(tmp_path / scale.replace("/", "-"), scale)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.25
