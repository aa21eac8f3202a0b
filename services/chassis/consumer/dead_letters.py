"""Dead letters: records that a service cannot process, stored whole in its database until an operator ends them."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, Literal

from msgspec import DecodeError

from reliefstream_contracts.event import header, source_of
from reliefstream_contracts.frozen import wrong_part
from services.chassis.consumer.dead_letter_filter import Filter
from services.chassis.runtime.unit_of_work import Database, Delivery, E, Received, Trace, Unprocessable, Work

KEPT = timedelta(days=90)
"""How long the record of a dead letter is kept, as the raw records of a county are."""


class Undecodable(Unprocessable):
    """A message that is no event of its topic."""


class TooMany(Exception):
    """The limit of open dead letters is reached: the next record must wait, or one defect would make all of them dead
    letters.
    """


def decode(record: Received, types: dict[str, type[E]]) -> Delivery[E]:
    """The event in a record by its ``ce_type``, of a service that produces it. Raises Undecodable."""
    name = header(record.headers, "ce_type")
    if name is None:
        raise Undecodable("no_event_type", "header ce_type is missing")
    model = types.get(name)
    if model is None:
        raise Undecodable("unknown_event_type", "header ce_type names no event of this topic")
    if header(record.headers, "ce_source") not in _sources(model.PRODUCERS):
        # Rights at Kafka decide who may write; this says it where they were set wrongly, and of a service that errs.
        raise Undecodable("wrong_producer", f"header ce_source does not name {' or '.join(model.PRODUCERS)}")
    try:
        event = model.from_json(record.value)
    except DecodeError as error:
        raise Undecodable("not_its_schema", wrong_part(error)) from None
    return Delivery(event, trace(record))


@cache
def _sources(producers: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(source_of, producers))


def trace(record: Received) -> Trace | None:
    """The trace that a record carries; None: it carries none."""
    parent = header(record.headers, "ce_traceparent")
    return Trace(parent, header(record.headers, "ce_arrivedat")) if parent else None


def event_types(events: Sequence[type[E]]) -> dict[str, type[E]]:
    """By CloudEvents type."""
    return {event.TYPE: event for event in events}


async def store(work: Work, consumer: str, record: Received, reason: str, detail: str, *, limit: int) -> None:
    """Stores a record as a dead letter. Raises TooMany when ``limit`` of its consumer are open."""
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


async def letters(db: Database, chosen: Filter) -> list[dict[str, Any]]:
    """The next dead letters by number, without their records, except the text that ``chosen.by`` names."""
    rows = await db.fetch(
        """SELECT id, consumer, topic, partition, "offset", reason, detail, at, record_at,
                  coalesce(ended, 'open') AS state, ended_at, ended_why, ended_by,
                  octet_length(value) AS size, CASE WHEN $8::text IS NOT NULL THEN value END AS value
           FROM dead_letters
           WHERE id > $1 AND ($2::text IS NULL OR coalesce(ended, 'open') = $2)
             AND ($3::text IS NULL OR reason = $3) AND ($4::text IS NULL OR consumer = $4)
             AND ($5::text IS NULL OR topic = $5)
             AND ($6::date IS NULL OR (at AT TIME ZONE 'UTC')::date >= $6)
             AND ($7::date IS NULL OR (at AT TIME ZONE 'UTC')::date <= $7)
           ORDER BY id LIMIT $9""",
        chosen.after,
        None if chosen.state == "all" else chosen.state,
        chosen.reason,
        chosen.consumer,
        chosen.topic,
        chosen.since,
        chosen.until,
        chosen.by,
        chosen.limit,
    )
    found = []
    for row in rows:
        told = dict(row)
        value = told.pop("value")
        found.append(told | ({"by": _text_in(value, chosen.by)} if chosen.by else {}))
    return found


def _text_in(value: bytes, name: str) -> str | None:
    """A text at the record's top level; None: it has none, or cannot be parsed."""
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return None
    text = found.get(name) if isinstance(found, dict) else None
    return text[:100] if isinstance(text, str) else None


async def letter(db: Database, number: int, *, lock: bool = False) -> Mapping[str, Any] | None:
    """One dead letter with its record, open or ended; None: no dead letter has that number."""
    end = "FOR UPDATE" if lock else ""
    row = await db.fetchrow(f"SELECT * FROM dead_letters WHERE id = $1 {end}", number)  # noqa: S608
    return dict(row) if row else None


def record_of(kept: Mapping[str, Any]) -> Received:
    """The record that a dead letter stores."""
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


async def end(
    work: Work, number: int, ended: Literal["processed", "discarded"], why: str = "", by: str = ""
) -> None:
    """Ends a dead letter; its record stays stored."""
    await work.db.execute(
        "UPDATE dead_letters SET ended = $2, ended_at = $3, ended_why = $4, ended_by = $5 WHERE id = $1",
        number,
        ended,
        work.now,
        why,
        by,
    )


async def erase(db: Database, topic: str, keys: Collection[str]) -> None:
    """Erases the dead letters of a topic with these keys: what they hold is to be forgotten, and was replaced."""
    await db.execute("DELETE FROM dead_letters WHERE topic = $1 AND key = ANY ($2)", topic, sorted(keys))


async def erase_old(work: Work) -> bool:
    """A job: erases what dead letters of 90 days hold, open or ended; who sent it, and why, stays."""
    await work.db.execute(
        """UPDATE dead_letters SET key = NULL, headers = '[]', value = '', ended = coalesce(ended, 'discarded'),
               ended_at = coalesce(ended_at, $1),
               ended_why = CASE WHEN ended IS NULL THEN 'kept as long as it may be' ELSE ended_why END
           WHERE at < $2 AND octet_length(value) > 0""",
        work.now,
        work.now - KEPT,
    )
    return False
