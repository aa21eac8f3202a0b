"""How far a change reaches: the stored records of every component that arriving records are or were of."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from services.chassis.work import Database
from services.reconciliation.linkage.components import most_of
from services.reconciliation.linkage.description import Description
from services.reconciliation.linkage.grouping import Groups
from services.reconciliation.linkage.identifiers import Identifier
from services.reconciliation.linkage.tangles import BY_ALL, BY_DECISIONS, BY_IDENTIFIERS, MOST
from services.reconciliation.linkage.weights import Model
from services.reconciliation.stored_links import Arriving, Keys, StoredLinks


@dataclass(frozen=True, slots=True)
class Extent:
    """Whatever is to be linked anew.

    ``level``: of every such record, and ``level_before`` of those stored (linkage/tangles.py); ``keys``: all that were
    looked at; ``crowded``: those of them that are so as stored; ``crowding``: those that get crowded, or no longer
    are; ``stored``: the keys of each record as stored.
    """

    level: dict[str, int]
    level_before: dict[str, int]
    keys: set[Identifier]
    crowded: set[Identifier]
    crowding: dict[Identifier, bool]
    stored: dict[str, Keys]
    newer: frozenset[str]
    """Arriving records that replace what is stored, or are the first of their key."""


async def reach(
    db: Database,
    arriving: Mapping[str, Arriving],
    touched: Iterable[str],
    model: Model[Description] | None,
    opened: Collection[Identifier],
) -> Extent:
    """Everything that is of one component with an arriving record, old or new, or with a touched stored one.

    Crowded keys are not followed but for the ``opened`` ones. Of a tangle only as much is read as shows that it is one,
    and only what the change can link otherwise is to be linked anew.
    """
    links = StoredLinks(db, model, arriving, opened)
    start = {*arriving, *touched}
    met = await _around(links, start)
    suspect = _suspect(links, met)
    level = dict.fromkeys(met - suspect, BY_ALL)
    if suspect:
        level |= await _levels(links, suspect, start)
    known = {record: its for record in level if (its := links.stored[record])}
    return Extent(
        level,
        {record: its.level for record, its in known.items()},
        links.keys,
        links.crowded,
        _crowding(links, arriving),
        {record: its.keys for record, its in known.items()},
        frozenset(links.newer),
    )


def _crowding(links: StoredLinks, arriving: Mapping[str, Arriving]) -> dict[Identifier, bool]:
    coming = {key for record in links.newer for key in arriving[record].keys} - links.crowded
    return {key: True for key in coming if links.crowds(key)} | {
        key: False for key in links.opened if len(links.holders_after(key)) <= most_of(key)
    }


async def _around(links: StoredLinks, start: Collection[str]) -> set[str]:
    """Every record linked with these from one to the next, as stored or as they arrive; a tangle's are met only."""
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
    """Records that may be of a tangle: too many share keys with them, or one of them is of one as stored."""
    tangled = {record for record in met if links.level(record) != BY_ALL}
    if len(met) <= MOST and not tangled:
        return set()
    groups = Groups(met)
    first: dict[Identifier, str] = {}
    for record in met:
        for key in {*links.before(record), *links.after(record)} - links.crowded:
            if (other := first.setdefault(key, record)) is not record:
                groups.join(other, record)
    return {
        record
        for group in groups.groups()
        if len(group) > MOST or not tangled.isdisjoint(group)
        for record in group
    }


async def _levels(links: StoredLinks, suspect: Collection[str], start: Collection[str]) -> dict[str, int]:
    """The levels of those suspected, and of all whom a change of theirs concerns."""
    # A tangle may come apart where something no longer links: then all is counted anew that was next to it.
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
    return {key for record in links.newer for key in links.arriving[record].keys if links.crowds(key)}


async def _parted(
    links: StoredLinks, start: Collection[str], level: int, *, count_anew: bool
) -> tuple[set[str], set[str]]:
    """Whoever what links at this level puts together with these: in groups of at most ``MOST``, and in others.

    A record that is in a tangle at this level as stored says so of its whole group, unless it is counted anew; of such
    others only as many are looked at as tell.
    """
    groups, size = Groups[str](()), dict[str, int]()
    told: set[str] = set()
    """Records whose group is a tangle because they are in one."""

    def add(record: str) -> None:
        groups.add(record)
        size[record] = 1

    def join(one: str, other: str) -> None:
        first, second = groups.find(one), groups.find(other)
        if first != second:
            groups.join(first, second)
            size[groups.find(first)] = size[first] + size[second]

    new = set(start)
    for record in new:
        add(record)
    await links.meet(new)
    while new:
        asking = set()
        for record in new:
            if links.level(record) <= level or level == BY_DECISIONS or links.changes(record):
                asking.add(record)
            elif count_anew:
                if size[groups.find(record)] <= MOST:
                    asking.add(record)
            else:
                told.add(record)
        await links.ask(asking)
        found: set[str] = set()
        for record in asking:
            for other in links.linked(record, level):
                if other not in size:
                    add(other)
                    found.add(other)
                join(record, other)
        await links.meet(found)
        new = found
    tangles = {groups.find(record) for record in told}
    closed, over = set[str](), set[str]()
    for record in size:
        root = groups.find(record)
        tangle = level != BY_DECISIONS and (size[root] > MOST or root in tangles)
        (over if tangle else closed).add(record)
    return closed, over
