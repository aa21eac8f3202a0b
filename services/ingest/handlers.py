"""Intake from a county's topic; forgetting what relief seals."""

from collections.abc import Awaitable, Callable, Sequence

from reliefstream_contracts.event import header
from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.relief import ReliefSealDue, ReliefSealed
from reliefstream_contracts.sealing import LinksPinned
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Delivery, E, Handler, Received, Work
from services.ingest.batch import record_batch
from services.ingest.core.message import TOPIC, SourceMessage
from services.ingest.core.message_headers import NAMES, metadata_of
from services.ingest.core.redacted_message import redacted_message
from services.ingest.core.redaction import redacted_forms, redacted_value
from services.ingest.profiles.counties import SendingCounties
from services.ingest.sealing import store as seal_store
from services.ingest.sealing.forgetting import forget


def on_source_records(
    sending_counties: SendingCounties, keyed_hash: KeyedHash
) -> Callable[[Sequence[Received], Work], Awaitable[None]]:
    """Takes what counties send on their own topics."""

    async def take(records: Sequence[Received], work: Work) -> None:
        messages = [from_topic(record, sending_counties[_county(record)].topic_formats) for record in records]
        await record_batch(messages, work, sending_counties, keyed_hash)

    return take


def on_relief(sending_counties: SendingCounties, keyed_hash: KeyedHash) -> Handler[E]:
    """Forgets what is to be sealed, once the person's records are pinned; notes what every service has forgotten."""

    async def take(deliveries: Sequence[Delivery[E]], work: Work) -> None:
        due = [each.event for each in deliveries if isinstance(each.event, ReliefSealDue)]
        ready = {each.event.relief_id for each in deliveries if isinstance(each.event, LinksPinned)}
        if due or ready:
            await seal_store.wait_for_pins(work.db, due)
            await seal_store.pinned(work.db, ready)
            await forget(await seal_store.take_pinned(work.db), work, sending_counties, keyed_hash)
        await seal_store.all_forgot(
            work.db, [each.event for each in deliveries if isinstance(each.event, ReliefSealed)]
        )

    return take


def redaction(sending_counties: SendingCounties) -> Callable[[Received], Received]:
    """Takes social security and licence numbers out of a record that intake cannot process."""

    def redacted(record: Received) -> Received:
        message = from_topic(record)
        county = sending_counties.get(message.county)
        profile = county.profiles.get(message.metadata.profile) if county else None
        return record._replace(
            key=record.key and redacted_value(record.key),
            headers=tuple((name, redacted_forms(text)) for name, text in record.headers),
            value=redacted_message(message.metadata.format, profile, message.value),
        )

    return redacted


def _county(record: Received) -> CountyName:
    return CountyName(record.topic.removeprefix(TOPIC))


def from_topic(record: Received, granted: frozenset[str] | None = None) -> SourceMessage:
    """The message that a record on a county's own topic is; ``granted``: as in SourceMessage."""
    found = {name: header(record.headers, name) for name in NAMES}
    headers = {name: text for name, text in found.items() if text is not None and "\x00" not in text}
    return SourceMessage(
        receipt_id=f"{record.topic}/{record.partition}/{record.offset}",
        county=_county(record),
        metadata=metadata_of(headers),
        value=record.value,
        arrived_at=record.timestamp,
        granted=granted,
        key=record.key or "",
    )
