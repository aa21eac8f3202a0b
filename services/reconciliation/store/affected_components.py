"""The components that a change affects: those in which the arriving records are stored, and those they will be in."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from services.chassis.runtime.unit_of_work import Database
from services.disjoint_sets import DisjointSets
from services.reconciliation.linkage.identity.components import most_of
from services.reconciliation.linkage.identity.identifiers import Identifier
from services.reconciliation.linkage.identity.oversized_components import (
    BY_ALL,
    BY_DECISIONS,
    BY_IDENTIFIERS,
    is_oversized,
)
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.negative_evidence import NegativeEvidence
from services.reconciliation.linkage.resemblance.weights import Model
from services.reconciliation.store.links import Arriving, Keys, StoredLinks


@dataclass(frozen=True, slots=True)
class AffectedComponents:
    """The records to link again.

    ``level``: the new level of each record (linkage/identity/oversized_components.py); ``level_before``: the stored
    level of each stored record. ``keys``: all keys that were read; ``oversized``: those stored as oversized;
    ``resized``: those that become oversized (True) or stop being so (False). ``stored``: the stored keys of each
    record.
    """

    level: dict[str, int]
    level_before: dict[str, int]
    keys: set[Identifier]
    oversized: set[Identifier]
    resized: dict[Identifier, bool]
    stored: dict[str, Keys]
    newer: frozenset[str]
    """Arriving records that replace what is stored, or are the first of their key."""


async def reach(
    db: Database,
    arriving: Mapping[str, Arriving],
    touched: Iterable[str],
    model: Model[Description] | None,
    opened: Collection[Identifier],
) -> AffectedComponents:
    """The components of arriving records, before and after the change, and those of the ``touched`` stored ones.

    Follows no oversized key except the ``opened`` ones. Reads an oversized component only until it is known to be one,
    and returns only those of its records whose links can change.
    """
    links = StoredLinks(db, model, arriving, opened)
    start = {*arriving, *touched}
    met = await _around(links, start)
    suspect = _suspect(links, met)
    level = dict.fromkeys(met - suspect, BY_ALL)
    if suspect:
        level |= await _levels(links, suspect, start)
    known = {record: its for record in level if (its := links.stored[record])}
    return AffectedComponents(
        level,
        {record: its.level for record, its in known.items()},
        links.keys,
        links.oversized,
        _resized(links, arriving),
        {record: its.keys for record, its in known.items()},
        frozenset(links.newer),
    )


def _resized(links: StoredLinks, arriving: Mapping[str, Arriving]) -> dict[Identifier, bool]:
    coming = {key for record in links.newer for key in arriving[record].keys} - links.oversized
    return {key: True for key in coming if links.will_be_oversized(key)} | {
        key: False for key in links.opened if len(links.holders_after(key)) <= most_of(key)
    }


async def _around(links: StoredLinks, start: Collection[str]) -> set[str]:
    """All records connected with these, as stored or as they arrive. Records of an oversized component are read, but
    their connections are not followed.
    """
    met: set[str] = set()
    new = set(start)
    while new:
        met |= new
        await links.meet(new)
        asking = [record for record in new if record in start or links.level(record) == BY_ALL]
        await links.ask(asking)
        new = {other for record in asking for other in links.reached(record)} - met
    return met


def _suspect(links: StoredLinks, met: Collection[str]) -> set[str]:
    """Records that may be in an oversized component: their group is too large, or a record of it is stored as such."""
    groups = DisjointSets(met)
    first: dict[Identifier, str] = {}
    for record in met:
        for key in {*links.before(record), *links.after(record)} - links.oversized:
            if (other := first.setdefault(key, record)) is not record:
                groups.join(other, record)
    return {
        record
        for group in groups.groups()
        if is_oversized(len(group), len(group)) or any(links.level(record) != BY_ALL for record in group)
        for record in group
    }


async def _levels(links: StoredLinks, suspect: Collection[str], start: Collection[str]) -> dict[str, int]:
    """The levels of the suspected records, and of all records that a change of these affects."""
    # an oversized component may come apart where something no longer links: then all is counted anew that was next
    # to it.
    ends = any(
        links.level(record) != BY_ALL and (record not in links.arriving or links.changes(record))
        for record in start
    ) or any(links.level(other) != BY_ALL for key in _grown(links) for other in links.holders_after(key))
    concerned = {record for record in suspect if ends or record in start or links.level(record) == BY_ALL}
    level: dict[str, int] = {}
    for at in (BY_ALL, BY_IDENTIFIERS, BY_DECISIONS):
        closed, over = await _parted(links, concerned, at, count_anew=ends)
        level |= dict.fromkeys(closed, at)
        concerned = {
            record for record in over if record in concerned or record in start or links.level(record) <= at
        }
    return level


def _grown(links: StoredLinks) -> set[Identifier]:
    return {
        key for record in links.newer for key in links.arriving[record].keys if links.will_be_oversized(key)
    }


async def _parted(
    links: StoredLinks, start: Collection[str], level: int, *, count_anew: bool
) -> tuple[set[str], set[str]]:
    """All records connected with these at this level, split into (in no oversized component, in one).

    A record that is stored as in an oversized component at this level makes its whole group oversized, unless
    ``count_anew``; then such a group is read only until it is known to be oversized.
    """
    parts, told = _Parts(links), set[str]()
    new = set(start)
    await links.meet(new)
    parts.add(new)
    while new:
        asking = set()
        for record in new:
            if links.level(record) <= level or level == BY_DECISIONS or links.changes(record):
                asking.add(record)
            elif not count_anew:
                told.add(record)
            elif not parts.is_oversized(record):
                asking.add(record)
        await links.ask(asking)
        new = set()
        beside = {record: links.linked(record, level) for record in asking}
        new = {other for others in beside.values() for other in others} - parts.met
        await links.meet(new)
        parts.add(new)
        for record, others in beside.items():
            for other in others:
                parts.join(record, other)
    oversized = {parts.of(record) for record in told}
    over = {
        record
        for record in parts.met
        if level != BY_DECISIONS and (parts.of(record) in oversized or parts.is_oversized(record))
    }
    return parts.met - over, over


class _Parts:
    """Groups of connected records, with the size of each and its different names and birth dates."""

    def __init__(self, links: StoredLinks) -> None:
        self.met: set[str] = set()
        self._links, self._groups = links, DisjointSets[str](())
        self._size: dict[str, int] = {}
        self._different: dict[str, set[NegativeEvidence]] = {}

    def add(self, records: Iterable[str]) -> None:
        for record in set(records) - self.met:
            self.met.add(record)
            self._groups.add(record)
            described = self._links.described(record)
            self._size[record] = 1
            self._different[record] = {described.evidence} if described else set()

    def join(self, one: str, other: str) -> None:
        first, second = self.of(one), self.of(other)
        if first == second:
            return
        self._groups.join(first, second)
        whole, part = (first, second) if self.of(first) == first else (second, first)
        self._size[whole] += self._size.pop(part)
        self._different[whole] |= self._different.pop(part)

    def of(self, record: str) -> str:
        """The record that stands for its group."""
        return self._groups.find(record)

    def is_oversized(self, record: str) -> bool:
        group = self.of(record)
        return is_oversized(self._size[group], len(self._different[group]))
