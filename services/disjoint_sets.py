"""Disjoint sets (union-find): groups of what is joined pairwise, the same in whatever order the pairs are joined."""

from array import array
from collections.abc import Hashable, Iterable
from typing import Generic, Protocol, TypeVar

T = TypeVar("T", bound=Hashable)


class _Parents(Protocol[T]):
    def __getitem__(self, member: T, /) -> T: ...

    def __setitem__(self, member: T, parent: T, /) -> None: ...


class DisjointSets(Generic[T]):
    """Members start alone; ``join`` puts the groups of two members together."""

    def __init__(self, members: Iterable[T]) -> None:
        parents = {member: member for member in members}
        self._members: Iterable[T] = parents
        self._parents: _Parents[T] = parents

    @classmethod
    def numbered(cls, members: int) -> "DisjointSets[int]":
        """Members are numbers from 0, in eight bytes each; a dictionary takes about a hundred bytes a member."""
        sets: DisjointSets[int] = DisjointSets(())
        sets._members, sets._parents = range(members), array("q", range(members))
        return sets

    def add(self, member: T) -> None:
        """Adds a member in a group of its own. Numbered sets already have all members."""
        self._parents[member] = member

    def find(self, member: T) -> T:
        """One member that stands for the whole group; which one depends on the order of joining."""
        parents, root = self._parents, member
        while (above := parents[root]) != root:
            root = above
        while (above := parents[member]) != root:
            parents[member], member = root, above
        return root

    def join(self, one: T, other: T) -> None:
        """Puts the groups of two members together."""
        self._parents[self.find(one)] = self.find(other)

    def groups(self, of: Iterable[T] | None = None) -> list[list[T]]:
        """Every group, members and groups in the order in which members were given; ``of``: of these members only."""
        found: dict[T, list[T]] = {}
        for member in self._members if of is None else of:
            found.setdefault(self.find(member), []).append(member)
        return list(found.values())
