"""How much each county's and each integrator's user may send and read at Kafka, from the topic map.

Neither confluent-kafka (2.16) nor aiokafka has a call for client quotas (KIP-546). The request is one of Kafka's
protocol (AlterClientQuotas, version 0, Kafka 2.6 or newer), in aiokafka's classes for requests.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Float64, Int16, Int32, Schema, String

from deploy.kafka.users import county_user, integrator_user
from deploy.local.servers.requirements import ServerMissingError
from reliefstream_contracts.topic_map import Quota, TopicMap
from services.chassis.settings.kafka_address import KafkaAddress

TEXT = String("utf-8")
ENTITY = ("entity", Array(("entity_type", TEXT), ("entity_name", TEXT)))


class _Altered(Response):  # type: ignore[misc] # aiokafka has no types
    API_KEY = 49
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("entries", Array(("error_code", Int16), ("error_message", TEXT), ENTITY)),
    )


class _Alter(RequestStruct):  # type: ignore[misc]
    API_KEY = 49
    API_VERSION = 0
    RESPONSE_TYPE = _Altered
    SCHEMA = Schema(
        ("entries", Array(ENTITY, ("ops", Array(("key", TEXT), ("value", Float64), ("remove", Boolean))))),
        ("validate_only", Boolean),
    )


_Struct: TypeAlias = _Alter


class _AlterClientQuotas(Request[_Struct]):  # type: ignore[misc]
    API_KEY = 49

    def __init__(self, quotas: Mapping[str, Quota]) -> None:
        self._quotas = quotas

    def build(self, request_struct_class: type[_Struct]) -> _Struct:
        entries = [
            ([("user", user)], [(name, float(value), False) for name, value in quota])
            for user, quota in self._quotas.items()
        ]
        return request_struct_class(entries, False)


def quotas(topic_map: TopicMap, counties: Iterable[str], integrators: Iterable[str]) -> dict[str, Quota]:
    """Each user that has a quota, by its name at Kafka. Services, the operator and the administrator have none."""
    by_county, by_integrator = topic_map.quotas.county, topic_map.quotas.integrator
    return {county_user(one): by_county for one in counties} | {
        integrator_user(one): by_integrator for one in integrators
    }


def limit(kafka: KafkaAddress, limits: Mapping[str, Quota]) -> None:
    """Sets these quotas; repeatable. ``kafka`` is an administrator's.

    Raises ServerMissingError when Kafka does not answer or refuses.
    """
    if limits:
        asyncio.run(_limit(kafka, limits))


async def _limit(kafka: KafkaAddress, limits: Mapping[str, Quota]) -> None:
    client = AIOKafkaClient(**kafka.client_options())
    try:
        await client.bootstrap()
        answer = await client.send(client.get_random_node(), _AlterClientQuotas(limits))
    except KafkaError as error:
        raise ServerMissingError(f"Kafka takes no quotas: {type(error).__name__}") from None
    finally:
        await client.close()
    for code, said, entity in answer.entries:
        if code:
            raise ServerMissingError(f"Kafka refused the quota of {entity[0][1]}: {said or code}")
