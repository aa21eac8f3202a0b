"""Settings of topics that are there already: Kafka's IncrementalAlterConfigs, which aiokafka does not have.

Its AlterConfigs would put every setting that it does not name back to the broker's default.
"""

from collections.abc import Mapping
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Int8, Int16, Int32, Schema, String

# Codes of the Kafka protocol (IncrementalAlterConfigs).
TOPIC, SET = 2, 0


class _Answer(Response):  # type: ignore[misc]
    API_KEY = 44
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "resources",
            Array(
                ("error_code", Int16),
                ("error_message", String("utf-8")),
                ("resource_type", Int8),
                ("resource_name", String("utf-8")),
            ),
        ),
    )


class _Wanted(RequestStruct):  # type: ignore[misc]
    API_KEY = 44
    API_VERSION = 0
    RESPONSE_TYPE = _Answer
    SCHEMA = Schema(
        (
            "resources",
            Array(
                ("resource_type", Int8),
                ("resource_name", String("utf-8")),
                (
                    "configs",
                    Array(("name", String("utf-8")), ("operation", Int8), ("value", String("utf-8"))),
                ),
            ),
        ),
        ("validate_only", Boolean),
    )


class IncrementalAlterConfigs(Request[_Wanted]):  # type: ignore[misc]
    """Sets these settings of topics and leaves their others."""

    API_KEY = 44

    def __init__(self, settings: Mapping[str, Mapping[str, str]]) -> None:
        self._settings = settings

    def build(self, request_struct_class: type[_Wanted]) -> _Wanted:
        """The request as it is sent."""
        return request_struct_class(
            [
                (TOPIC, topic, [(name, SET, value) for name, value in values.items()])
                for topic, values in self._settings.items()
            ],
            False,
        )


async def set_topics(admin: AIOKafkaAdminClient, settings: Mapping[str, Mapping[str, str]]) -> None:
    """Sets the settings of topics by name; safe to repeat. Raises KafkaError where the broker refuses."""
    if not settings:
        return
    answer: Any = await admin._send_request(IncrementalAlterConfigs(settings))
    for code, message, _, name in answer.resources:
        if code:
            raise KafkaError(f"settings of topic {name} were not changed: {message or f'error {code}'}")
