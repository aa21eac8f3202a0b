"""The ledger of discrepancies: opens what is new, resolves by itself what no longer differs."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import DiscrepancyId, SubjectId, record_key_of
from services.chassis.runtime import erased_numbers
from services.chassis.runtime.unit_of_work import Database, Work
from services.reconciliation.linkage.conviction.discrepancies import Discrepancy

KEYS: Final = ("court/", "doj/", "statement/")
"""How the key of a record or a statement begins."""
CLOSED: Final = "closed by the records unit"
"""How an entry ended that a person closed although its sources still differ."""


async def keep(
    db: Database,
    found: Mapping[SubjectId, Collection[Discrepancy]],
    affected: Collection[SubjectId],
    now: datetime,
    causes: Mapping[SubjectId, Collection[str]],
) -> list[DiscrepancyChanged]:
    """Writes what changed and returns it.

    ``found`` has everything that now differs in the affected subjects, by the subject it is filed under;
    ``affected`` also those that lost their records. What was open under one of them and is not found again is
    resolved by ``causes``: the keys of the records that were new, by the subjects that had or have them. What a
    person closed stays closed until it differs in another way.
    """
    entries = {one.discrepancy_id: (subject_id, one) for subject_id, ones in found.items() for one in ones}
    stored = await _read(db, entries.keys(), affected)
    above = (
        await erased_numbers.highest(db, DiscrepancyChanged.TOPIC) if entries.keys() - stored.keys() else 0
    )
    changed: list[DiscrepancyChanged] = []
    unchanged: list[DiscrepancyId] = []
    for discrepancy_id, (subject_id, entry) in entries.items():
        before = stored.get(discrepancy_id)
        after = _opened(entry, subject_id, before, above, now)
        if before is None or _as_found(before, after) != after:
            changed.append(after)
        else:
            unchanged.append(discrepancy_id)
    for discrepancy_id, before in stored.items():
        if discrepancy_id not in entries and before.status == "open":
            by = tuple(sorted(causes.get(before.subject_id, ()) if before.subject_id else ()))
            changed.append(_resolved(before, by, now))
    await _write(db, changed, "records")
    if unchanged:
        await db.execute(
            "UPDATE discrepancies SET last_seen = $2 WHERE discrepancy_id = ANY($1)", unchanged, now
        )
    return changed


async def open_found(work: Work, entries: Collection[DiscrepancyChanged], found_by: str) -> None:
    """Opens entries that are not found in records, and emits them; one that is open changes nothing."""
    if not entries:
        return
    stored = await _read(work.db, [entry.discrepancy_id for entry in entries], ())
    above = await erased_numbers.highest(work.db, DiscrepancyChanged.TOPIC)
    opened = []
    for entry in entries:
        before = stored.get(entry.discrepancy_id)
        if before is None or before.status != "open":
            version = (before.version if before else above) + 1
            opened.append(entry.replace(version=version))
    await _write(work.db, opened, found_by)
    for entry in opened:
        work.emit(entry)


async def resolve(work: Work, by: Mapping[DiscrepancyId, str]) -> None:
    """Resolves entries, each by what is said, and emits them; one that is not open changes nothing."""
    if not by:
        return
    stored = await _read(work.db, by.keys(), ())
    resolved = [
        _resolved(entry, (by[entry.discrepancy_id],), work.now)
        for entry in stored.values()
        if entry.status == "open"
    ]
    await _write(work.db, resolved, "")
    for entry in resolved:
        work.emit(entry)


async def close(work: Work, entry: DiscrepancyChanged) -> DiscrepancyChanged:
    """Ends an open entry by a person's word, and emits it."""
    closed = _resolved(entry, (CLOSED,), work.now)
    await _write(work.db, [closed], "")
    work.emit(closed)
    return closed


async def restate(work: Work, entries: Collection[DiscrepancyChanged]) -> None:
    """Writes entries that say something else now as their next versions, and emits them."""
    changed = [entry.replace(version=entry.version + 1) for entry in entries]
    await _write(work.db, changed, "")
    for entry in changed:
        work.emit(entry)


