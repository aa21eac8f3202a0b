"""The outbox: the events of committed transactions, one row a transaction, until the relay has published them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import msgpack

from reliefstream_contracts.event import Event, headers_of_all, headers_of_one, source_of, trace_of
from services.chassis.runtime.unit_of_work import Database, Tombstone, Trace, Unprocessable, Work

LARGEST = 7 * 1024 * 1024  # topics take 8 MiB; a larger event would stop the relay for ever
BATCH_EVENTS = 2000  # 2,000 a Kafka transaction: 70,000 events/s, against 26,000 at 500

Headers = list[tuple[str, bytes]]


class Outgoing(NamedTuple):
    """One message as it will be published."""

    topic: str
    key: bytes
    partition_key: bytes | None
    """What decides its partition; None: its key."""
    headers: Headers
    value: bytes | None
    """None: a tombstone."""


class Row(NamedTuple):
    """What one transaction publishes, as MessagePack: read and written whole, and by the relay alone."""

    headers: Headers
    """Those of each message with a value; they stand before its own."""
    messages: list[Outgoing]


_ROWS = msgpack.Decoder(Row)


async def write(work: Work, service: str) -> None:
    """Writes the emitted events to the outbox, in the same transaction. Raises Unprocessable for one too large."""
    if work.emitted:
        messages = [_outgoing(*each) for each in work.emitted]
        row = msgpack.encode(Row(headers_of_all(source_of(service), work.now), messages))
        await work.db.execute("INSERT INTO outbox (events, messages) VALUES ($1, $2)", len(messages), row)


def _outgoing(event: Event | Tombstone, trace: Trace | None, encoded: bytes | None) -> Outgoing:
    key, place = event.key(), event.partition_key()
    partition_key = None if place == key else place.encode()
    if isinstance(event, Tombstone):
        return Outgoing(event.topic(), key.encode(), partition_key, [], None)
    body = event.to_json() if encoded is None else encoded
    if len(body) > LARGEST:
        raise too_large(len(body))
    parent, arrived_at = trace or (trace_of(str(event.event_id())), None)
    return Outgoing(
        event.topic(), key.encode(), partition_key, headers_of_one(event, parent, arrived_at), body
    )


def too_large(size: int) -> Unprocessable:
    """The error for an event of so many bytes: the record that it follows from becomes a dead letter."""
    return Unprocessable(
        "event_too_large",
        f"what follows from it is {size / 2**20:.1f} MB, and a topic takes {LARGEST / 2**20:.0f} MB: one person has so "
        "many records or convictions that a person has to look at them",
    )


async def next_batch(db: Database, published: int) -> tuple[int, list[Outgoing]] | None:
    """The number and messages of the batch to publish after batch ``published``; None: the outbox is empty.

    Deletes the batches up to ``published``. The number is committed before the batch is returned; after a crash the
    same batch is returned under the same number (migrations/20261122000009_next_batch.sql). Only the one relay
    numbers. Rows become visible in commit order, not in id order, so no watermark on ids is used.
    """
    rows: Sequence[Any] = await db.fetch("SELECT * FROM next_batch($1, $2)", published, BATCH_EVENTS)
    if not rows:
        return None
    return rows[0]["number"], [message for row in rows for message in unpacked(row["messages"])]


def unpacked(messages: bytes) -> list[Outgoing]:
    """The messages of one row, each with all of its headers."""
    row = _ROWS.decode(messages)
    return [
        message if message.value is None else message._replace(headers=row.headers + message.headers)
        for message in row.messages
    ]


async def last_numbered(db: Database) -> int:
    """The number of the last batch; 0 before the first."""
    number: int = await db.fetchval("SELECT last_batch FROM relay_numbering")
    return number


async def depth(db: Database) -> int:
    """Events that are committed and not yet deleted as published."""
    events: int = await db.fetchval("SELECT coalesce(sum(events), 0)::bigint FROM outbox")
    return events


async def oldest(db: Database) -> float | None:
    """Seconds that the oldest event has been in the outbox; None: it is empty."""
    waited: float | None = await db.fetchval(
        "SELECT extract(epoch FROM clock_timestamp() - at)::float8 FROM outbox ORDER BY id LIMIT 1"
    )
    return waited
