"""The table of quarantine entries. An entry changes its state and is never deleted; what it says may be erased."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.chassis.audit.erasing import erase_reasons
from services.chassis.runtime.unit_of_work import Database
from services.ingest.core.message_headers import headers_of
from services.ingest.quarantine.entry import Entry
from services.ingest.quarantine.filter import WHERE, Cursor, Filter

PAGE_BYTES = 16 * 1024 * 1024
_OF_ROWS_NOT_ON_FILE = [
    "date_in_the_future",
    "empty",
    "invalid_header",
    "record_too_large",
    "several_subjects",
]
"""Why a whole message of DOJ's rows was refused, so that the record on file does not know that it lacks them."""
_LISTED = """quarantine_id, county, receipt_id, kind, format, profile, file_sha256, record_id, revision,
    quarantined_at, day, sent, last_sent_at, opened_at, state, attempts, codes, fields, problems::text AS problems,
    ended_at, ended_why, ended_by"""

_ERASED = """raw = '', headers = '{}', problems = '[]', record_id = NULL,
    state = CASE state WHEN 'open' THEN 'discarded' ELSE state END, ended_at = coalesce(ended_at, $1), ended_why = $3,
    history = jsonb_build_array(jsonb_build_object('at', $2::text, 'outcome', 'erased', 'why', $3::text))"""
"""Of $1 now, $2 now as text and $3 why; codes, columns, days and how often it was sent stay."""


class Recorded(NamedTuple):
    """A record that went through. ``complete``: nothing that came with this revision is refused any more."""

    county: str
    form: str
    record_id: str
    revision: int
    complete: bool
    receipt_id: str


class Tried(NamedTuple):
    """One more attempt at an entry. ``done``: it is dealt with."""

    quarantine_id: UUID
    done: bool
    why: str
    attempt: dict[str, object]


async def lock(db: Database, quarantine_ids: Iterable[UUID], recorded: Sequence[Recorded]) -> None:
    """Locks entries that are there, and those that ``supersede`` may end, in one order: two batches that lock part by
    part would wait for each other."""
    await db.execute(
        """SELECT FROM quarantine WHERE quarantine_id IN (
               SELECT unnest($1::uuid[])
               UNION SELECT quarantine_id FROM quarantine JOIN unnest($2::text[], $3::text[], $4::text[])
                   AS new (county, form, record_id)
                 ON (quarantine.county, quarantine.format, quarantine.record_id) = (new.county, form, new.record_id)
               WHERE state = 'open')
           ORDER BY quarantine_id FOR UPDATE""",
        list(quarantine_ids),
        *([one[part] for one in recorded] for part in range(3)),
    )


async def keep(db: Database, entries: Sequence[Entry], now: datetime) -> None:
    """Inserts or updates entries.

    The same content sent again is the same entry: it keeps its place, its first day and its first receipt, and has
    headers and problems of the last sending. One that was dealt with is open again. What is refused when it is tried
    again changes its problems only.
    """
    # In order, so that two batches that keep the same new contents queue up.
    in_order = sorted(entries, key=lambda entry: entry.quarantine_id)
    await db.executemany(
        """INSERT INTO quarantine (quarantine_id, county, receipt_id, kind, format, record_id, revision, day,
                                   quarantined_at, last_sent_at, opened_at, state, codes, fields, problems, headers,
                                   raw, profile, file_sha256, history)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $9, 'open', $10, $11, $12, $13, $14, $15, $16, $17)
           ON CONFLICT (quarantine_id) DO UPDATE SET
               raw = excluded.raw, record_id = excluded.record_id, -- which may have been erased
               sent = quarantine.sent + 1, last_sent_at = excluded.last_sent_at,
               -- Rows are of a record whose others were recorded, once they were.
               kind = greatest(quarantine.kind, excluded.kind),
               codes = excluded.codes, fields = excluded.fields, problems = excluded.problems,
               headers = excluded.headers, file_sha256 = excluded.file_sha256,
               state = 'open', ended_at = NULL, ended_why = '', ended_by = '',
               opened_at = CASE quarantine.state WHEN 'open' THEN quarantine.opened_at ELSE excluded.opened_at END,
               history = CASE quarantine.state WHEN 'open' THEN quarantine.history
                   ELSE quarantine.history || jsonb_build_array(jsonb_build_object(
                       'at', $18::text, 'outcome', 'opened again', 'receipt_id', excluded.receipt_id,
                       'was', quarantine.state)) END""",
        [_row(entry, now) for entry in in_order if not entry.again],
    )
    await db.executemany(
        """UPDATE quarantine SET codes = $2, fields = $3, problems = $4,
               record_id = coalesce($5, record_id), revision = coalesce($6, revision)
           WHERE quarantine_id = $1""",
        [
            (entry.quarantine_id, *_reasons(entry), entry.record_id, entry.revision)
            for entry in in_order
            if entry.again
        ],
    )


