"""What reconciliation writes of records, identifiers and subjects: one statement a table and batch."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from reliefstream_contracts.identifiers import SubjectId
from reliefstream_contracts.records import SourceRecord
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.linkage.conviction.histories import subject_id_for
from services.reconciliation.linkage.identity.identifiers import Identifier
from services.reconciliation.linkage.identity.oversized_components import BY_ALL
from services.reconciliation.linkage.resemblance.blocking import is_block
from services.reconciliation.store.descriptions import as_text
from services.reconciliation.store.links import Arriving

COMPARED_BY = 3
"""What of a record is compared and which keys it has, counted: grows with a version that has others (back_fill.py)."""


@dataclass(frozen=True, slots=True)
class StoredSubject:
    """A subject as published last; ``content`` is a digest of it without its version."""

    subject_id: SubjectId
    version: int
    content: bytes
    in_doubt: bool
    retired_into: SubjectId | None = None


async def write_records(
    db: Database,
    records: Collection[SourceRecord],
    coming: Mapping[str, Arriving],
    subject_ids: Mapping[str, SubjectId],
    replaced: Collection[str],
    *,
    level: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Replaces each record and its keys; a key without a subject is linked to none.

    ``coming``: what of each record is compared. ``replaced``: the keys under which another record is stored now.
    ``level``: of those in an oversized component (linkage/identity/oversized_components.py).
    """
    rows = sorted(records, key=SourceRecord.key)
    keys = [record.key() for record in rows]
    arriving = [coming[key] for key in keys]
    await db.execute(
        """INSERT INTO records (record_key, sequence, type, body, withdrawn, subject_id, description, component_level,
                                compared_by)
           SELECT *, $9 FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[], $5::boolean[],
                                    $6::uuid[], $7::text[], $8::smallint[])
           ON CONFLICT (record_key) DO UPDATE SET sequence = excluded.sequence, type = excluded.type,
               body = excluded.body, withdrawn = excluded.withdrawn, subject_id = excluded.subject_id,
               description = excluded.description, component_level = excluded.component_level,
               compared_by = excluded.compared_by""",
        keys,
        [record.sequence for record in rows],
        [record.TYPE for record in rows],
        [record.to_json() for record in rows],
        [record.withdrawn for record in rows],
        [subject_ids.get(key) for key in keys],
        [as_text(it.description) if it.description else None for it in arriving],
        [level.get(key, BY_ALL) for key in keys],
        COMPARED_BY,
    )
    await _hold_keys(db, {key: coming[key] for key in keys if key not in replaced})
    if replaced:
        await _replace_keys(db, {key: coming[key] for key in keys if key in replaced})


_Held = tuple[list[Identifier], list[str], list[date | None]]


def _held(arriving: Mapping[str, Arriving]) -> _Held:
    """Columns of ``record_identifiers``."""
    rows = [
        (identifier, key, it.born if is_block(identifier) else None)
        for key, it in arriving.items()
        for identifier in it.keys
    ]
    return [one for one, _, _ in rows], [key for _, key, _ in rows], [born for _, _, born in rows]


async def _hold_keys(db: Database, arriving: Mapping[str, Arriving]) -> None:
    """Of records of which nothing is stored yet: a quarter cheaper where no conflict is looked for."""
    if arriving:
        await db.execute(
            """INSERT INTO record_identifiers (identifier, record_key, born)
               SELECT * FROM unnest($1::text[], $2::text[], $3::date[])""",
            *_held(arriving),
        )


async def _replace_keys(db: Database, arriving: Mapping[str, Arriving]) -> None:
    """What was decided about a record stays."""
    identifiers, holders, born = _held(arriving)
    await db.execute(
        """DELETE FROM record_identifiers AS old
           WHERE record_key = ANY($3) AND NOT starts_with(identifier, 'said:') AND NOT EXISTS (
               SELECT FROM unnest($1::text[], $2::text[]) AS new (identifier, record_key)
               WHERE new.identifier = old.identifier AND new.record_key = old.record_key)""",
        identifiers,
        holders,
        list(arriving),
    )
    await db.execute(
        """INSERT INTO record_identifiers AS held (identifier, record_key, born)
           SELECT * FROM unnest($1::text[], $2::text[], $3::date[])
           ON CONFLICT (identifier, record_key) DO UPDATE SET born = excluded.born
               WHERE held.born IS DISTINCT FROM excluded.born""",
        identifiers,
        holders,
        born,
    )


