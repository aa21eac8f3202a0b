"""What a handler gets: records or events, and one transaction to work in."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

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


class Trace(NamedTuple):
    """What an event carries of the county's record that it follows from."""

    parent: str
    """W3C trace context; its trace id is the same from the record to the webhook."""
    arrived_at: str | None = None
    """RFC 3339: when the record reached intake. None where something else had to come first, such as a person's
    decision: the time until then tells nothing about the flow."""


@dataclass(frozen=True, slots=True)
class Delivery(Generic[E]):
    """One decoded event and the trace it belongs to."""

    event: E
    trace: Trace | None = None


@dataclass(slots=True)
class Work:
    """One Postgres transaction. What is emitted leaves through the outbox, if and only if it commits."""

    db: Database
    now: datetime
    emitted: list[tuple[Event, Trace | None]] = field(default_factory=list)
    on_commit: list[Callable[[], None]] = field(default_factory=list)
    """Called once this transaction has committed: what is counted here is an effect, not a try."""

    def emit(self, event: Event, trace: Trace | None = None) -> None:
        """Sends the event on its topic once this transaction has committed; without a trace it starts one."""
        self.emitted.append((event, trace))


class Unprocessable(Exception):
    """A record that no try will ever take through; ``reason`` is a stable code, the text names no value of it."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


Handler = Callable[[Sequence[Delivery[E]], Work], Awaitable[None]]
RawHandler = Callable[[Sequence[Received], Work], Awaitable[None]]
Job = Callable[[Work], Awaitable[bool]]
Transaction = Callable[[], AbstractAsyncContextManager[Work]]
"""Opens a transaction of a service's database; it commits where its block ends without an error."""
