"""How to reach Kafka, for FastStream's broker and for aiokafka's own clients."""

from typing import Any

from faststream.kafka import KafkaBroker
from faststream.security import BaseSecurity, SASLPlaintext

from services.chassis.settings import ServiceSettings


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
