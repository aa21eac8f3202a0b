"""How to reach Kafka, for FastStream's broker and for aiokafka's own clients."""

import asyncio
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker
from faststream.security import BaseSecurity, SASLPlaintext

from services.chassis.runtime.telemetry import log
from services.chassis.settings.service_settings import ServiceSettings


def client_options(settings: ServiceSettings) -> dict[str, Any]:
    """Keyword arguments of any aiokafka client."""
    options: dict[str, Any] = {"bootstrap_servers": settings.kafka_bootstrap.split(",")}
    if settings.kafka_username and settings.kafka_password:
        options |= {
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "PLAIN",
            "sasl_plain_username": settings.kafka_username,
            "sasl_plain_password": settings.kafka_password.get_secret_value(),
        }
    return options


def broker(settings: ServiceSettings) -> KafkaBroker:
    """FastStream's broker: consuming only, no topic made by accident, handlers called with what we decode."""
    security: BaseSecurity | None = None
    if settings.kafka_username and settings.kafka_password:
        security = SASLPlaintext(settings.kafka_username, settings.kafka_password.get_secret_value())
    return KafkaBroker(
        settings.kafka_bootstrap.split(","),
        security=security,
        consumer_only=True,
        allow_auto_create_topics=False,
        apply_types=False,
        graceful_timeout=20.0,
        logger=None,
    )


async def until_reachable(settings: ServiceSettings, pause_s: float = 0.2) -> None:
    """Returns when a broker answers; waits for one that is not there yet, and says so.

    FastStream's broker would end the process, and whoever restarts it waits longer each time.
    """
    while True:
        client = AIOKafkaClient(**client_options(settings))
        try:
            await client.bootstrap()
        except KafkaError as error:
            log().warning("waiting for Kafka", error=type(error).__name__)
        else:
            return
        finally:
            await client.close()
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, 5.0)


def passes(error: Exception) -> bool:
    """Whether a client may simply try again. aiokafka asserts, where a broker goes away while a client starts."""
    return isinstance(error, KafkaError | OSError | TimeoutError | AssertionError)
