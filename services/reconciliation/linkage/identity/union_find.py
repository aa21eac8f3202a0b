"""Groups of what is joined pairwise (union-find); the same groups in whatever order pairs are joined."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Groups(Generic[T]):
    """Members start alone; ``join`` puts the groups of two members together."""

    def __init__(self, members: Iterable[T]) -> None:
        self._parent: dict[T, T] = {member: member for member in members}

    def add(self, member: T) -> None:
        """One more member, alone."""
        self._parent[member] = member

    def find(self, member: T) -> T:
        """One member that stands for the whole group; which one depends on the order of joining."""
        root = member
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[member] != root:
            self._parent[member], member = root, self._parent[member]
        return root

    def join(self, one: T, other: T) -> None:
        self._parent[self.find(one)] = self.find(other)

    def groups(self) -> list[list[T]]:
        """Every group, members and groups in the order in which members were given."""
        found: dict[T, list[T]] = {}
        for member in self._parent:
            found.setdefault(self.find(member), []).append(member)
        return list(found.values())
