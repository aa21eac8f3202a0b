"""The subscribers of a service on FastStream: everything that differs from FastStream's defaults is here.

docs/adr/0001-own-consumer-inside-faststream.md says why.
"""

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import FAKE_CONSUMER
from faststream.security import BaseSecurity, SASLScram512

from services.chassis.consumer.consumption import Consumption
from services.chassis.consumer.fair_consumer import AdmissionControl, FairConsumer
from services.chassis.settings.service_settings import ServiceSettings

FETCH_MS, PATIENT_FETCH_MS = 100, 500
"""How long Kafka holds a fetch where there is nothing to read. A partition that was just read waits for it."""
Records = tuple["ConsumerRecord[bytes, bytes]", ...]


def broker(settings: ServiceSettings) -> KafkaBroker:
    """FastStream's broker: it only consumes, creates no topic, and passes raw records to the handlers."""
    kafka, tls = settings.kafka, settings.kafka.ssl_context()
    security: BaseSecurity | None = None
    if kafka.username:
        security = SASLScram512(kafka.username, kafka.password or "", tls, use_ssl=tls is not None)
    elif tls:
        security = BaseSecurity(tls, use_ssl=True)
    return KafkaBroker(
        kafka.bootstrap.split(","),
        security=security,
        consumer_only=True,
        allow_auto_create_topics=False,
        apply_types=False,
        graceful_timeout=20.0,
        logger=None,
    )


def subscribe(
    to: KafkaBroker,
    topics: Sequence[str],
    consumption: Consumption,
    settings: ServiceSettings,
    fail: Callable[[Exception], None],
    *,
    fetch_bytes: int,
) -> None:
    """Passes the batches of these topics to ``consumption``; an error that it raises goes to ``fail``.

    ``fetch_bytes``: how much of one partition waits in memory at most, or one batch of the broker's if that is
    larger.
    """
    name = consumption.name
    subscriber = to.subscriber(
        *topics,
        batch=True,
        group_id=name,
        # With the topics in it: Kafka gives a member that it knows its old partitions, whatever it asks for now.
        group_instance_id=f"{name}.{settings.instance}.{_digest(topics)}",
        auto_offset_reset="none",  # "earliest" would pass over records that the topic lost, in silence
        ack_policy=AckPolicy.MANUAL,
        isolation_level="read_committed",
        partition_assignment_strategy=(RangePartitionAssignor,),
        batch_timeout_ms=settings.batch_timeout_ms,
        max_records=settings.batch_max_records,
        max_partition_fetch_bytes=fetch_bytes,
        fetch_max_wait_ms=PATIENT_FETCH_MS if consumption.patient else FETCH_MS,
        session_timeout_ms=int(settings.session_seconds * 1000),
        heartbeat_interval_ms=int(settings.session_seconds * 200),
        listener=consumption,
        no_reply=True,
    )

    def client() -> AIOKafkaConsumer | None:
        return subscriber.consumer

    async def consume(records: Records) -> None:
        try:
            await consumption.consume(records)
        except Exception as error:
            fail(error)

    consumption.client = client
    subscriber(consume, parser=_as_it_came, decoder=_undecoded)


def use_fair_consumers(connected: KafkaBroker, admission: AdmissionControl) -> None:
    """Makes a connected broker that is not yet started build a FairConsumer for each subscriber.

    FastStream has no documented option for the class of its consumers. Raises TypeError where it builds them in
    another way than the one known here.
    """
    config = connected.config.broker_config
    if not isinstance(config.builder, partial) or config.builder.func is not AIOKafkaConsumer:
        raise TypeError("FastStream builds its consumers in an unknown way: see docs/adr/0001")
    config.builder = partial(FairConsumer, admission=admission, **config.builder.keywords)


async def _as_it_came(records: Records) -> KafkaMessage:
    """FastStream's own parser decodes each header and loses the batch on one that is not UTF-8."""
    return KafkaMessage(
        raw_message=records, body=b"", correlation_id="", message_id="", consumer=FAKE_CONSUMER
    )


async def _undecoded(message: KafkaMessage) -> Any:
    return message.raw_message


def _digest(topics: Sequence[str]) -> str:
    return sha256("\n".join(sorted(topics)).encode()).hexdigest()[:8]
