"""The pool of a service, transactions with an outbox, and which errors pass by themselves."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from services.chassis.clock import Clock
from services.chassis.outbox import write
from services.chassis.telemetry import log
from services.chassis.work import Work

# Connection lost, server starting or stopping, out of resources, deadlock, serialisation, cancelled.
_PASSING = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.PostgresIOError,
    asyncpg.InvalidCachedStatementError,  # a migration ran under us
    asyncpg.OutdatedSchemaCacheError,
    asyncpg.ReadOnlySQLTransactionError,  # a failover is under way
    ConnectionError,
    OSError,
    TimeoutError,
)


def transient(error: BaseException) -> bool:
    """Whether trying the same again can succeed.

    asyncpg's InterfaceError is either: a connection that closed under us, or a mistake of ours.
    """
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in str(error) or "released" in str(error)
    return isinstance(error, _PASSING)


async def _prepare(connection: "asyncpg.Connection[Any]") -> None:
    await connection.set_type_codec("jsonb", encoder=str, decoder=json.loads, schema="pg_catalog")


class Database:
    """The pool of one service. JSON columns are written as text and read as objects."""

    def __init__(self, url: str, service: str, clock: Clock) -> None:
        self._url, self._service, self._clock = url, service, clock
        self._pool: asyncpg.Pool[Any] | None = None
        self.committed = asyncio.Event()
        """Set after each transaction that left something in the outbox; the relay clears it."""

    @property
    def pool(self) -> "asyncpg.Pool[Any]":
        if self._pool is None:
            raise RuntimeError("the database is not open yet")
        return self._pool

    async def open(self) -> None:
        """Connects; waits for a server that is not there yet, and says so."""
        delay = 0.2
        while self._pool is None:
            try:
                self._pool = await asyncpg.create_pool(
                    self._url, min_size=2, max_size=10, init=_prepare, command_timeout=120
                )
            except Exception as error:
                if not transient(error):
                    raise
                log().warning("waiting for the database", error=type(error).__name__)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 5.0)

    async def close(self) -> None:
        """Closes the pool, at once where a connection hangs."""
        if self._pool is not None:
            try:
                await asyncio.wait_for(self._pool.close(), 5)
            except TimeoutError:
                self._pool.terminate()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Work]:
        """One transaction; what was emitted is in the outbox when it commits."""
        async with self.pool.acquire() as connection:
            async with connection.transaction():
                work = Work(connection, self._clock.now())
                yield work
                await write(work, self._service)
            if work.emitted:
                self.committed.set()
