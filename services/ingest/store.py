"""The tables of ingest: records on file, counts, quarantine."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from reliefstream_contracts.identifiers import CountyName, RecordId, Source
from reliefstream_contracts.receipts import Problem
from services.chassis.work import Database
from services.ingest.decision import Held, KnownCase, Status
from services.ingest.formats import doj_uniting
from services.ingest.formats.doj_unit import Place
from services.ingest.formats.doj_uniting import DojRecord

Key = tuple[CountyName, Source, RecordId]


@dataclass(frozen=True, slots=True)
class Entry:
    """One refused message, or the refused rows of a recorded one; ``raw`` is masked."""

    quarantine_id: UUID
    county: CountyName
    receipt_id: str
    form: str
    record_id: str | None
    problems: tuple[Problem, ...]
    headers: Mapping[str, str]
    raw: bytes


async def lock_records(db: Database, keys: Iterable[Key]) -> dict[Key, Held]:
    """The records of these keys that are on file, locked; two batches never wait for each other in a circle.

    A record that is new is locked as well, by the row that stands for it until ``write_records``.
    """
    ordered = sorted(set(keys))
    columns = ([key[0] for key in ordered], [key[1] for key in ordered], [key[2] for key in ordered])
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
    return {
        (row["county"], row["source"], row["record_id"]): Held(
            county=row["county"],
            source=row["source"],
            record_id=row["record_id"],
            revision=row["revision"],
            sequence=row["sequence"],
            content=_content(row["source"], row["revision"], row["content"]),
        )
        for row in rows
        if row["content"] != "{}"
    }


async def write_records(db: Database, records: Sequence[Held]) -> None:
    """Writes records that ``lock_records`` locked."""
    await db.execute(
        """UPDATE records SET revision = new.revision, sequence = new.sequence, content = new.content
           FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::int[], $6::json[])
             AS new (county, source, record_id, revision, sequence, content)
           WHERE (records.county, records.source, records.record_id)
               = (new.county, new.source, new.record_id)""",
        [r.county for r in records],
        [r.source for r in records],
        [r.record_id for r in records],
        [r.revision for r in records],
        [r.sequence for r in records],
        [_written(r.content) for r in records],
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


async def quarantine(db: Database, entries: Sequence[Entry], now: datetime) -> None:
    """Keeps refused messages; one that is tried again and refused again keeps its place and its first day."""
    await db.executemany(
        """INSERT INTO quarantine (quarantine_id, county, receipt_id, format, record_id, quarantined_at,
                                   status, codes, problems, headers, raw)
           VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10)
           ON CONFLICT (quarantine_id) DO UPDATE SET codes = excluded.codes, problems = excluded.problems""",
        [
            (
                entry.quarantine_id,
                entry.county,
                entry.receipt_id,
                entry.form,
                entry.record_id,
                now,
                sorted({problem.code for problem in entry.problems}),
                json.dumps([problem.model_dump() for problem in entry.problems]),
                json.dumps(dict(entry.headers)),
                entry.raw,
            )
            for entry in entries
        ],
    )


async def quarantined(
    db: Database,
    county: str | None,
    reason: str | None,
    limit: int,
    after: tuple[datetime, UUID] | None = None,
) -> list[dict[str, Any]]:
    """Entries in the order they came, without what was sent; ``after``: the last one of the page before."""
    rows = await db.fetch(
        """SELECT quarantine_id, county, receipt_id, format, record_id, quarantined_at, status, attempts,
                  codes, problems::text AS problems
           FROM quarantine
           WHERE ($1::text IS NULL OR county = $1) AND ($2::text IS NULL OR $2 = ANY (codes))
             AND ($3::timestamptz IS NULL OR (quarantined_at, quarantine_id) > ($3, $4::uuid))
           ORDER BY quarantined_at, quarantine_id LIMIT $5""",
        county,
        reason,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )
    return [_entry(row) for row in rows]


async def one(db: Database, quarantine_id: UUID, *, lock: bool = False) -> dict[str, Any] | None:
    """An entry with its headers and what was sent; None: there is none."""
    row = await db.fetchrow(
        f"""SELECT quarantine_id, county, receipt_id, format, record_id, quarantined_at, status, attempts,
                   codes, problems::text AS problems, headers::text AS headers, raw
            FROM quarantine WHERE quarantine_id = $1 {"FOR UPDATE" if lock else ""}""",  # noqa: S608 - our own words
        quarantine_id,
    )
    return None if row is None else _entry(row)


async def tried_again(db: Database, quarantine_id: UUID, *, done: bool) -> None:
    """Counts one more attempt; ``done``: the entry is dealt with."""
    await db.execute(
        """UPDATE quarantine SET attempts = attempts + 1, status = CASE WHEN $2 THEN 'resubmitted' ELSE status END
           WHERE quarantine_id = $1""",
        quarantine_id,
        done,
    )


def _entry(row: Any) -> dict[str, Any]:
    return {
        name: json.loads(value) if name in ("problems", "headers") else value for name, value in row.items()
    }
