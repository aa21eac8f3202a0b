"""Which records may be one person's, from the identifiers of all of them, in a few bytes for each."""

import hashlib
from collections.abc import Iterable

from reliefstream_contracts.records import SourceRecord
from services.disjoint_sets import DisjointSets
from services.reconciliation.linkage.identity.identifiers import MOST_HOLDERS, Identifier, identifiers_of


def hashed(identifier: Identifier) -> int:
    """64 bits that stand for an identifier; two that share them only come to be looked at together."""
    return int.from_bytes(hashlib.blake2b(identifier.encode(), digest_size=8).digest(), "big")


def hashed_identifiers(record: SourceRecord) -> list[int]:
    """Of one record; two records without a common one are two persons."""
    return [hashed(identifier) for identifier in identifiers_of(record)]


class Components:
    """Members, numbered from 0, in groups that no identifier crosses, except oversized ones."""

    def __init__(self, members: int) -> None:
        self._sets = DisjointSets.numbered(members)
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
        """Identifiers that too many records hold to identify one person."""
        return frozenset(
            identifier for identifier, having in self._shared.items() if len(having) > MOST_HOLDERS
        )

    def linked(self) -> list[list[int]]:
        """Groups of two or more, and who holds an oversized identifier alone; members and groups in ascending order."""
        alone = set()
        for having in self._shared.values():
            if len(having) > MOST_HOLDERS:
                alone.update(having)
                continue
            for member in having[1:]:
                self._sets.join(member, having[0])
        for one, other in self._joined:
            self._sets.join(one, other)
        return self._sets.groups(sorted(alone.union(*self._shared.values(), *self._joined)))
