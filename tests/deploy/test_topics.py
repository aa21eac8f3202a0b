"""What the broker does with what counties write."""

import asyncio
import uuid
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.kafka import topics as made_topics
from deploy.kafka.topics import create_topics, topic_map, topics
from services.chassis.settings.kafka_address import KafkaAddress
from tests.servers import Servers


def test_what_counties_write_has_the_brokers_clock_and_is_unpacked_by_it() -> None:
    # The consumer has no library for snappy, lz4 and zstd: one message of them would stop it for every county.
    configs = {topic.name: topic.configs for topic in topics(["yolo"])}
    assert configs["source-records-v1-yolo"].items() >= {
        ("message.timestamp.type", "LogAppendTime"),
        ("compression.type", "uncompressed"),
    }
    assert "compression.type" not in configs["records-v1"]


@pytest.mark.servers
async def test_a_countys_topic_that_is_there_already_is_unpacked_by_the_broker_too(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = {name: entry for name, entry in topic_map().items() if name.startswith("source-records")}
    monkeypatch.setattr(made_topics, "topic_map", lambda: only)
    county = "test-" + "".join(chr(ord("a") + int(digit, 16)) for digit in uuid.uuid4().hex)
    name = f"source-records-v1-{county}"
    options = KafkaAddress(
        servers.kafka_bootstrap, servers.kafka_username, servers.kafka_password
    ).client_options()
    admin = AIOKafkaAdminClient(**options)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, 1, 1, topic_configs={"retention.ms": "1234567"})])
        while not await _settings(admin, name):  # noqa: ASYNC110 - a new topic is not known at once
            await asyncio.sleep(0.05)
        for _ in range(2):
            await create_topics(options, [county])
            assert await _settings(admin, name) == {
                "compression.type": "uncompressed",
                "retention.ms": "1234567",
            }
    finally:
        await admin.delete_topics([name])
        await admin.close()


async def _settings(admin: AIOKafkaAdminClient, topic: str) -> dict[str, str]:
    asked = ConfigResource(
        ConfigResourceType.TOPIC, topic, configs={"compression.type": "", "retention.ms": ""}
    )
    (answer,) = await admin.describe_configs([asked])
    entries: list[Any] = answer.resources[0][4]
    return {entry[0]: entry[1] for entry in entries}
