"""The connection pool of a service, transactions with an outbox, and which errors are transient."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from services.chassis.outbox.outbox import write
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.pooling import TransactionPooling, refuse_transaction_pooling
from services.chassis.runtime.telemetry import SINCE_ARRIVAL, log
from services.chassis.runtime.unit_of_work import Tombstone, Work

# Connection lost, server starting or stopping, out of resources, deadlock, serialisation, cancelled.
_PASSING = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.PostgresIOError,
    asyncpg.InvalidCachedStatementError,  # a migration ran meanwhile
    asyncpg.OutdatedSchemaCacheError,
    asyncpg.ReadOnlySQLTransactionError,  # a failover is under way
    asyncpg.InternalClientError,  # a connection that broke in the middle of a statement; the pool drops it
    ConnectionError,
    OSError,
    TimeoutError,
)


def transient(error: BaseException) -> bool:
    """Whether a second try of the same can succeed.

    asyncpg raises InterfaceError both for a connection that was closed, which is transient, and for wrong use.
    """
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in str(error) or "released" in str(error)
    return isinstance(error, _PASSING)


async def _prepare(connection: "asyncpg.Connection[Any]") -> None:
    await connection.set_type_codec("jsonb", encoder=str, decoder=msgspec.json.decode, schema="pg_catalog")


async def _as_it_is(_: "asyncpg.Connection[Any]") -> None:
    """Saves the round trip that resets a session: no setting is ever changed, and the relay releases its own lock."""


def _count_arrivals(work: Work) -> None:
    waited: dict[str, list[float]] = {}
    for event, trace, _ in work.emitted:
        if trace and trace.arrived_at and not isinstance(event, Tombstone):
            waited.setdefault(event.TYPE, []).append(
                (work.now - datetime.fromisoformat(trace.arrived_at)).total_seconds()
            )
    for name, seconds in waited.items():
        SINCE_ARRIVAL.observe(name, seconds)


class Database:
    """The pool of one service. JSON columns are written as text and read as objects."""

    def __init__(self, url: str, service: str, clock: Clock) -> None:
        self._url, self._service, self._clock = url, service, clock
        self._pool: asyncpg.Pool[Any] | None = None
        self.committed = asyncio.Event()
        """Set after each transaction that wrote to the outbox; the relay clears it."""
        self.publishing = True
        """False while the database is rebuilt from the topics: the events that it emits were published before."""

    @property
    def pool(self) -> "asyncpg.Pool[Any]":
        if self._pool is None:
            raise RuntimeError("the database is not open yet")
        return self._pool

    @property
    def opened(self) -> "asyncpg.Pool[Any] | None":
        """The pool; None before it is open."""
        return self._pool

    def now(self) -> datetime:
        """The current time by the service's clock."""
        return self._clock.now()

    async def open(self) -> None:
        """Opens the pool; while the server does not answer, logs a warning and tries again.

        Raises TransactionPooling.
        """
        delay = 0.2
        while self._pool is None:
            try:
                await refuse_transaction_pooling(self._url)
                self._pool = await asyncpg.create_pool(
                    self._url, min_size=2, max_size=10, init=_prepare, reset=_as_it_is, command_timeout=120
                )
            except TransactionPooling as refused:
                log().critical("the database is refused", reason=str(refused))
                raise
            except Exception as error:
                if not transient(error):
                    raise
                log().warning("waiting for the database", error=type(error).__name__)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 5.0)

    async def close(self) -> None:
        """Closes the pool; terminates connections that do not close within five seconds."""
        if self._pool is not None:
            try:
                await asyncio.wait_for(self._pool.close(), 5)
            except TimeoutError:
                self._pool.terminate()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Work]:
        """One transaction; its emitted events are in the outbox when it commits."""
        async with self.pool.acquire() as connection:
            async with connection.transaction():
                work = Work(connection, self._clock.now())
                yield work
                if self.publishing:
                    await write(work, self._service)
            for count in work.on_commit:
                count()
            _count_arrivals(work)
            if work.emitted:
                self.committed.set()