def _row(entry: Entry, now: datetime) -> tuple[object, ...]:
    codes, fields, problems = _reasons(entry)
    at = now.isoformat()
    first = {"at": at, "outcome": "refused", "receipt_id": entry.receipt_id, "reasons": codes}
    return (
        entry.quarantine_id,
        entry.county,
        entry.receipt_id,
        entry.kind,
        entry.form,
        entry.record_id,
        entry.revision,
        entry.day,
        now,
        codes,
        fields,
        problems,
        json.dumps(headers_of(entry.metadata)),
        entry.raw,
        entry.metadata.profile[:100],
        entry.metadata.file_sha256[:64],
        json.dumps([first]),
        at,
    )


def _reasons(entry: Entry) -> tuple[list[str], list[str], str]:
    """The columns of an entry's problems: codes, fields, and all problems as JSON."""
    return (
        sorted({problem.code for problem in entry.problems}),
        sorted({problem.field for problem in entry.problems} - {""}),
        json.dumps([problem.to_dict() for problem in entry.problems]),
    )


async def listed(db: Database, chosen: Filter, limit: int, after: Cursor | None) -> list[dict[str, Any]]:
    """Entries in the order they came, without what was sent; ``after``: the last one of the page before."""
    rows = await db.fetch(
        f"""SELECT {_LISTED} FROM quarantine
            WHERE {WHERE} AND ($12::timestamptz IS NULL OR (quarantined_at, quarantine_id) > ($12, $13::uuid))
            ORDER BY quarantined_at, quarantine_id LIMIT $14""",  # noqa: S608 - our own words
        *chosen.values(),
        *(after or (None, None)),
        limit,
    )
    return [_entry(row) for row in rows]


