"""Sorting more than memory holds."""

import pickle
import random
from pathlib import Path

import pytest

from services.evaluation.processes.sorted_runs import SortedRuns


def written(folder: Path) -> int:
    """How many items lie in files."""
    found = 0
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                while file.peek(1):
                    found += len(pickle.load(file))
    return found


def test_items_come_sorted_and_memory_holds_less_than_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    items = [(random.Random(n).randrange(50), str(n)) for n in range(1_000)]
    with SortedRuns[tuple[int, str]](run=64) as runs:
        for start in range(0, len(items), 10):
            runs.add(items[start : start + 10])
            assert start + 10 - written(tmp_path) < 64
        assert list(runs.sorted()) == sorted(items)


def test_nothing_is_sorted_to_nothing() -> None:
    with SortedRuns[int]() as runs:
        assert list(runs.sorted()) == []
