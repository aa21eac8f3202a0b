"""The audit logs as the services show them, and their heads as the topic has them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from reliefstream_contracts.audit import AuditHeadSigned
from services.chassis.audit.chain import Entry
from services.chassis.audit.verification import Read
from services.chassis.consumer.offsets import offset_reader
from services.chassis.consumer.topic_scan import CannotScan, read, spans_since
from services.cli.client.services import NOT_RUNNING, ask
from services.cli.terminal.exit import Broken, ServerMissing

PAGE = 5000


def rows(service: str, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a service's log that the query chooses, in the order of the chain. Raises as ``ask`` does."""
    after: int | None = 0
    while after is not None:
        answer = ask(service, "GET", "/v1/audit", query={**query, "after": after, "limit": PAGE})
        yield from answer["audit"]
        after = answer["next"]


def as_read(row: Mapping[str, Any]) -> Read:
    """A row for ``verification.findings``."""
    fields = {name: row[name] for name in Entry.__dataclass_fields__}
    moments = {name: datetime.fromisoformat(row[name]) for name in ("at", "chained_at")}
    return Read(Entry(**{**fields, **moments}), row["why"], row["salt"])


async def heads(kafka: Mapping[str, Any]) -> list[AuditHeadSigned]:
    """All that the topic has. Raises ServerMissing, Broken."""
    found: list[AuditHeadSigned] = []
    try:
        async with offset_reader(kafka) as reader:
            spans = await spans_since(reader.consumer, [TopicPartition(AuditHeadSigned.TOPIC, 0)])
        async for records in read(kafka, spans, PAGE):
            found += [AuditHeadSigned.from_json(record.value or b"") for record in records]
    except KafkaError:
        raise ServerMissing(NOT_RUNNING.format("Kafka")) from None
    except (CannotScan, ValueError):
        raise Broken(f"{AuditHeadSigned.TOPIC} has a message that is no head, or cannot be read.") from None
    return found
