"""Locks on the keys of records: a transaction that links records holds the locks of all keys of its components."""

import asyncpg

from services.chassis.runtime.unit_of_work import Database, Work
from services.reconciliation.linkage.identity.identifiers import Identifier

MANY = 500_000
"""Rows from which the table of locks is emptied; it stays in memory."""


async def lock(db: Database, keys: list[Identifier]) -> None:
    """Locks these sorted keys until the transaction, or the savepoint, ends."""
    # A row that another transaction has just made is waited for here, in the same order.
    await db.execute(
        "INSERT INTO key_locks (identifier) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING", keys
    )
    await db.execute("SELECT FROM key_locks WHERE identifier = ANY($1) ORDER BY identifier FOR UPDATE", keys)


async def changes(db: Database) -> int:
    """A number that changes whenever another transaction that linked records commits."""
    number: int = await db.fetchval("SELECT number FROM link_changes")
    return number


async def changed(db: Database) -> None:
    """Increments that number. It must be the transaction's last step, as others wait here until it ends."""
    await db.execute("UPDATE link_changes SET number = number + 1")


async def forget(work: Work) -> bool:
    """Empties the table of locks when it is large and not in use; a job of the service."""
    rows: int = await work.db.fetchval(
        "SELECT reltuples::bigint FROM pg_class WHERE oid = 'key_locks'::regclass"
    )
    if rows > MANY:
        try:
            async with work.db.transaction():
                await work.db.execute("SET LOCAL lock_timeout = '2s'")
                await work.db.execute("TRUNCATE key_locks")
        except asyncpg.LockNotAvailableError:
            return False
    return False
