"""The input of a handler: records or events, and the transaction that it works in."""

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


class Received(NamedTuple):
    """One Kafka record as it was read; ``timestamp`` in UTC."""

    topic: str
    partition: int
    offset: int
    key: str | None
    headers: tuple[tuple[str, bytes], ...]
    value: bytes
    """Empty where the record has none."""
    timestamp: datetime

    @property
    def type(self) -> bytes | None:
        """The CloudEvents type as it stands in the headers; None: in none."""
        return next((value for name, value in self.headers if name == "ce_type"), None)

    def is_tombstone(self) -> bool:
        """Whether it removes what stands under its key."""
        return not self.value and self.key is not None


class Trace(NamedTuple):
    """Trace context and arrival time of the county's record that an event follows from."""

    parent: str
    """W3C trace context; its trace id is the same from the record to the webhook."""
    arrived_at: str | None = None
    """RFC 3339: when the record reached intake. None where something else had to come first, such as a person's
    decision: the time until then tells nothing about the flow."""


class Delivery(NamedTuple, Generic[E]):
    """One decoded event and the trace it belongs to."""

    event: E
    trace: Trace | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Takes the place of an event: compaction removes what stands under its key, and in the end the tombstone."""

    of_topic: str
    of_key: str
    in_partition_of: str

    def topic(self) -> str:
        return self.of_topic

    def key(self) -> str:
        return self.of_key

    def partition_key(self) -> str:
        return self.in_partition_of


class Emitted(NamedTuple):
    """An event to publish; ``encoded``: as JSON, None: nobody has encoded it yet."""

    event: Event | Tombstone
    trace: Trace | None
    encoded: bytes | None


@dataclass(slots=True)
class Work:
    """One Postgres transaction. Emitted events are published, through the outbox, if and only if it commits."""

    db: Database
    now: datetime
    emitted: list[Emitted] = field(default_factory=list)
    on_commit: list[Callable[[], None]] = field(default_factory=list)
    """Called after the commit, for metrics: a retried transaction counts once."""

    def emit(self, event: Event, trace: Trace | None = None, encoded: bytes | None = None) -> None:
        """Publishes the event once this transaction has committed; without a trace it starts one.

        ``encoded``: the event as JSON, from who had to encode it before.
        """
        self.emitted.append(Emitted(event, trace, encoded))

    def erase(self, topic: str, key: str, partition_key: str | None = None) -> None:
        """Publishes a tombstone once this transaction has committed. ``partition_key`` None: the key itself."""
        self.emitted.append(Emitted(Tombstone(topic, key, partition_key or key), None, None))


class Unprocessable(Exception):
    """A record that no retry can process; ``reason`` is a stable code, and the text names no value of the record."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


Handler = Callable[[Sequence[Delivery[E]], Work], Awaitable[None]]
Erased = Callable[[Sequence[str], Work], Awaitable[None]]
"""Takes the keys of tombstones."""
RawHandler = Callable[[Sequence[Received], Work], Awaitable[None]]
Job = Callable[[Work], Awaitable[bool]]
Transaction = Callable[[], AbstractAsyncContextManager[Work]]
"""Opens a transaction of a service's database; it commits where its block ends without an error."""
