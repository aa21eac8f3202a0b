"""What cannot be processed inside: kept whole in its own service's database, counted, and passed over."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import ValidationError

from reliefstream_contracts.event import header
from services.chassis.work import Database, Delivery, E, Received


class Undecodable(Exception):
    """A message that is no event of its topic; ``reason`` is a stable code, the text names no value."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


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


async def bury(
    db: Database, consumer: str, letters: Iterable[tuple[Received, str, str]], at: datetime
) -> None:
    """Keeps (record, reason, detail) for whoever mends the defect; a record is kept once."""
    await db.executemany(
        """INSERT INTO dead_letters
               (consumer, topic, partition, "offset", key, headers, value, reason, detail, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING""",
        [
            (
                consumer,
                r.topic,
                r.partition,
                r.offset,
                r.key and r.key.replace("\0", "\ufffd"),  # Postgres takes no NUL in a text
                json.dumps([[k, v.decode(errors="replace")] for k, v in r.headers]).replace(
                    "\\u0000", "\\ufffd"
                ),
                r.value,
                reason,
                detail,
                at,
            )
            for r, reason, detail in letters
        ],
    )
