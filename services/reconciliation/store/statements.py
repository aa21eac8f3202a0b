"""The statements of fact that reconciliation keeps: the latest revision of each, and what has become of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reliefstream_contracts.identifiers import CountKey, CountyName, StatementId, record_key_of
from reliefstream_contracts.statements import FactStated
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.linkage.conviction.reported_count import convicted_counts
from services.reconciliation.linkage.conviction.statements import NOT_YET, WITHDRAWN, Standing
from services.reconciliation.store.locked_records import stored_record


@dataclass(frozen=True, slots=True)
class Followed:
    """A statement's latest revision, and what has become of it."""

    event: FactStated
    standing: Standing


_LOCK = 6_403_202
"""Of the advisory lock between statements and records that come at the same time."""


async def lock_out_records(db: Database) -> None:
    """Until the transaction ends no record arrives: a statement and the record that it waits for see each other."""
    await db.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)


async def lock_out_statements(db: Database) -> None:
    """Until the transaction ends no statement arrives; records of other transactions do."""
    await db.execute("SELECT pg_advisory_xact_lock_shared($1)", _LOCK)


async def keep(db: Database, statements: Iterable[FactStated]) -> dict[str, set[str]]:
    """Stores the latest revision of each; returns the stored records that what is new names, or named before.

    The keys of the new statements, by the key of the record. What is new waits until it is applied.
    """
    latest = {one.key(): one for one in sorted(statements, key=lambda one: one.revision)}
    begin = [WITHDRAWN if one.withdrawn else NOT_YET for one in latest.values()]
    rows = await db.fetch(
        """INSERT INTO statements AS held (statement_key, county, statement_id, revision, body, status, reason)
           SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bytea[], $6::text[], $7::text[])
           ON CONFLICT (statement_key) DO UPDATE SET revision = excluded.revision, body = excluded.body,
               status = excluded.status, reason = excluded.reason
               WHERE held.revision < excluded.revision
           RETURNING statement_key""",
        list(latest),
        [one.county for one in latest.values()],
        [one.statement_id for one in latest.values()],
        [one.revision for one in latest.values()],
        [one.to_json() for one in latest.values()],
        [standing.status for standing in begin],
        [standing.reason for standing in begin],
    )
    new = [row["statement_key"] for row in rows]
    named = {(record_key_of(seen.count), key) for key in new for seen in latest[key].counts}
    before = await db.fetch(
        "DELETE FROM named_records WHERE statement_key = ANY($1) RETURNING record_key, statement_key", new
    )
    await db.execute(
        "INSERT INTO named_records (record_key, statement_key) SELECT * FROM unnest($1::text[], $2::text[])",
        [record for record, _ in named],
        [statement for _, statement in named],
    )
    touched: dict[str, set[str]] = {}
    for record, statement in named | {(row["record_key"], row["statement_key"]) for row in before}:
        touched.setdefault(record, set()).add(statement)
    stored = await db.fetch("SELECT record_key FROM records WHERE record_key = ANY($1)", list(touched))
    return {row["record_key"]: touched[row["record_key"]] for row in stored}


async def named_beside(db: Database, records: Collection[str]) -> list[str]:
    """The stored records that a statement names together with one of these."""
    rows = await db.fetch(
        """SELECT DISTINCT beside.record_key FROM named_records AS own
           JOIN named_records AS beside USING (statement_key) JOIN records ON records.record_key = beside.record_key
           WHERE own.record_key = ANY($1)""",
        list(records),
    )
    return [row["record_key"] for row in rows]


async def naming(db: Database, records: Collection[str]) -> list[FactStated]:
    """The statements that name a count of one of these records, by key."""
    rows = await db.fetch(
        """SELECT body FROM statements WHERE statement_key IN
               (SELECT statement_key FROM named_records WHERE record_key = ANY($1)) ORDER BY statement_key""",
        list(records),
    )
    return [FactStated.from_json(row["body"]) for row in rows]


async def elsewhere(
    db: Database, statements: Collection[FactStated], records: Collection[str]
) -> frozenset[CountKey]:
    """The named counts that are convictions of other records than these.

    Their records are read without a lock: whoever changes one locks all that a statement names beside it.
    """
    named = {record_key_of(seen.count) for one in statements for seen in one.counts} - set(records)
    if not named:
        return frozenset()
    rows = await db.fetch(
        "SELECT type, body FROM records WHERE record_key = ANY($1) AND NOT withdrawn", list(named)
    )
    return frozenset(one.key for row in rows for one in convicted_counts([stored_record(row)]))


async def write_standings(db: Database, standings: Mapping[str, Standing]) -> None:
    """Says what has become of statements."""
    if standings:
        await db.execute(
            """UPDATE statements SET status = now.status, reason = now.reason
               FROM unnest($1::text[], $2::text[], $3::text[]) AS now (statement_key, status, reason)
               WHERE statements.statement_key = now.statement_key
                 AND (statements.status, statements.reason) <> (now.status, now.reason)""",
            sorted(standings),
            [standings[key].status for key in sorted(standings)],
            [standings[key].reason for key in sorted(standings)],
        )


async def one(db: Database, county: CountyName, statement_id: StatementId) -> Followed | None:
    """One statement; None: it has not come."""
    row = await db.fetchrow(
        "SELECT body, status, reason FROM statements WHERE county = $1 AND statement_id = $2",
        county,
        statement_id,
    )
    return _followed(row) if row else None


async def followed(db: Database, county: str, status: str | None, after: str, limit: int) -> list[Followed]:
    """The next statements of a county by id; ``status`` None: whatever has become of them."""
    rows = await db.fetch(
        """SELECT body, status, reason FROM statements
           WHERE county = $1 AND ($2::text IS NULL OR status = $2) AND statement_id > $3
           ORDER BY statement_id LIMIT $4""",
        county,
        status,
        after,
        limit,
    )
    return [_followed(row) for row in rows]


def _followed(row: Mapping[str, Any]) -> Followed:
    return Followed(FactStated.from_json(row["body"]), Standing(row["status"], row["reason"]))
