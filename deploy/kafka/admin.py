"""A client for Kafka's administration whose errors are sentences for the user."""

import logging
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from deploy.local.servers.requirements import ServerMissingError
from services.chassis.settings.kafka_address import KafkaAddress

K = TypeVar("K")
TIMEOUT_S = 20.0
_log = logging.getLogger("reliefstream.kafka_admin")
_log.addHandler(logging.NullHandler())
_log.propagate = False  # librdkafka logs each failed connection; the error says it once


def admin_client(kafka: KafkaAddress) -> AdminClient:
    """A client that connects when it is first used, and logs nothing. It ends with its last reference."""
    options = {**kafka.admin_options(), "socket.timeout.ms": int(TIMEOUT_S * 1000)}
    return AdminClient(options, logger=_log)


def reason(error: KafkaException) -> str:
    """Kafka's own error text."""
    told: KafkaError = error.args[0]
    return told.str()


def wait_for(answers: Mapping[K, "Future[Any]"], what: str, *, but: frozenset[int] = frozenset()) -> None:
    """Waits for all. Raises ServerMissingError for the first refusal but those whose code is in ``but``.

    ``what`` begins the sentence, and may name the key by ``{}``.
    """
    for key, answer in answers.items():
        try:
            answer.result()
        except KafkaException as error:
            if error.args[0].code() not in but:
                raise ServerMissingError(f"{what.format(key)}: {reason(error)}") from None
