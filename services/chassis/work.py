"""What a handler gets: records or events, and one transaction to work in."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

from asyncpg import Connection
from asyncpg.pool import PoolConnectionProxy

from reliefstream_contracts.event import Event

E = TypeVar("E", bound=Event)
Database: TypeAlias = "Connection[Any] | PoolConnectionProxy[Any]"


@dataclass(frozen=True, slots=True)
class Received:
    """One Kafka record as it came; ``timestamp`` in UTC."""

    topic: str
    partition: int
    offset: int
    key: str | None
    headers: tuple[tuple[str, bytes], ...]
    value: bytes
    timestamp: datetime


@dataclass(frozen=True, slots=True)
class Delivery(Generic[E]):
    """One decoded event and the trace it belongs to."""

    event: E
    traceparent: str | None = None


@dataclass(slots=True)
class Work:
    """One Postgres transaction. What is emitted leaves through the outbox, if and only if it commits."""

    db: Database
    now: datetime
    emitted: list[tuple[Event, str | None]] = field(default_factory=list)

    def emit(self, event: Event, traceparent: str | None = None) -> None:
        """Sends the event on its topic once this transaction has committed."""
        self.emitted.append((event, traceparent))


Handler = Callable[[Sequence[Delivery[E]], Work], Awaitable[None]]
RawHandler = Callable[[Sequence[Received], Work], Awaitable[None]]
Job = Callable[[Work], Awaitable[bool]]
