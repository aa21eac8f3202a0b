"""Which records may be one person's, from the identifiers of all of them, in a few bytes for each."""

import hashlib
from array import array
from collections.abc import Iterable, Iterator

from reliefstream_contracts.records import SourceRecord
from services.reconciliation.linkage.identity.identifiers import MOST_HOLDERS, Identifier, identifiers_of


def hashed(identifier: Identifier) -> int:
    """64 bits that stand for an identifier; two that share them only come to be looked at together."""
    return int.from_bytes(hashlib.blake2b(identifier.encode(), digest_size=8).digest(), "big")


def hashed_identifiers(record: SourceRecord) -> list[int]:
    """Of one record; two records without a common one are two persons."""
    return [hashed(identifier) for identifier in identifiers_of(record)]


class Components:
    """Members, numbered from 0, in groups that no identifier crosses but those that a crowd holds."""

    def __init__(self, members: int) -> None:
        self._parents = array("l", range(members))
        self._first: dict[int, int] = {}
        self._shared: dict[int, list[int]] = {}
        self._joined: list[tuple[int, int]] = []

    def add(self, member: int, identifiers: Iterable[int]) -> None:
        """A member's identifiers, each once for each of its records that has it."""
        for identifier in identifiers:
            first = self._first.setdefault(identifier, member)
            if first != member or identifier in self._shared:
                self._shared.setdefault(identifier, [first]).append(member)

    def join(self, one: int, other: int) -> None:
        """Two members that are to be looked at together without a common identifier."""
        self._joined.append((one, other))

    def oversized(self) -> frozenset[int]:
        """Identifiers that more records hold than name anybody."""
        return frozenset(
            identifier for identifier, having in self._shared.items() if len(having) > MOST_HOLDERS
        )

    def linked(self) -> Iterator[list[int]]:
        """Groups of two or more, and who holds a oversized identifier alone; members and groups in ascending order."""
        alone = set()
        for having in self._shared.values():
            if len(having) > MOST_HOLDERS:
                alone.update(having)
                continue
            for member in having[1:]:
                self._parents[self._find(member)] = self._find(having[0])
        for one, other in self._joined:
            self._parents[self._find(one)] = self._find(other)
        groups: dict[int, list[int]] = {}
        for member in sorted(alone.union(*self._shared.values(), *self._joined)):
            groups.setdefault(self._find(member), []).append(member)
        yield from groups.values()

    def _find(self, member: int) -> int:
        parents, root = self._parents, member
        while parents[root] != root:
            root = parents[root]
        while parents[member] != root:
            parents[member], member = root, parents[member]
        return root
