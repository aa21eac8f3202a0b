"""Locks and reads all records that may be of one person with those of a batch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from reliefstream_contracts.identifiers import SubjectId
from reliefstream_contracts.records import CaseRecorded, RapSheetRecorded, SourceRecord
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.linkage.identity.components import most_of
from services.reconciliation.linkage.identity.decisions import Decided, IdentityDecision
from services.reconciliation.linkage.identity.identifiers import Identifier
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.weights import Model
from services.reconciliation.store import key_locks
from services.reconciliation.store.affected_components import AffectedComponents, reach
from services.reconciliation.store.links import Arriving

_TYPES: dict[str, type[SourceRecord]] = {event.TYPE: event for event in (RapSheetRecorded, CaseRecorded)}


def stored_record(row: Mapping[str, Any]) -> SourceRecord:
    """The record that a row of ``records`` holds in its ``type`` and ``body``."""
    return _TYPES[row["type"]].from_json(row["body"])


@dataclass(slots=True)
class LockedRecords:
    """The stored records to link again: whole components, and those records of an oversized one whose links can change.

    ``oversized``: keys that are or will be oversized; they are locked and link nobody.
    """

    affected: AffectedComponents
    coming: Mapping[str, Arriving]
    """What of the arriving records is compared, by key."""
    oversized: frozenset[Identifier]
    records: dict[str, SourceRecord] = field(default_factory=dict)
    subject_ids: dict[str, SubjectId] = field(default_factory=dict)
    decided: Decided = field(default_factory=Decided)


async def lock_records(
    db: Database,
    coming: Mapping[str, Arriving],
    model: Model[Description] | None = None,
    touched: Collection[str] = (),
) -> LockedRecords:
    """The records stored under the arriving and touched keys, and all of their components, old and new.

    Until the transaction ends nobody else changes a record that holds one of their keys. The locks are taken in sorted
    order: first the affected components are read without locks, then all are locked. Where another transaction has
    linked anything meanwhile they are read again, and where they have grown the locks are released and it starts over
    with more.
    """
    opened: frozenset[Identifier] = frozenset()
    while True:
        affected = await _locked(db, coming, touched, model, opened)
        thinned = await _thinned(db, affected, coming)
        if not thinned:
            grown = {key for key, oversized in affected.resized.items() if oversized}
            locked = LockedRecords(affected, coming, frozenset(affected.oversized | grown))
            await _read(db, locked)
            return locked
        # With fewer records, a key identifies a person again: the records that it links are locked too.
        opened |= thinned


async def _locked(
    db: Database,
    coming: Mapping[str, Arriving],
    touched: Collection[str],
    model: Model[Description] | None,
    opened: frozenset[Identifier],
) -> AffectedComponents:
    before = await key_locks.changes(db)
    affected = await reach(db, coming, touched, model, opened)
    while True:
        locks = db.transaction()
        await locks.start()
        await key_locks.lock(db, list(affected.keys))
        now = await key_locks.changes(db)
        again = affected if now == before else await reach(db, coming, touched, model, opened)
        if again.keys <= affected.keys:
            await locks.commit()
            return again
        await locks.rollback()
        before, affected = now, again


async def _read(db: Database, locked: LockedRecords) -> None:
    keys = list(locked.affected.level)
    for row in await db.fetch(
        "SELECT record_key, type, body, subject_id FROM records WHERE record_key = ANY($1)", keys
    ):
        locked.records[row["record_key"]] = stored_record(row)
        if row["subject_id"] is not None:
            locked.subject_ids[row["record_key"]] = SubjectId(row["subject_id"])
    decided = await db.fetch(
        """SELECT one, other, same FROM link_decisions
           WHERE one = ANY($1) AND other = ANY($1) AND superseded_at IS NULL""",
        keys,
    )
    locked.decided = Decided(IdentityDecision(row["one"], row["other"], row["same"]) for row in decided)


async def _thinned(
    db: Database, affected: AffectedComponents, coming: Mapping[str, Arriving]
) -> frozenset[Identifier]:
    """Oversized keys that no longer are, once the arriving records have replaced the stored ones."""
    leaving: dict[Identifier, int] = {}
    for record_key in affected.newer:
        before, after = set(affected.stored.get(record_key, ())), set(coming[record_key].keys)
        for key in (before ^ after) & affected.oversized:
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
