"""Rewrites every table of the services' databases: what was deleted then stands in no file of Postgres any more.

A vacuum only marks the space of old rows as free. Here each table gets new files (``VACUUM FULL``, with its indexes and
large values), the statistics of its columns, which quote values, are taken anew, and their own table is rewritten last.
Then the write-ahead log begins another file, and two checkpoints remove the files before it.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from time import monotonic
from typing import Any, NamedTuple, TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[Any]"

LOCK_PATIENCE = "5s"
"""Who uses a table waits behind whoever waits for it alone: so this waits no longer, and tries again."""
TRIES, PAUSE_S = 24, 5.0

TABLES = """SELECT pg_class.oid, format('%I.%I', nspname, relname) AS name
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'm') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY 2"""
CLEARED = """SELECT count(pg_clear_attribute_stats(nspname, relname, attname, false)) FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE attrelid IN (SELECT {0}::oid UNION SELECT indexrelid FROM pg_index WHERE indrelid = {0})
    AND attnum > 0 AND NOT attisdropped"""
"""SQL: clears the statistics of a table's columns and indexes; ANALYZE leaves those of an empty table as they are."""
OLDER = """SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid <> pg_backend_pid()
    AND (datname = current_database() OR datname IS NULL)
    AND (age(backend_xmin) > age($1::text::xid) OR age(backend_xid) > age($1::text::xid)))"""
"""Whether somebody may still see rows that were deleted before this transaction: they would be copied, too."""
LEFT_BEHIND = """SELECT datname FROM pg_database JOIN pg_roles ON pg_roles.oid = datdba
    WHERE rolname = current_user AND datname <> current_database() ORDER BY 1"""


class CannotRewrite(Exception):
    """Something of what was deleted still stands in Postgres' files; the text says what to do."""


class Rewritten(NamedTuple):
    """One database: its size before and after in bytes, and how long it took."""

    database: str
    before: int
    after: int
    seconds: float


async def rewrite(owner_urls: Mapping[str, str], done: Callable[[Rewritten], None]) -> None:
    """Rewrites the database of each service, one after the other, as its owner; ``done`` is told each.

    A database in whose place a replay has put another one is dropped: no service can run on it any more. The flow goes
    on beside it: who needs a table waits while that table is rewritten. Raises CannotRewrite, and
    asyncpg's errors where Postgres does not answer.
    """
    left: list[str] = []
    for url in owner_urls.values():
        db: Connection = await asyncpg.connect(url)
        try:
            done(await _rewrite_database(db))
            for name in [row["datname"] for row in await db.fetch(LEFT_BEHIND)]:
                if await _is_replaced(url, name):
                    done(await _dropped(db, name))
                else:
                    left.append(name)
        finally:
            await db.close()
    await _begin_another_log(next(iter(owner_urls.values())))
    if left:
        raise CannotRewrite(
            f"{', '.join(left)}: of a replay that has not switched, with what was sealed since. End it, or drop "
            f"it: DROP DATABASE {left[0]}"
        )


async def _rewrite_database(db: Connection) -> Rewritten:
    began, before = monotonic(), await _size(db)
    await _until_nobody_sees_old_rows(db)
    await db.execute(f"SET lock_timeout = '{LOCK_PATIENCE}'")
    for table in await db.fetch(TABLES):
        await _tried(db, CLEARED.format(table["oid"]))
        await _tried(db, f"VACUUM (FULL, ANALYZE) {table['name']}")
    await _tried(db, "VACUUM (FULL) pg_catalog.pg_statistic")
    name = await db.fetchval("SELECT current_database()")
    return Rewritten(name, before, await _size(db), monotonic() - began)


async def _is_replaced(url: str, name: str) -> bool:
    """Whether a replay has switched away from this database: then its outbox is numbered below zero."""
    db: Connection = await asyncpg.connect(url, database=name)
    try:
        return bool(await db.fetchval("SELECT last_batch < 0 FROM relay_numbering"))
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await db.close()


async def _dropped(db: Connection, name: str) -> Rewritten:
    began, size = monotonic(), await db.fetchval("SELECT pg_database_size($1)", name)
    await _tried(db, "DROP DATABASE " + await db.fetchval("SELECT quote_ident($1)", name))
    return Rewritten(name, size, 0, monotonic() - began)


async def _until_nobody_sees_old_rows(db: Connection) -> None:
    now = await db.fetchval("SELECT pg_current_xact_id()::xid::text")
    for _ in range(TRIES):
        if not await db.fetchval(OLDER, now):
            return
        await asyncio.sleep(PAUSE_S)
    raise CannotRewrite(
        f"{await db.fetchval('SELECT current_database()')}: a transaction that began before still sees deleted rows (a "
        "backup or a replay?). Call it again once that has ended"
    )


async def _tried(db: Connection, statement: str) -> None:
    for _ in range(TRIES):
        try:
            await db.execute(statement)
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError, asyncpg.ObjectInUseError):
            await asyncio.sleep(PAUSE_S)
        else:
            return
    raise CannotRewrite(f"It is in use all the time ({statement}). Call it again at a quieter hour")


async def _begin_another_log(url: str) -> None:
    db: Connection = await asyncpg.connect(url)
    try:
        if await db.fetchval("SHOW wal_recycle") != "off":
            raise CannotRewrite("Postgres writes old files of its log over and over: set wal_recycle = off")
        place = await db.fetchval("SELECT pg_switch_wal()::text")
        # The first one may have been begun before the switch, by another.
        await db.execute("CHECKPOINT")
        await db.execute("CHECKPOINT")
        slot = await db.fetchval(
            "SELECT slot_name FROM pg_replication_slots WHERE restart_lsn < $1::text::pg_lsn LIMIT 1", place
        )
        if slot:
            raise CannotRewrite(
                f"Replication slot {slot} keeps old files of the log: drop it, or let it catch up"
            )
    finally:
        await db.close()


async def _size(db: Connection) -> int:
    size: int = await db.fetchval("SELECT pg_database_size(current_database())")
    return size


def until(at: time, now: datetime) -> timedelta:
    """How long it is from now to the next time that the clock shows this; a whole day where it shows it now."""
    today = datetime.combine(now.date(), at, now.tzinfo)
    return (today if today > now else today + timedelta(days=1)) - now
