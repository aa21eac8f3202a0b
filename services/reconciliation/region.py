"""All records that could be one person's with those of a batch, locked and read."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from reliefstream_contracts.identifiers import SubjectId
from reliefstream_contracts.records import CaseRecorded, RapSheetRecorded, SourceRecord
from services.chassis.work import Database
from services.reconciliation.linkage.identifiers import CROWD, Identifier, identifiers_of

TYPES: dict[str, type[SourceRecord]] = {event.TYPE: event for event in (RapSheetRecorded, CaseRecorded)}


@dataclass(slots=True)
class Region:
    """Whole components of linked identifiers, as stored.

    ``crowded`` identifiers are locked and not followed; ``opened`` ones were crowded and are followed again.
    """

    records: dict[str, SourceRecord] = field(default_factory=dict)
    subject_ids: dict[str, SubjectId] = field(default_factory=dict)
    crowded: frozenset[Identifier] = frozenset()
    opened: frozenset[Identifier] = frozenset()


async def lock_region(db: Database, arriving: Mapping[str, SourceRecord]) -> Region:
    """The records stored under the arriving keys, and all that share identifiers with old or new, transitively.

    Until the transaction ends nobody else changes a record that holds one of their identifiers. The locks are
    taken in sorted order: first the extent is read without locks, then all is locked, then read again; where
    it has grown meanwhile, the locks are given back and it starts over with more.
    """
    new = {identifier for record in arriving.values() for identifier in identifiers_of(record)}
    old = await db.fetch(
        "SELECT DISTINCT identifier FROM record_identifiers WHERE record_key = ANY($1)", list(arriving)
    )
    wanted = new | {Identifier(row["identifier"]) for row in old}
    opened: frozenset[Identifier] = frozenset()
    while True:
        keys, crowded = await _lock(db, wanted, arriving, opened)
        region = await _read(db, keys, crowded)
        thinned = await _thinned(db, region, arriving)
        if not thinned:
            region.opened = opened
            return region
        # With records leaving, an identifier names somebody again: what it links is in the region now.
        opened |= thinned


async def _lock(
    db: Database, wanted: set[Identifier], arriving: Iterable[str], opened: frozenset[Identifier]
) -> tuple[set[str], frozenset[Identifier]]:
    reached, _ = await _reach(db, wanted, opened)
    while True:
        locks = db.transaction()
        await locks.start()
        crowded = await _lock_rows(db, sorted(reached)) - opened
        again, keys = await _reach(db, reached, opened)
        if again == reached:
            await locks.commit()
            return keys | set(arriving), crowded
        await locks.rollback()
        reached = again


async def _lock_rows(db: Database, identifiers: list[Identifier]) -> frozenset[Identifier]:
    """Locks these identifiers; returns the crowded ones of them."""
    # A row that another transaction has just made is waited for here, in the same order.
    await db.execute(
        "INSERT INTO identifiers (identifier) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING", identifiers
    )
    rows = await db.fetch(
        "SELECT identifier, crowded FROM identifiers WHERE identifier = ANY($1) ORDER BY identifier FOR UPDATE",
        identifiers,
    )
    return frozenset(Identifier(row["identifier"]) for row in rows if row["crowded"])


async def _reach(
    db: Database, start: Collection[Identifier], opened: frozenset[Identifier]
) -> tuple[set[Identifier], set[str]]:
    """Identifiers reached through shared records, but for crowded ones that are not opened, and the records met."""
    reached, keys = set(start), set[str]()
    frontier = list(start)
    while frontier:
        rows = await db.fetch(
            """SELECT own.identifier, own.record_key FROM record_identifiers AS own
               WHERE own.record_key IN (
                   SELECT record_key FROM record_identifiers AS shared JOIN identifiers USING (identifier)
                   WHERE identifier = ANY($1) AND (NOT crowded OR identifier = ANY($2))
               )""",
            frontier,
            list(opened),
        )
        keys |= {row["record_key"] for row in rows}
        frontier = list({Identifier(row["identifier"]) for row in rows} - reached)
        reached.update(frontier)
    return reached, keys


async def _read(db: Database, keys: Collection[str], crowded: frozenset[Identifier]) -> Region:
    region = Region(crowded=crowded)
    for row in await db.fetch(
        "SELECT record_key, type, body, subject_id FROM records WHERE record_key = ANY($1)", list(keys)
    ):
        region.records[row["record_key"]] = TYPES[row["type"]].model_validate_json(row["body"])
        if row["subject_id"] is not None:
            region.subject_ids[row["record_key"]] = SubjectId(row["subject_id"])
    return region


async def _thinned(
    db: Database, region: Region, arriving: Mapping[str, SourceRecord]
) -> frozenset[Identifier]:
    """Crowded identifiers that no longer are, once the arriving records have replaced the stored ones."""
    leaving: dict[Identifier, int] = {}
    for key, record in arriving.items():
        stored = region.records.get(key)
        if stored is None or stored.sequence >= record.sequence:
            continue
        before, after = set(identifiers_of(stored)), set(identifiers_of(record))
        for identifier in (before ^ after) & region.crowded:
            leaving[identifier] = leaving.get(identifier, 0) + (1 if identifier in before else -1)
    losing = {identifier: lost for identifier, lost in leaving.items() if lost > 0}
    if not losing:
        return frozenset()
    rows = await db.fetch(
        """SELECT wanted.identifier, (
               SELECT count(*) FROM (
                   SELECT FROM record_identifiers AS held WHERE held.identifier = wanted.identifier LIMIT $2
               ) AS first
           ) AS holders FROM unnest($1::text[]) AS wanted (identifier)""",
        list(losing),
        CROWD + max(losing.values()) + 1,
    )
    found = {Identifier(row["identifier"]): row["holders"] for row in rows}
    return frozenset(identifier for identifier, lost in losing.items() if found[identifier] - lost <= CROWD)
