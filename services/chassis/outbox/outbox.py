"""The outbox: the events of committed transactions, one row a transaction, until the relay has published them."""

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from reliefstream_contracts.event import cloudevents_headers, source_of, trace_of
from services.chassis.runtime.unit_of_work import Database, Tombstone, Unprocessable, Work

LARGEST = 7 * 1024 * 1024  # topics take 8 MiB; a larger event would stop the relay for ever
BATCH_EVENTS = 2000  # 2,000 a Kafka transaction: 70,000 events/s, against 26,000 at 500


class Outgoing(NamedTuple):
    """One message as it will be published."""

    topic: str
    key: bytes
    partition_key: bytes | None
    """What decides its partition; None: its key."""
    headers: list[tuple[str, bytes]]
    value: bytes | None
    """None: a tombstone."""


async def write(work: Work, service: str) -> None:
    """Writes the emitted events to the outbox, in the same transaction. Raises Unprocessable for one too large."""
    if not work.emitted:
        return
    topics: list[str] = []
    keys: list[str] = []
    partition_keys: list[str | None] = []
    headers: list[str] = []
    payloads: list[bytes | None] = []
    for event, trace, encoded in work.emitted:
        key, place = event.key(), event.partition_key()
        topics.append(event.topic())
        keys.append(key)
        partition_keys.append(None if place == key else place)
        if isinstance(event, Tombstone):
            headers.append("[]")
            payloads.append(None)
            continue
        parent, arrived_at = trace or (trace_of(str(event.event_id())), None)
        attributes = cloudevents_headers(event, source_of(service), work.now, parent, arrived_at)
        headers.append(to_json(attributes).decode())
        body = event.to_json() if encoded is None else encoded
        if len(body) > LARGEST:
            raise too_large(len(body))
        payloads.append(body)
    await work.db.execute(
        "INSERT INTO outbox (events, topics, keys, partition_keys, headers, payloads) VALUES ($1, $2, $3, $4, $5, $6)",
        len(topics),
        topics,
        keys,
        partition_keys,
        headers,
        payloads,
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
    outgoing = chain.from_iterable(
        zip(row["topics"], row["keys"], row["partition_keys"], row["headers"], row["payloads"], strict=True)
        for row in rows
    )
    return rows[0]["number"], [
        Outgoing(
            topic,
            key.encode(),
            place and place.encode(),
            [(n, v.encode()) for n, v in from_json(headers)],
            value,
        )
        for topic, key, place, headers, value in outgoing
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
