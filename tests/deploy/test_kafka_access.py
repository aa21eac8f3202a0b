"""Who may do what at Kafka: each user against each topic, consumer group and transactional id, on a real broker.

What is expected is read from contracts/topics.yaml here once more, in other words than deploy/kafka/access.py.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)
from confluent_kafka import KafkaException
from confluent_kafka import TopicPartition as ConfluentPartition
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from deploy.kafka.access import rules
from deploy.kafka.admin import admin_client
from deploy.kafka.topic_map import topic_map
from deploy.kafka.topics import prepare_topics
from deploy.kafka.users import county_user, integrator_user
from deploy.local.passwords import password
from services import SERVICES
from services.chassis.settings.kafka_address import KafkaAddress
from tests.deploy.conftest import Local

pytestmark = pytest.mark.servers
DENIED = (TopicAuthorizationFailedError, GroupAuthorizationFailedError, TransactionalIdAuthorizationFailed)


@dataclass(frozen=True)
class Broker:
    """A broker with the rights of the map, and a password of each user."""

    local: Local
    counties: tuple[str, ...]
    integrators: dict[str, tuple[str, ...]]

    @property
    def users(self) -> list[str]:
        return list(rules(topic_map(), self.counties, self.integrators))

    def options(self, user: str) -> dict[str, Any]:
        secret = password(self.local.layout.secrets, f"kafka-{user}")
        return KafkaAddress(self.local.addresses.kafka_bootstrap, user, secret).client_options()

    def means(self, who: str, topic: str, user: str) -> bool:
        """Whether a word of the map means this user, on this topic."""
        own = topic.rsplit("-v1-", 1)[-1]
        if who == "the county's integrators":
            return any(
                user == integrator_user(n) and own in granted for n, granted in self.integrators.items()
            )
        return user == {"the county": county_user(own), "the service": own, "the operator": "operator"}.get(
            who, who
        )


@pytest_asyncio.fixture
async def broker(local: Local) -> AsyncIterator[Broker]:
    found = Broker(local, local.plan.counties, local.plan.integrators)
    await asyncio.to_thread(prepare_topics, local.addresses.kafka, topic_map(), found.counties)
    yield found


async def allowed(attempt: Coroutine[Any, Any, None]) -> bool:
    try:
        await attempt
    except DENIED:
        return False
    return True


async def write(options: dict[str, Any], topic: str) -> None:
    async with AIOKafkaProducer(**options, acks="all", enable_idempotence=False) as producer:
        await producer.send_and_wait(topic, b"{}", b"a key", partition=0)


@asynccontextmanager
async def consumer(options: dict[str, Any], group: str | None = None) -> AsyncIterator[AIOKafkaConsumer]:
    async with AIOKafkaConsumer(
        **options, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest"
    ) as started:
        yield started


async def read(options: dict[str, Any], topic: str) -> None:
    partition = TopicPartition(topic, 0)
    async with consumer(options) as started:
        if topic not in await started.topics():  # aiokafka would wait for a topic that the user may not see
            raise TopicAuthorizationFailedError
        started.assign([partition])
        started.seek(partition, 0)
        while not await started.getmany(timeout_ms=300):
            pass


async def use_group(options: dict[str, Any], group: str, topic: str) -> None:
    partition = TopicPartition(topic, 0)
    async with consumer(options, group) as started:
        started.assign([partition])
        await started.commit({partition: 0})


async def use_transactional_id(options: dict[str, Any], name: str) -> None:
    async with AIOKafkaProducer(**options, transactional_id=name):
        pass


async def table(
    users: list[str], objects: list[str], attempt: Callable[[str, str], Coroutine[Any, Any, None]]
) -> dict[tuple[str, str], bool]:
    """Each user with each object: whether the broker let it."""
    tries = [(user, one) for user in users for one in objects]
    limit = asyncio.Semaphore(8)

    async def one(user: str, name: str) -> bool:
        async with limit, asyncio.timeout(60):
            return await allowed(attempt(user, name))

    return dict(zip(tries, await asyncio.gather(*(one(*each) for each in tries)), strict=True))


async def test_a_topic_is_written_and_read_by_those_whom_the_map_names_and_nobody_else(
    broker: Broker,
) -> None:
    topics = dict(topic_map().of(broker.counties))
    for name in topics:
        await write({**broker.local.addresses.kafka.client_options()}, name)
    written = await table(broker.users, list(topics), lambda user, name: write(broker.options(user), name))
    seen = await table(broker.users, list(topics), lambda user, name: read(broker.options(user), name))

    def named(user: str, name: str, whos: tuple[str, ...]) -> bool:
        return any(broker.means(who, name, user) for who in whos)

    assert written == {(u, n): named(u, n, topics[n].producers) for u in broker.users for n in topics}
    assert seen == {
        (u, n): named(u, n, (*topics[n].consumers, *topics[n].readers))
        or (u in SERVICES and named(u, n, topics[n].producers))
        for u in broker.users
        for n in topics
    }
    assert sum(written.values()) < len(written) / 5


async def test_a_user_joins_its_own_consumer_groups_and_no_other(broker: Broker) -> None:
    groups = {user: f"{user}.of-a-test" for user in broker.users}
    readable = dict.fromkeys(SERVICES, "records-v1")
    readable |= {integrator_user(name): f"dismissals-v1-{one[0]}" for name, one in broker.integrators.items()}
    readable |= {"eligibility": "histories-v1", "relief": "relief-v1", "notification": "relief-v1"}
    readable |= {county_user(county): f"receipts-v1-{county}" for county in broker.counties}
    tried = await table(
        broker.users,
        list(groups.values()),
        lambda user, group: use_group(broker.options(user), group, readable.get(user, "records-v1")),
    )
    # The operator's commands use no group.
    assert tried == {
        (u, g): g == groups[u] and u != "operator" for u in broker.users for g in groups.values()
    }


async def test_a_service_publishes_by_its_own_transactional_id_and_no_other(broker: Broker) -> None:
    names = [f"relay-{service}" for service in SERVICES]
    tried = await table(
        broker.users, names, lambda user, name: use_transactional_id(broker.options(user), name)
    )
    assert tried == {(u, n): n == f"relay-{u}" for u in broker.users for n in names}


async def test_nobody_but_the_administrator_makes_or_removes_topics_users_rights_and_settings(
    broker: Broker,
) -> None:
    kafka = broker.local.addresses.kafka_bootstrap
    own = AclBinding(
        ResourceType.TOPIC, "records-v1", ResourcePatternType.LITERAL, "User:x", "*", AclOperation.READ,
        AclPermissionType.ALLOW,
    )  # fmt: skip
    scram = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
    retention = [ConfigEntry("retention.ms", "1", incremental_operation=AlterConfigOpType.SET)]

    def done(user: str) -> list[str]:
        """The calls that the broker did."""
        secret = password(broker.local.layout.secrets, f"kafka-{user}")
        with admin_client(KafkaAddress(kafka, user, secret)) as admin:
            calls: dict[str, dict[Any, Future[Any]]] = {
                "make a topic": admin.create_topics([NewTopic("mine", 1, 1)]),
                "remove a topic": admin.delete_topics(["records-v1"]),
                "change a topic": admin.incremental_alter_configs(
                    [ConfigResource(ResourceType.TOPIC, "records-v1", incremental_configs=retention)]
                ),
                "give a right": admin.create_acls([own]),
                "give a password": admin.alter_user_scram_credentials(
                    [UserScramCredentialUpsertion("admin", scram, b"mine")]
                ),
            }
            return [name for name, answers in calls.items() if not all(map(_refused, answers.values()))]

    assert {user: await asyncio.to_thread(done, user) for user in broker.users} == {
        user: [] for user in broker.users
    }


async def test_nobody_but_the_administrator_deletes_a_record_also_not_from_a_topic_of_its_own(
    broker: Broker,
) -> None:
    topics = list(topic_map().of(broker.counties))
    administrator = broker.local.addresses.kafka
    for name in topics:
        await write(administrator.client_options(), name)

    def deleted(kafka: KafkaAddress, names: list[str]) -> list[str]:
        """The topics of which the broker deleted the first record."""
        upto = {name: ConfluentPartition(name, 0, 1) for name in names}
        with admin_client(kafka) as admin:
            tried = {name: admin.delete_records([one]) for name, one in upto.items()}
            return [name for name, answers in tried.items() if not any(map(_failed, answers.values()))]

    bootstrap = broker.local.addresses.kafka_bootstrap
    for user in broker.users:
        secret = password(broker.local.layout.secrets, f"kafka-{user}")
        assert await asyncio.to_thread(deleted, KafkaAddress(bootstrap, user, secret), topics) == [], user
    partitions = [TopicPartition(name, 0) for name in topics]
    async with consumer(administrator.client_options()) as started:
        assert set((await started.beginning_offsets(partitions)).values()) == {0}
    # Of a topic that is compacted Kafka lets nobody delete.
    assert await asyncio.to_thread(deleted, administrator, ["relief-v1", "audit-heads-v1"]) == [
        "audit-heads-v1"
    ]


def _failed(answer: "Future[Any]") -> bool:
    return isinstance(answer.exception(), KafkaException)


def _refused(answer: "Future[Any]") -> bool:
    error = answer.exception()
    return isinstance(error, KafkaException) and "AUTHORIZATION_FAILED" in error.args[0].name()
