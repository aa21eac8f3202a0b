"""All records that could be one person's with those of a batch, locked and read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from reliefstream_contracts.identifiers import SubjectId
from reliefstream_contracts.records import CaseRecorded, RapSheetRecorded, SourceRecord
from services.chassis.work import Database
from services.reconciliation import key_locks
from services.reconciliation.extent import Extent, reach
from services.reconciliation.linkage.components import most_of
from services.reconciliation.linkage.decisions import Decided, Decision
from services.reconciliation.linkage.description import Description
from services.reconciliation.linkage.identifiers import Identifier
from services.reconciliation.linkage.weights import Model
from services.reconciliation.stored_links import Arriving

_TYPES: dict[str, type[SourceRecord]] = {event.TYPE: event for event in (RapSheetRecorded, CaseRecorded)}


def stored_record(row: Mapping[str, Any]) -> SourceRecord:
    """The record that a row of ``records`` holds in its ``type`` and ``body``."""
    return _TYPES[row["type"]].model_validate_json(row["body"])


@dataclass(slots=True)
class Region:
    """Whatever is linked anew, as stored: whole components, and of a tangle all that the change can link otherwise.

    ``crowded`` keys, as they are now or will be, are locked and link nobody.
    """

    extent: Extent
    coming: Mapping[str, Arriving]
    """What of the arriving records is compared, by key."""
    crowded: frozenset[Identifier]
    records: dict[str, SourceRecord] = field(default_factory=dict)
    subject_ids: dict[str, SubjectId] = field(default_factory=dict)
    decided: Decided = field(default_factory=Decided)


async def lock_region(
    db: Database,
    coming: Mapping[str, Arriving],
    model: Model[Description] | None = None,
    touched: Collection[str] = (),
) -> Region:
    """The records stored under the arriving and touched keys, and all of their components, old and new.

    Until the transaction ends nobody else changes a record that holds one of their keys. The locks are taken in sorted
    order: first the extent is read without locks, then all is locked; where another transaction has linked anything
    meanwhile it is read again, and where it has grown by that the locks are given back and it starts over with more.
    """
    opened: frozenset[Identifier] = frozenset()
    while True:
        extent = await _locked(db, coming, touched, model, opened)
        thinned = await _thinned(db, extent, coming)
        if not thinned:
            grown = {key for key, crowds in extent.crowding.items() if crowds}
            region = Region(extent, coming, frozenset(extent.crowded | grown))
            await _read(db, region)
            return region
        # With records leaving, a key names somebody again: what it links is in the region now.
        opened |= thinned


async def _locked(
    db: Database,
    coming: Mapping[str, Arriving],
    touched: Collection[str],
    model: Model[Description] | None,
    opened: frozenset[Identifier],
) -> Extent:
    before = await key_locks.changes(db)
    extent = await reach(db, coming, touched, model, opened)
    while True:
        locks = db.transaction()
        await locks.start()
        await key_locks.lock(db, sorted(extent.keys))
        now = await key_locks.changes(db)
        again = extent if now == before else await reach(db, coming, touched, model, opened)
        if again.keys <= extent.keys:
            await locks.commit()
            return again
        await locks.rollback()
        before, extent = now, again


async def _read(db: Database, region: Region) -> None:
    keys = list(region.extent.level)
    for row in await db.fetch(
        "SELECT record_key, type, body, subject_id FROM records WHERE record_key = ANY($1)", keys
    ):
        region.records[row["record_key"]] = stored_record(row)
        if row["subject_id"] is not None:
            region.subject_ids[row["record_key"]] = SubjectId(row["subject_id"])
    decided = await db.fetch(
        "SELECT one, other, same FROM link_decisions WHERE one = ANY($1) AND other = ANY($1)", keys
    )
    region.decided = Decided(Decision(row["one"], row["other"], row["same"]) for row in decided)


async def _thinned(db: Database, extent: Extent, coming: Mapping[str, Arriving]) -> frozenset[Identifier]:
    """Crowded keys that no longer are, once the arriving records have replaced the stored ones."""
    leaving: dict[Identifier, int] = {}
    for record_key in extent.newer:
        before, after = set(extent.stored.get(record_key, ())), set(coming[record_key].keys)
        for key in (before ^ after) & extent.crowded:
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