async def whole(db: Database, quarantine_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Entries with headers, history and what was sent, in the order they came."""
    rows = await db.fetch(
        f"""SELECT {_LISTED}, headers::text AS headers, raw, history FROM quarantine
            WHERE quarantine_id = ANY ($1::uuid[]) ORDER BY quarantined_at, quarantine_id""",  # noqa: S608
        quarantine_ids,
    )
    return [_entry(row) for row in rows]


async def next_open(db: Database, chosen: Filter, limit: int, after: Cursor | None) -> list[UUID]:
    """The next open entries, as many as fit in memory together; none: there is none left."""
    rows = await db.fetch(
        f"""SELECT quarantine_id FROM (
              SELECT quarantine_id, quarantined_at,
                     sum(octet_length(raw)) OVER (ORDER BY quarantined_at, quarantine_id) - octet_length(raw) AS before
              FROM (SELECT * FROM quarantine WHERE {WHERE} AND state = 'open'
                      AND ($12::timestamptz IS NULL OR (quarantined_at, quarantine_id) > ($12, $13::uuid))
                    ORDER BY quarantined_at, quarantine_id LIMIT $14) AS page) AS sized
            WHERE before < $15 ORDER BY quarantined_at, quarantine_id""",  # noqa: S608
        *chosen.values(),
        *(after or (None, None)),
        limit,
        PAGE_BYTES,
    )
    return [row["quarantine_id"] for row in rows]


async def tried(db: Database, attempts: Sequence[Tried], now: datetime) -> None:
    """Writes what became of one more attempt at each entry."""
    await db.executemany(
        """UPDATE quarantine SET attempts = attempts + 1, history = history || $2::jsonb,
               ended_at = CASE WHEN $3 AND state = 'open' THEN $5 ELSE ended_at END,
               ended_why = CASE WHEN $3 AND state = 'open' THEN $4 ELSE ended_why END,
               state = CASE WHEN $3 AND state = 'open' THEN 'resubmitted' ELSE state END
           WHERE quarantine_id = $1""",
        [
            (one.quarantine_id, json.dumps([one.attempt]), one.done, one.why, now)
            for one in sorted(attempts, key=lambda one: one.quarantine_id)
        ],
    )


async def supersede(db: Database, recorded: Sequence[Recorded], but: Sequence[UUID], now: datetime) -> int:
    """Ends the open entries of records that the county has sent right since; returns how many.

    A higher revision replaces a record whole. The same one does when nothing of it is refused any more, but not
    where two contents have that revision, nor does a part of DOJ's extract another part whose rows the record does
    not know of. An entry whose revision could not be read stays open.
    """
    done = await db.execute(
        """UPDATE quarantine SET state = 'superseded', ended_at = $8, ended_why = found.why,
               history = history || jsonb_build_array(jsonb_build_object(
                   'at', $9::text, 'outcome', 'superseded', 'receipt_id', found.receipt_id, 'why', found.why))
           FROM (SELECT quarantine_id, new.receipt_id,
                        CASE form WHEN 'doj' THEN 'extract ' ELSE 'revision ' END || new.revision
                            || ' was recorded' AS why
                 FROM quarantine JOIN unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bool[], $6::text[])
                     AS new (county, form, record_id, revision, complete, receipt_id)
                   ON (quarantine.county, quarantine.format, quarantine.record_id) = (new.county, form, new.record_id)
                 WHERE state = 'open' AND NOT quarantine_id = ANY ($7::uuid[])
                   AND (new.revision > quarantine.revision OR (new.revision = quarantine.revision AND complete
                        AND NOT 'revision_conflict' = ANY (codes)
                        AND NOT (format = 'doj' AND codes && $10::text[])))
                 ORDER BY quarantine_id FOR UPDATE OF quarantine) AS found
           WHERE quarantine.quarantine_id = found.quarantine_id""",
        *(list(column) for column in zip(*recorded, strict=True)),
        list(but),
        now,
        now.isoformat(),
        _OF_ROWS_NOT_ON_FILE,
    )
    return int(done.split()[-1])


async def discard(db: Database, chosen: Filter, why: str, by: str, now: datetime) -> list[UUID]:
    """Ends open entries for good and keeps them; returns which."""
    attempt = json.dumps([{"at": now.isoformat(), "outcome": "discarded", "why": why, "by": by}])
    done = await db.fetch(
        f"""UPDATE quarantine SET state = 'discarded', ended_at = $12, ended_why = $13, ended_by = $14,
                history = history || $15::jsonb
            WHERE quarantine_id IN (SELECT quarantine_id FROM quarantine WHERE {WHERE} AND state = 'open'
                                    ORDER BY quarantine_id FOR UPDATE)
            RETURNING quarantine_id""",  # noqa: S608 - our own words
        *chosen.values(),
        now,
        why,
        by,
        attempt,
    )
    return [row["quarantine_id"] for row in done]


async def erase(db: Database, records: Collection[tuple[str, str, str]], now: datetime) -> None:
    """Erases what was sent, and whom it names, in all entries of records (county, format, id) with a sealed count."""
    rows = await db.fetch(
        f"""UPDATE quarantine SET {_ERASED} WHERE quarantine_id IN (
                SELECT quarantine_id FROM quarantine JOIN unnest($4::text[], $5::text[], $6::text[])
                    AS gone (county, form, record_id)
                  ON (quarantine.county, quarantine.format, quarantine.record_id) = (gone.county, form, gone.record_id)
                ORDER BY quarantine_id FOR UPDATE OF quarantine)
            RETURNING quarantine_id""",  # noqa: S608 - our own words
        now,
        now.isoformat(),
        "sealed",
        *([each[part] for each in records] for part in range(3)),
    )
    await erase_reasons(db, [f"quarantine/{row['quarantine_id']}" for row in rows])


async def erase_old(db: Database, before: datetime, now: datetime, limit: int) -> int:
    """Erases the same in the next entries that were last sent before a moment; returns how many."""
    rows = await db.fetch(
        f"""UPDATE quarantine SET {_ERASED} WHERE quarantine_id IN (
                SELECT quarantine_id FROM quarantine WHERE last_sent_at < $4 AND octet_length(raw) > 0
                ORDER BY quarantine_id LIMIT $5 FOR UPDATE SKIP LOCKED)
            RETURNING quarantine_id""",  # noqa: S608 - our own words
        now,
        now.isoformat(),
        "kept as long as it may be",
        before,
        limit,
    )
    await erase_reasons(db, [f"quarantine/{row['quarantine_id']}" for row in rows])
    return len(rows)


async def reasons(db: Database, chosen: Filter, limit: int) -> list[dict[str, Any]]:
    """Entries by what is wrong with them, open ones and the most frequent first; one with several problems counts
    under each. ``first`` and ``last``: the days on which they came."""
    rows = await db.fetch(
        f"""SELECT state, county, kind, format, profile, reason, field, count(*) AS entries,
                   min(day) AS first, max(day) AS last, min(what) AS what, min(remedy) AS remedy
            FROM (SELECT quarantine_id, state, county, kind, format, profile, day,
                         coalesce(problem ->> 'code', '') AS reason, coalesce(problem ->> 'field', '') AS field,
                         min(problem ->> 'what') AS what, min(problem ->> 'remedy') AS remedy
                  FROM quarantine LEFT JOIN LATERAL json_array_elements(problems) AS problem ON true
                  WHERE {WHERE} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9) AS found
            GROUP BY 1, 2, 3, 4, 5, 6, 7
            ORDER BY state <> 'open', entries DESC, county, reason, field LIMIT $12""",  # noqa: S608 - our own words
        *chosen.values(),
        limit,
    )
    return [dict(row) for row in rows]


async def days(db: Database, chosen: Filter, limit: int) -> list[dict[str, Any]]:
    """Entries by county and day of their first refusal, the newest days first."""
    rows = await db.fetch(
        f"""SELECT day, county, count(*) AS entries, count(*) FILTER (WHERE state = 'open') AS open
            FROM quarantine WHERE {WHERE} GROUP BY day, county ORDER BY day DESC, county LIMIT $12""",  # noqa: S608
        *chosen.values(),
        limit,
    )
    return [dict(row) for row in rows]


async def states(db: Database, chosen: Filter) -> list[dict[str, Any]]:
    """By county and state: how many entries, how often they were sent together, and since when the oldest waits."""
    rows = await db.fetch(
        f"""SELECT county, state, count(*) AS entries, sum(sent) AS sent, min(opened_at) AS oldest FROM quarantine
            WHERE {WHERE} GROUP BY county, state ORDER BY state <> 'open', county, state""",  # noqa: S608
        *chosen.values(),
    )
    return [dict(row) for row in rows]


def _entry(row: Any) -> dict[str, Any]:
    return {
        name: json.loads(value) if name in ("problems", "headers") else value for name, value in row.items()
    }