def _as_found(before: DiscrepancyChanged, after: DiscrepancyChanged) -> DiscrepancyChanged:
    """What is stored, as it would be found now; what a person closed counts as open."""
    same: dict[str, Any] = {"version": after.version, "at": after.at}
    if before.resolved_by == (CLOSED,):
        same |= {"status": "open", "resolved_by": ()}
    return before.replace(**same)


def _resolved(before: DiscrepancyChanged, by: tuple[str, ...], now: datetime) -> DiscrepancyChanged:
    ended = {"status": "resolved", "version": before.version + 1, "resolved_by": by, "at": now}
    return before.replace(**ended)


def _opened(
    entry: Discrepancy, subject_id: SubjectId, before: DiscrepancyChanged | None, above: int, now: datetime
) -> DiscrepancyChanged:
    return DiscrepancyChanged(
        discrepancy_id=entry.discrepancy_id,
        version=(before.version if before else above) + 1,
        kind=entry.kind,
        status="open",
        owner=entry.owner,
        county=entry.county,
        subject_id=subject_id,
        conviction_id=entry.conviction_id,
        counts=entry.counts,
        field=entry.field,
        values=entry.values,
        first_seen=before.first_seen if before else now,
        at=now,
    )


async def _read(
    db: Database, ids: Collection[DiscrepancyId], subjects: Collection[SubjectId]
) -> dict[DiscrepancyId, DiscrepancyChanged]:
    rows = await db.fetch(
        """SELECT event FROM discrepancies WHERE discrepancy_id = ANY($1)
           UNION ALL
           SELECT event FROM discrepancies
           WHERE open AND found_by = 'records' AND subject_id = ANY($2) AND discrepancy_id <> ALL($1)""",
        list(ids),
        list(subjects),
    )
    events = (DiscrepancyChanged.from_json(row["event"]) for row in rows)
    return {event.discrepancy_id: event for event in events}


async def _write(db: Database, events: Collection[DiscrepancyChanged], found_by: str) -> None:
    """Replaces these entries; ``found_by`` is of new ones."""
    if not events:
        return
    rows = sorted(events, key=lambda event: event.discrepancy_id)
    await db.execute(
        """INSERT INTO discrepancies
               (discrepancy_id, version, kind, open, subject_id, first_seen, last_seen, event, county, owner, records,
                found_by)
           SELECT changed.*, $11 FROM (
               SELECT discrepancy_id, version, kind, open, subject_id, at, at, event, county, owner,
                   string_to_array(records, E'\\n')
               FROM unnest($1::uuid[], $2::int[], $3::text[], $4::boolean[], $5::uuid[], $6::timestamptz[],
                           $7::bytea[], $8::text[], $9::text[], $10::text[]) AS new (
                   discrepancy_id, version, kind, open, subject_id, at, event, county, owner, records)) AS changed
           ON CONFLICT (discrepancy_id) DO UPDATE SET version = excluded.version, open = excluded.open,
               subject_id = excluded.subject_id, event = excluded.event, county = excluded.county,
               owner = excluded.owner, records = excluded.records,
               last_seen = CASE WHEN excluded.open THEN excluded.last_seen ELSE discrepancies.last_seen END""",
        [event.discrepancy_id for event in rows],
        [event.version for event in rows],
        [event.kind for event in rows],
        [event.status == "open" for event in rows],
        [event.subject_id for event in rows],
        [event.at for event in rows],
        [event.to_json() for event in rows],
        [event.county for event in rows],
        [event.owner for event in rows],
        ["\n".join(named(event)) for event in rows],
        found_by,
    )


def named(entry: DiscrepancyChanged) -> list[str]:
    """The keys of the records and statements that an entry names, those of its counts among them, sorted."""
    resolved_by = (each for each in entry.resolved_by if each.startswith(KEYS))
    return sorted({*map(record_key_of, entry.counts), *in_doubt(entry), *resolved_by})


def in_doubt(entry: DiscrepancyChanged) -> set[str]:
    """The keys of the records of whom an entry says that they may be one person's, or several's."""
    return {value for _, value in entry.values} if entry.kind == "identity_in_doubt" else set()
