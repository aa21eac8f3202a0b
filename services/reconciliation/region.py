"""All records that could be one person's with those of a batch, locked and read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from reliefstream_contracts.identifiers import SubjectId
from reliefstream_contracts.records import CaseRecorded, RapSheetRecorded, SourceRecord
from services.chassis.work import Database
from services.reconciliation.extent import Arriving, Extent, arriving_of, reach
from services.reconciliation.linkage.components import most_of
from services.reconciliation.linkage.decisions import Decided, Decision
from services.reconciliation.linkage.description import Description
from services.reconciliation.linkage.identifiers import Identifier
from services.reconciliation.linkage.weights import Model

_TYPES: dict[str, type[SourceRecord]] = {event.TYPE: event for event in (RapSheetRecorded, CaseRecorded)}


def stored_record(row: Mapping[str, Any]) -> SourceRecord:
    """The record that a row of ``records`` holds in its ``type`` and ``body``."""
    return _TYPES[row["type"]].model_validate_json(row["body"])


@dataclass(slots=True)
class Region:
    """Whole components, as stored.

    ``crowded`` keys are locked and not followed; ``opened`` ones were crowded and are followed again.
    """

    records: dict[str, SourceRecord] = field(default_factory=dict)
    subject_ids: dict[str, SubjectId] = field(default_factory=dict)
    crowded: frozenset[Identifier] = frozenset()
    opened: frozenset[Identifier] = frozenset()
    decided: Decided = field(default_factory=Decided)
    stored_keys: dict[str, tuple[Identifier, ...]] = field(default_factory=dict)
    """The keys of each record as stored."""
    coming: dict[str, Arriving] = field(default_factory=dict)
    """What of the arriving records is compared, by key."""


async def lock_region(
    db: Database,
    arriving: Mapping[str, SourceRecord],
    model: Model[Description] | None = None,
    touched: Collection[str] = (),
) -> Region:
    """The records stored under the arriving and touched keys, and all of their components, old and new.

    Until the transaction ends nobody else changes a record that holds one of their keys. The locks are
    taken in sorted order: first the extent is read without locks, then all is locked, then read again; where
    it has grown meanwhile, the locks are given back and it starts over with more.
    """
    coming = {key: arriving_of(record) for key, record in arriving.items()}
    opened: frozenset[Identifier] = frozenset()
    while True:
        extent, crowded = await _lock(db, coming, touched, model, opened)
        region = await _read(db, extent.records.keys(), crowded)
        thinned = await _thinned(db, region, extent, coming)
        if not thinned:
            region.opened, region.stored_keys, region.coming = opened, extent.stored, coming
            return region
        # With records leaving, a key names somebody again: what it links is in the region now.
        opened |= thinned


async def _lock(
    db: Database,
    coming: Mapping[str, Arriving],
    touched: Collection[str],
    model: Model[Description] | None,
    opened: frozenset[Identifier],
) -> tuple[Extent, frozenset[Identifier]]:
    extent = await reach(db, coming, touched, model, opened)
    while True:
        locks = db.transaction()
        await locks.start()
        crowded = await _lock_rows(db, sorted(extent.keys)) - opened
        again = await reach(db, coming, touched, model, opened)
        if again.keys <= extent.keys:
            await locks.commit()
            return again, crowded
        await locks.rollback()
        extent = again


async def _lock_rows(db: Database, keys: list[Identifier]) -> frozenset[Identifier]:
    """Locks these keys; returns the crowded ones of them."""
    # A row that another transaction has just made is waited for here, in the same order.
    await db.execute(
        "INSERT INTO identifiers (identifier) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING", keys
    )
    rows = await db.fetch(
        "SELECT identifier, crowded FROM identifiers WHERE identifier = ANY($1) ORDER BY identifier FOR UPDATE",
        keys,
    )
    return frozenset(Identifier(row["identifier"]) for row in rows if row["crowded"])


async def _read(db: Database, keys: Collection[str], crowded: frozenset[Identifier]) -> Region:
    region = Region(crowded=crowded)
    for row in await db.fetch(
        "SELECT record_key, type, body, subject_id FROM records WHERE record_key = ANY($1)", list(keys)
    ):
        region.records[row["record_key"]] = stored_record(row)
        if row["subject_id"] is not None:
            region.subject_ids[row["record_key"]] = SubjectId(row["subject_id"])
    decided = await db.fetch(
        "SELECT one, other, same FROM link_decisions WHERE one = ANY($1) AND other = ANY($1)", list(keys)
    )
    region.decided = Decided(Decision(row["one"], row["other"], row["same"]) for row in decided)
    return region


async def _thinned(
    db: Database, region: Region, extent: Extent, coming: Mapping[str, Arriving]
) -> frozenset[Identifier]:
    """Crowded keys that no longer are, once the arriving records have replaced the stored ones."""
    leaving: dict[Identifier, int] = {}
    for record_key, record in coming.items():
        stored = region.records.get(record_key)
        if stored is None or stored.sequence >= record.sequence:
            continue
        before, after = set(extent.stored.get(record_key, ())), set(record.keys)
        for key in (before ^ after) & region.crowded:
            leaving[key] = leaving.get(key, 0) + (1 if key in before else -1)
    losing = {key: lost for key, lost in leaving.items() if lost > 0}
    if not losing:
        return frozenset()
    rows = await db.fetch(
        """SELECT wanted.identifier, (
               SELECT count(*) FROM (
                   SELECT FROM record_identifiers AS held WHERE held.identifier = wanted.identifier LIMIT $2
               ) AS first
           ) AS holders FROM unnest($1::text[]) AS wanted (identifier)""",
        list(losing),
        max(most_of(key) + lost for key, lost in losing.items()) + 1,
    )
    found = {Identifier(row["identifier"]): row["holders"] for row in rows}
    return frozenset(key for key, lost in losing.items() if found[key] - lost <= most_of(key))
