"""What cannot be processed inside: kept whole in its own service's database until somebody has worked on it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import ValidationError

from reliefstream_contracts.event import header
from services.chassis.work import Database, Delivery, E, Received, Work


class Undecodable(Exception):
    """A message that is no event of its topic; ``reason`` is a stable code, the text names no value."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


class TooMany(Exception):
    """So many letters are open that the next record must wait: one defect must not bury everything."""


def decode(record: Received, types: dict[str, type[E]]) -> Delivery[E]:
    """The event in a record by its ``ce_type``. Raises Undecodable."""
    name = header(record.headers, "ce_type")
    if name is None:
        raise Undecodable("no_event_type", "header ce_type is missing")
    model = types.get(name)
    if model is None:
        raise Undecodable("unknown_event_type", "header ce_type names no event of this topic")
    try:
        event = model.model_validate_json(record.value)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors(include_input=False)[:10]
        )
        raise Undecodable("not_its_schema", wrong) from None
    return Delivery(event, header(record.headers, "ce_traceparent"))


def event_types(events: Sequence[type[E]]) -> dict[str, type[E]]:
    """By CloudEvents type."""
    return {event.TYPE: event for event in events}


async def bury(work: Work, consumer: str, record: Received, reason: str, detail: str, *, limit: int) -> None:
    """Keeps a record for whoever mends the defect. Raises TooMany when ``limit`` of its consumer are open."""
    open_ones = await work.db.fetchval(
        "SELECT count(*) FROM dead_letters WHERE consumer = $1 AND ended IS NULL", consumer
    )
    if open_ones >= limit:
        raise TooMany
    await work.db.execute(
        """INSERT INTO dead_letters
               (consumer, topic, partition, "offset", key, headers, value, reason, detail, at, record_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING""",
        consumer,
        record.topic,
        record.partition,
        record.offset,
        record.key and record.key.replace("\0", "\ufffd"),  # Postgres takes no NUL in a text
        json.dumps([[k, v.decode(errors="replace")] for k, v in record.headers]).replace(
            "\\u0000", "\\ufffd"
        ),
        record.value,
        reason,
        detail,
        work.now,
        record.timestamp,
    )


async def open_letters(db: Database, reason: str | None, after: int, limit: int) -> list[dict[str, Any]]:
    """The next open letters by number, without what the record holds; ``reason`` None: any."""
    rows = await db.fetch(
        """SELECT id, consumer, topic, partition, "offset", reason, detail, at, record_at,
                  octet_length(value) AS size
           FROM dead_letters WHERE ended IS NULL AND id > $1 AND ($2::text IS NULL OR reason = $2)
           ORDER BY id LIMIT $3""",
        after,
        reason,
        limit,
    )
    return [dict(row) for row in rows]


async def letter(db: Database, number: int, *, lock: bool = False) -> Mapping[str, Any] | None:
    """One letter whole, open or ended; None: there is none of that number."""
    end = "FOR UPDATE" if lock else ""
    row = await db.fetchrow(f"SELECT * FROM dead_letters WHERE id = $1 {end}", number)  # noqa: S608
    return dict(row) if row else None


def record_of(kept: Mapping[str, Any]) -> Received:
    """The record that a letter keeps."""
    headers = tuple((name, value.encode()) for name, value in kept["headers"])
    return Received(
        kept["topic"],
        kept["partition"],
        kept["offset"],
        kept["key"],
        headers,
        bytes(kept["value"]),
        kept["record_at"],
    )


async def end(work: Work, number: int, ended: Literal["processed", "discarded"], why: str = "") -> None:
    """Closes a letter; what it keeps stays."""
    await work.db.execute(
        "UPDATE dead_letters SET ended = $2, ended_at = $3, ended_why = $4 WHERE id = $1",
        number,
        ended,
        work.now,
        why,
    )
