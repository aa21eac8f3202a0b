"""Locks on the keys of records: a transaction that links records holds the locks of all keys of its components."""

import asyncpg

from services.chassis.runtime.unit_of_work import Database, Work
from services.reconciliation.linkage.identity.identifiers import Identifier

LOCK_WAIT = "100ms"
"""How long the job that empties the table may hold up what links records."""


async def lock(db: Database, keys: list[Identifier]) -> None:
    """Locks these keys until the transaction, or the savepoint, ends. Two of one hash are locked together."""
    await db.execute("SELECT lock_keys($1)", keys)


async def changes(db: Database) -> int:
    """A number that changes whenever another transaction that linked records commits."""
    number: int = await db.fetchval("SELECT number FROM link_changes")
    return number


async def changed(db: Database) -> None:
    """Increments that number. It must be the transaction's last step, as others wait here until it ends."""
    await db.execute("UPDATE link_changes SET number = number + 1")


async def forget(work: Work) -> bool:
    """Empties the table of locks, where it is not in use; a job of the service."""
    try:
        async with work.db.transaction():
            await work.db.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
            await work.db.execute("TRUNCATE key_locks")
    except asyncpg.LockNotAvailableError:
        pass  # at the next look
    return False
