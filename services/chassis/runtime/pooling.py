"""Whether a pooler stands before Postgres that gives a connection another server session for each transaction.

The relay holds an advisory lock of its session, and statements are prepared in it: with PgBouncer in transaction mode
two relays could publish at a time. PgBouncer in session mode is no obstacle.
"""

import asyncpg


class TransactionPooling(RuntimeError):
    """The text says what to change."""

    def __init__(self) -> None:
        super().__init__(
            "a connection pooler before Postgres gives each transaction another session, and a service holds locks and "
            "prepared statements in its own: connect to Postgres itself, or set PgBouncer's pool_mode to session"
        )


async def refuse_transaction_pooling(url: str) -> None:
    """Raises TransactionPooling when two connections, both open and idle, are served by one session, or one by two."""
    one = await asyncpg.connect(url, statement_cache_size=0)
    try:
        other = await asyncpg.connect(url, statement_cache_size=0)
        try:
            sessions = [await each.fetchval("SELECT pg_backend_pid()") for each in (one, other, one)]
        except (asyncpg.InvalidSQLStatementNameError, asyncpg.DuplicatePreparedStatementError):
            raise TransactionPooling from None
        finally:
            await other.close()
    finally:
        await one.close()
    if sessions[0] == sessions[1] or sessions[0] != sessions[2]:
        raise TransactionPooling
