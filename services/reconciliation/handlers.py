"""Records and statements in; histories and discrepancies out, for every subject that they affect."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import SubjectId
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.statements import FactStated
from services.chassis.runtime import erased_numbers
from services.chassis.runtime.unit_of_work import Delivery, Trace, Work
from services.reconciliation import ledger
from services.reconciliation.linkage.conviction.histories import Subject, reconcile, with_statements
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.weights import Model
from services.reconciliation.store import erased_sheets, key_locks
from services.reconciliation.store import records as store
from services.reconciliation.store import statements as stated
from services.reconciliation.store.links import arriving_of
from services.reconciliation.store.locked_records import LockedRecords, lock_records
from services.reconciliation.store.records import StoredSubject
from services.reconciliation.subject_ids import keep_ids, new_id


@dataclass(frozen=True, slots=True)
class Identified:
    """The subjects of the locked records with their ids; ``retired`` has each lost id's successor, ``emptied`` those
    whose records were all withdrawn, ``new`` those that nobody had before."""

    subjects: dict[SubjectId, Subject]
    retired: dict[SubjectId, SubjectId]
    emptied: set[SubjectId]
    new: set[SubjectId]


@dataclass(frozen=True, slots=True)
class Linker:
    """What links records to subjects, with one model; without one nobody is linked by resemblance."""

    model: Model[Description] | None = None

    async def on_records(self, deliveries: Sequence[Delivery[SourceRecord | FactStated]], work: Work) -> None:
        """Stores the latest version of each record and statement, links the affected components again, emits changes.

        What is not newer than what is stored changes nothing.
        """
        arriving: dict[str, SourceRecord] = {}
        statements: dict[str, FactStated] = {}
        traces: dict[str, Trace | None] = {}
        for delivery in deliveries:
            event, key = delivery.event, delivery.event.key()
            if isinstance(event, FactStated):
                if key not in statements or statements[key].revision < event.revision:
                    statements[key], traces[key] = event, delivery.trace
            elif key not in arriving or arriving[key].sequence < event.sequence:
                arriving[key], traces[key] = event, delivery.trace
        if statements:
            await stated.lock_out_records(work.db)
        else:
            await stated.lock_out_statements(work.db)
        caused = await stated.keep(work.db, statements.values()) if statements else {}
        coming = {key: arriving_of(record) for key, record in arriving.items()}
        beside = await stated.named_beside(work.db, arriving)
        locked = await lock_records(work.db, coming, self.model, {*caused, *beside})
        newer = {key: arriving[key] for key in sorted(locked.affected.newer)}
        # A statement on a record of this batch: neither was stored before.
        for key in newer:
            caused[key] = {key, *caused.get(key, ())}
        if caused:
            await self._link(work, locked, newer, traces, caused)

    async def compare_anew(self, work: Work, stored: Mapping[str, SourceRecord]) -> None:
        """Links stored records again by the keys of this version; skips a record that was replaced meanwhile."""
        await stated.lock_out_statements(work.db)
        coming = {key: arriving_of(one)._replace(sequence=one.sequence + 1) for key, one in stored.items()}
        locked = await lock_records(work.db, coming, self.model)
        if newer := {key: stored[key] for key in sorted(locked.affected.newer)}:
            await self._link(work, locked, newer, {}, {key: {key} for key in newer})

    async def link_anew(self, work: Work, touched: Collection[str]) -> None:
        """Links the components of these stored records again, and emits what changed."""
        await stated.lock_out_statements(work.db)
        await self._link(work, await lock_records(work.db, {}, self.model, touched), {}, {}, {})

    async def _link(
        self,
        work: Work,
        locked: LockedRecords,
        newer: Mapping[str, SourceRecord],
        traces: Mapping[str, Trace | None],
        caused: Mapping[str, set[str]],
    ) -> None:
        """``caused``: what is new of a record, by its key: the record itself, or statements on it."""
        records = {**locked.records, **newer}
        described = {key: its for key in newer if (its := locked.coming[key].description)}
        linked = reconcile(
            records.values(),
            locked.oversized,
            self.model,
            locked.decided,
            locked.affected.level,
            described=described,
        )
        statements = await stated.naming(work.db, records.keys())
        elsewhere = await stated.elsewhere(work.db, statements, records.keys())
        subjects, standings = with_statements(linked, statements, elsewhere)
        sheets = await erased_sheets.beside(work.db, records.keys())
        subjects = [_with_erased_sheet(subject, sheets) for subject in subjects] if sheets else subjects
        identified = await _identify(work, subjects, locked, records)
        await _write_records(work, newer, locked, identified)
        await stated.write_standings(work.db, standings)
        await _publish(work, identified, traces, _causes(caused, locked, identified))
        await key_locks.changed(work.db)


def _with_erased_sheet(subject: Subject, sheets: Mapping[str, erased_sheets.ErasedSheet]) -> Subject:
    found = erased_sheets.of_person((record.key() for record in subject.records), sheets)
    return replace(subject, erased_sheet=found) if found else subject


async def _identify(
    work: Work, subjects: Sequence[Subject], locked: LockedRecords, records: Mapping[str, SourceRecord]
) -> Identified:
    groups = [[record.key() for record in subject.records] for subject in subjects]
    # A withdrawn record has no say while it is withdrawn, and gets its subject back when it returns alone.
    kept = keep_ids(groups, locked.subject_ids)
    fresh = [group[0] for group, subject_id in zip(groups, kept.ids, strict=True) if subject_id is None]
    used = await store.used_ids(work.db, fresh)
    ids = [subject_id or new_id(group[0], used) for group, subject_id in zip(groups, kept.ids, strict=True)]
    retired = {old: ids[place] for old, place in kept.retired.items()}
    withdrawn = {locked.subject_ids[key] for key in locked.subject_ids if records[key].withdrawn}
    return Identified(
        dict(zip(ids, subjects, strict=True)),
        retired,
        emptied=withdrawn - set(ids) - retired.keys(),
        new=set(ids).difference(kept.ids),
    )


async def _write_records(
    work: Work, newer: Mapping[str, SourceRecord], locked: LockedRecords, identified: Identified
) -> None:
    linked = {
        record.key(): subject_id
        for subject_id, subject in identified.subjects.items()
        for record in subject.records
    }
    # One record keeps the id of a subject that is empty now; two that come back may be two persons.
    dormant = {locked.subject_ids[key]: key for key in sorted(locked.subject_ids, reverse=True)}
    linked |= {key: old for old, key in dormant.items() if old in identified.emptied}
    replaced = newer.keys() & locked.records.keys()
    level = locked.affected.level
    await store.write_records(work.db, newer.values(), locked.coming, linked, replaced, level=level)
    moved = {
        key: linked.get(key)
        for key in locked.records
        if key not in newer and linked.get(key) != locked.subject_ids.get(key)
    }
    await store.move_records(work.db, moved)
    before = locked.affected.level_before
    turned = {key: level[key] for key in before if key not in newer and before[key] != level[key]}
    await store.mark_component_levels(work.db, turned)
    await store.mark_oversized(work.db, locked.affected.resized)


def _causes(
    caused: Mapping[str, set[str]], locked: LockedRecords, identified: Identified
) -> dict[SubjectId, set[str]]:
    """The keys of the records and statements that are new, by the subjects that had them or have them."""
    causes: dict[SubjectId, set[str]] = {}
    for key, new in caused.items():
        if key in locked.subject_ids:
            causes.setdefault(locked.subject_ids[key], set()).update(new)
    for subject_id, subject in identified.subjects.items():
        for record in subject.records:
            if new := caused.get(record.key(), set()):
                causes.setdefault(subject_id, set()).update(new)
    for old, successor in identified.retired.items():
        causes.setdefault(old, set()).update(causes.get(successor, ()))
    return causes


async def _publish(
    work: Work,
    identified: Identified,
    traces: Mapping[str, Trace | None],
    causes: Mapping[SubjectId, set[str]],
) -> None:
    touched = {*identified.subjects, *identified.retired, *identified.emptied}
    stored = await store.read_subjects(work.db, touched - identified.new)
    above = await erased_numbers.highest(work.db, HistoryChanged.TOPIC) if touched - stored.keys() else 0
    changed: list[StoredSubject] = []
    by_subject = {subject: first_to_come(traces.get(key) for key in keys) for subject, keys in causes.items()}

    def publish(history: HistoryChanged, in_doubt: bool, trace: Trace | None) -> None:
        content = history.to_json()
        digest = sha256(content).digest()
        before = stored.get(history.subject_id)
        if before and before.content == digest:
            return
        version = (before.version if before else above) + 1
        if version > 1:  # the first number in it
            history = history.replace(version=version)
            content = content.replace(b'"version":1,', f'"version":{version},'.encode(), 1)
        work.emit(history, trace, content)
        changed.append(StoredSubject(history.subject_id, version, digest, in_doubt, history.retired_into))

    for subject_id, subject in identified.subjects.items():
        publish(subject.history(subject_id, version=1), subject.in_doubt, by_subject.get(subject_id))
    for subject_id in sorted(identified.emptied):
        publish(HistoryChanged(subject_id=subject_id, version=1), False, by_subject.get(subject_id))
    for subject_id, successor in sorted(identified.retired.items()):
        retired = HistoryChanged(subject_id=subject_id, version=1, retired_into=successor)
        publish(retired, False, by_subject.get(subject_id))
    if changed:
        await store.write_subjects(work.db, changed)
    found = {subject_id: subject.discrepancies for subject_id, subject in identified.subjects.items()}
    for event in await ledger.keep(work.db, found, touched, work.now, causes):
        work.emit(event, by_subject.get(event.subject_id) if event.subject_id else None)


def first_to_come(traces: Iterable[Trace | None]) -> Trace | None:
    """The trace that a history of several new records carries: of the one that reached intake first.

    The traces of the others end with this history; None where no record has a trace.
    """
    known = [trace for trace in traces if trace]
    return min(known, key=lambda trace: (trace.arrived_at or "9", trace.parent), default=None)
