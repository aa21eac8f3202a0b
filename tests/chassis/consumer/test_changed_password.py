"""A service's password at Kafka is changed while it runs, as docs/guides/operator.md says: nothing is lost."""

import asyncio
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from deploy.kafka.admin import admin_client
from deploy.kafka.credentials import set_passwords
from services.chassis.settings.kafka_address import KafkaAddress
from tests.chassis.conftest import Toy
from tests.chassis.consumer.test_nothing_lost import running

pytestmark = pytest.mark.servers


def allow_everything(admin: KafkaAddress, user: str) -> None:
    bindings = [
        AclBinding(
            kind,
            "*",
            ResourcePatternType.LITERAL,
            f"User:{user}",
            "*",
            AclOperation.ALL,
            AclPermissionType.ALLOW,
        )
        for kind in (ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID)
    ]
    with admin_client(admin) as client:
        for answer in client.create_acls(bindings).values():
            answer.result()


async def test_a_service_goes_on_with_its_new_password_after_a_restart_and_loses_nothing(toy: Toy) -> None:
    servers = toy.servers
    if servers.kafka_username is None:
        pytest.skip("this Kafka asks for no user")
    admin = KafkaAddress(servers.kafka_bootstrap, servers.kafka_username, servers.kafka_password)
    user = toy.topic_in
    await asyncio.to_thread(set_passwords, admin, {user: "the first"})
    await asyncio.to_thread(allow_everything, admin, user)

    async with running(
        replace(toy, servers=replace(servers, kafka_username=user, kafka_password="the first"))
    ):
        await toy.send(range(100))
        await toy.published(100)
        await asyncio.to_thread(set_passwords, admin, {user: "the second"})
        await toy.send(range(100, 200))
    await toy.send(range(200, 300))
    async with running(
        replace(toy, servers=replace(servers, kafka_username=user, kafka_password="the second"))
    ):
        published = await toy.published(300)

    assert sorted(published) == [n * 2 for n in range(300)]
    stale = AIOKafkaProducer(**KafkaAddress(servers.kafka_bootstrap, user, "the first").client_options())
    with pytest.raises(KafkaError):
        await stale.start()
    await stale.stop()
