"""The tables of ingest: records on file, and counts."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from reliefstream_contracts.identifiers import CountyName, RecordId, Source
from reliefstream_contracts.records import CaseRecorded
from services.chassis.runtime.unit_of_work import Database
from services.ingest.core.doj.file import uniting as doj_uniting
from services.ingest.core.doj.file.unit import Place
from services.ingest.core.doj.file.uniting import DojRecord
from services.ingest.core.intake_decision import KnownCase, Status, StoredRecord

Key = tuple[CountyName, Source, RecordId]


async def lock_records(db: Database, keys: Iterable[Key]) -> dict[Key, StoredRecord]:
    """The stored records of these keys, locked in one order, so that two batches cannot deadlock.

    A new record is locked too, by a placeholder row until ``write_records``.
    """
    ordered = sorted(set(keys))
    columns = ([key[0] for key in ordered], [key[1] for key in ordered], [key[2] for key in ordered])
    rows: list[Any] = []
    # Again where a record was deleted between the two statements.
    while len(rows) < len(ordered):
        await db.execute(
            """INSERT INTO records (county, source, record_id, revision, sequence, content)
               SELECT county, source, record_id, -1, 0, '{}'
               FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (county, source, record_id)
               ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING""",
            *columns,
        )
        rows = await db.fetch(
            """SELECT county, source, record_id, revision, sequence, content::text AS content
               FROM records JOIN unnest($1::text[], $2::text[], $3::text[])
                 AS wanted (county, source, record_id) USING (county, source, record_id)
               ORDER BY county, source, record_id FOR UPDATE OF records""",
            *columns,
        )
    found = (_stored(row) for row in rows if row["content"] != "{}")
    return {(each.county, each.source, each.record_id): each for each in found}


async def read_records(db: Database, keys: Iterable[Key]) -> list[StoredRecord]:
    """The stored records of these keys, as they stand now."""
    ordered = sorted(set(keys))
    rows = await db.fetch(
        """SELECT county, source, record_id, revision, sequence, content::text AS content
           FROM records JOIN unnest($1::text[], $2::text[], $3::text[])
             AS wanted (county, source, record_id) USING (county, source, record_id)""",
        *([key[part] for key in ordered] for part in range(3)),
    )
    return [_stored(row) for row in rows if row["content"] != "{}"]


async def write_records(db: Database, records: Sequence[StoredRecord], bodies: Mapping[Key, bytes]) -> None:
    """Writes records that ``lock_records`` locked. ``bodies``: the new events as JSON."""
    await db.execute(
        """UPDATE records SET revision = new.revision, sequence = new.sequence, content = new.content,
               last_case = coalesce(new.last_case, records.last_case)
           FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::int[], $6::json[], $7::bytea[])
             AS new (county, source, record_id, revision, sequence, content, last_case)
           WHERE (records.county, records.source, records.record_id)
               = (new.county, new.source, new.record_id)""",
        [r.county for r in records],
        [r.source for r in records],
        [r.record_id for r in records],
        [r.revision for r in records],
        [r.sequence for r in records],
        [_written(r.content) for r in records],
        [bodies.get((r.county, r.source, r.record_id)) if r.source == "court" else None for r in records],
    )


async def last_case(db: Database, key: Key) -> CaseRecorded | None:
    """The last event of a court's case; None: nothing of it was recorded."""
    body = await db.fetchval(
        "SELECT last_case FROM records WHERE (county, source, record_id) = ($1, $2, $3)", *key
    )
    return CaseRecorded.from_json(body) if body else None


async def delete(db: Database, keys: Collection[Key]) -> None:
    """Deletes records, or placeholders, that ``lock_records`` locked."""
    await db.execute(
        """DELETE FROM records USING unnest($1::text[], $2::text[], $3::text[]) AS old (county, source, record_id)
           WHERE (records.county, records.source, records.record_id) = (old.county, old.source, old.record_id)""",
        *([key[part] for key in keys] for part in range(3)),
    )


def _stored(row: Any) -> StoredRecord:
    return StoredRecord(
        county=row["county"],
        source=row["source"],
        record_id=row["record_id"],
        revision=row["revision"],
        sequence=row["sequence"],
        content=_content(row["source"], row["revision"], row["content"]),
    )


def _content(source: Source, revision: int, text: str) -> DojRecord | KnownCase:
    if source == "doj":
        return doj_uniting.from_json(revision, text)
    known = json.loads(text)
    return KnownCase(known["digest"], Place(*known["place"]), known.get("profile", ""))


def _written(content: DojRecord | KnownCase) -> str:
    if isinstance(content, DojRecord):
        return doj_uniting.to_json(content)
    known = {"digest": content.digest, "place": list(content.place)}
    return json.dumps(
        known | ({"profile": content.profile} if content.profile else {}), separators=(",", ":")
    )


async def count(db: Database, totals: Mapping[tuple[CountyName, Status], int]) -> None:
    """Adds to the exact counts; in sorted order, so that two batches queue up."""
    ordered = sorted(totals.items())
    await db.execute(
        """INSERT INTO counts (county, status, total)
           SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
           ON CONFLICT (county, status) DO UPDATE SET total = counts.total + excluded.total""",
        [county for (county, _), _ in ordered],
        [status for (_, status), _ in ordered],
        [total for _, total in ordered],
    )


async def counts(db: Database) -> dict[str, dict[str, int]]:
    """By county: received = recorded + repeats + quarantined, in receipts."""
    found: dict[str, dict[str, int]] = {}
    for row in await db.fetch("SELECT county, status, total FROM counts ORDER BY county, status"):
        county = found.setdefault(
            row["county"], {"received": 0, "recorded": 0, "repeats": 0, "quarantined": 0}
        )
        county["repeats" if row["status"] == "repeat" else row["status"]] += row["total"]
        county["received"] += row["total"]
    return found
