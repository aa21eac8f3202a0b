"""Sorting more than memory holds."""

import random

from services.evaluation.sorted_runs import SortedRuns


def test_items_come_sorted_whatever_part_of_them_memory_held() -> None:
    items = [(random.Random(n).randrange(50), str(n)) for n in range(1_000)]
    with SortedRuns[tuple[int, str]](run=64) as runs:
        for start in range(0, len(items), 10):
            runs.add(items[start : start + 10])
            assert runs.in_memory < 64
        assert list(runs.sorted()) == sorted(items)


def test_nothing_is_sorted_to_nothing() -> None:
    with SortedRuns[int]() as runs:
        assert list(runs.sorted()) == []