async def move_records(db: Database, subject_ids: Mapping[str, SubjectId | None]) -> None:
    """Links stored records, by key, to other subjects or to none."""
    if subject_ids:
        await db.execute(
            """UPDATE records SET subject_id = moved.subject_id
               FROM unnest($1::text[], $2::uuid[]) AS moved (record_key, subject_id)
               WHERE records.record_key = moved.record_key""",
            list(subject_ids),
            list(subject_ids.values()),
        )


async def mark_component_levels(db: Database, level: Mapping[str, int]) -> None:
    """Stores the level at which records are linked (linkage/identity/oversized_components.py)."""
    if level:
        await db.execute(
            """UPDATE records SET component_level = turned.component_level
               FROM unnest($1::text[], $2::smallint[]) AS turned (record_key, component_level)
               WHERE records.record_key = turned.record_key""",
            list(level),
            list(level.values()),
        )


async def mark_oversized(db: Database, oversized: Mapping[Identifier, bool]) -> None:
    """Stores whether too many records hold these keys, which the transaction has locked."""
    if grown := [key for key, is_so in oversized.items() if is_so]:
        await db.execute(
            "INSERT INTO oversized_keys SELECT unnest($1::text[]) ON CONFLICT DO NOTHING", sorted(grown)
        )
    if thinned := [key for key, is_so in oversized.items() if not is_so]:
        await db.execute("DELETE FROM oversized_keys WHERE identifier = ANY($1)", thinned)


async def read_subjects(db: Database, subject_ids: Collection[SubjectId]) -> dict[SubjectId, StoredSubject]:
    """Those of the subjects that ever were, retired ones included."""
    if not subject_ids:
        return {}
    rows = await db.fetch(
        """SELECT subject_id, version, content, in_doubt, retired_into FROM subjects
           WHERE subject_id = ANY($1)""",
        list(subject_ids),
    )
    return {row["subject_id"]: StoredSubject(**row) for row in rows}


async def successor(db: Database, asked: SubjectId) -> tuple[StoredSubject | None, list[SubjectId]]:
    """The subject, or its last successor if it is retired, and the ids passed on the way; None: it never was."""
    passed: list[SubjectId] = []
    while True:
        stored = (await read_subjects(db, [asked])).get(asked)
        if stored is None or stored.retired_into is None:
            return stored, passed
        passed.append(asked)
        asked = stored.retired_into


async def subjects_of(db: Database, records: Collection[str]) -> dict[str, SubjectId]:
    """The subjects of these records, by record; one that is not there, or belongs to nobody, is left out."""
    rows = await db.fetch(
        "SELECT record_key, subject_id FROM records WHERE record_key = ANY ($1) AND subject_id IS NOT NULL",
        list(records),
    )
    return {row["record_key"]: SubjectId(row["subject_id"]) for row in rows}


async def used_ids(db: Database, smallest_record_keys: Sequence[str]) -> set[SubjectId]:
    """Those ids of the new subjects with these smallest record keys that are or were some subject's."""
    used: set[SubjectId] = set()
    asked, attempt = list(smallest_record_keys), 0
    while asked:
        candidates = {subject_id_for(key, attempt): key for key in asked}
        found = await read_subjects(db, candidates.keys())
        used |= found.keys()
        asked, attempt = [key for subject_id, key in candidates.items() if subject_id in found], attempt + 1
    return used


async def write_subjects(db: Database, subjects: Collection[StoredSubject]) -> None:
    """Replaces what is known of these subjects as published."""
    rows = sorted(subjects, key=lambda subject: subject.subject_id)
    await db.execute(
        """INSERT INTO subjects (subject_id, version, content, in_doubt, retired_into)
           SELECT * FROM unnest($1::uuid[], $2::int[], $3::bytea[], $4::boolean[], $5::uuid[])
           ON CONFLICT (subject_id) DO UPDATE SET version = excluded.version, content = excluded.content,
               in_doubt = excluded.in_doubt, retired_into = excluded.retired_into""",
        [row.subject_id for row in rows],
        [row.version for row in rows],
        [row.content for row in rows],
        [row.in_doubt for row in rows],
        [row.retired_into for row in rows],
    )
