"""Disjoint sets: the groups do not depend on the order in which pairs are joined."""

from collections.abc import Callable
from random import Random

import pytest

from services.disjoint_sets import DisjointSets

PAIRS = [(1, 2), (3, 4), (5, 6), (2, 6), (7, 7), (6, 1)]
TOGETHER = [[0], [1, 2, 5, 6], [3, 4], [7]]


def named() -> DisjointSets[int]:
    return DisjointSets(range(8))


def numbered() -> DisjointSets[int]:
    return DisjointSets.numbered(8)


@pytest.mark.parametrize("made", [named, numbered])
def test_groups_are_the_same_in_whatever_order_pairs_are_joined(
    made: Callable[[], DisjointSets[int]],
) -> None:
    for seed in range(20):
        sets, pairs = made(), Random(seed).sample(PAIRS, len(PAIRS))
        for one, other in pairs:
            sets.join(one, other)
        assert sets.groups() == TOGETHER
        assert sets.groups([6, 4, 3, 1]) == [[6, 1], [4, 3]]
        assert len({sets.find(member) for member in (1, 2, 5, 6)}) == 1


def test_a_member_that_is_added_starts_alone() -> None:
    sets = DisjointSets("ab")
    sets.add("c")
    assert sets.groups() == [["a"], ["b"], ["c"]]
    sets.join("c", "a")
    assert sets.groups() == [["a", "c"], ["b"]]
