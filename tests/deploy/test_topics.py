"""The topic map, and what `prepare` makes of it on a broker."""

import asyncio
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from aiokafka import AIOKafkaProducer
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.protocol.admin import DescribeClientQuotasRequest
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourcePatternType,
    ResourceType,
)
from pydantic import ValidationError

from deploy.kafka.access import grant, rules
from deploy.kafka.admin import admin_client
from deploy.kafka.quotas import limit, quotas
from deploy.kafka.topic_map import topic_map
from deploy.kafka.topics import Prepared, prepare_topics
from deploy.kafka.users import county_user, integrator_user
from deploy.local.servers.requirements import ServerMissingError
from deploy.prepare import changes
from reliefstream_contracts.topic_map import TopicMap
from services.chassis.outbox.relay import BATCH_BYTES
from services.chassis.settings.kafka_address import KafkaAddress
from services.ingest.core.court.strict_json import SIZE_LIMIT
from tests.servers import Servers

TOPIC: dict[str, Any] = {
    "what": "numbers",
    "events": [],
    "key": "number",
    "partitions": 2,
    "producers": ["a"],
    "consumers": ["b"],
    "readers": ["internal"],
    "settings": {"cleanup.policy": "delete", "retention.ms": 1234567, "max.message.bytes": 5000},
}
NOTHING = Prepared((), (), {})


def a_map(name: str, **changed: Any) -> TopicMap:
    return TopicMap.model_validate({"topics": {name: TOPIC | changed}})


def test_every_topic_takes_a_whole_batch_of_a_relay() -> None:
    """Else a relay with many events at once would never get rid of them."""
    sizes = {name: entry.settings.max_message_bytes for name, entry in topic_map().topics.items()}
    assert {name: size for name, size in sizes.items() if size < BATCH_BYTES} == {}


def test_what_counties_write_has_the_brokers_clock_is_unpacked_by_it_and_is_no_larger_than_a_record() -> None:
    # The consumer has no library for snappy, lz4 and zstd: one message of them would stop it for every county.
    settings = topic_map().of(["yolo"])["source-records-v1-yolo"].settings
    assert settings.message_timestamp_type == "LogAppendTime"
    assert settings.compression_type == "uncompressed"
    # Key and headers come on top of a record of the largest size; a batch that unpacks to more is refused.
    assert SIZE_LIMIT < settings.max_message_bytes <= SIZE_LIMIT * 1.1


def test_each_county_has_its_own_topics_beside_the_shared_ones() -> None:
    assert {name for name in topic_map().of(["kern", "yolo"]) if "yolo" in name or "kern" in name} == {
        f"{kind}-v1-{county}"
        for kind in ("source-records", "receipts", "dismissals")
        for county in ("kern", "yolo")
    }
    assert "records-v1" in topic_map().of([])


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"retention": "90 days"}, ("topics", "numbers", "retention")),
        (
            {"settings": TOPIC["settings"] | {"retention.mss": 1}},
            ("topics", "numbers", "settings", "retention.mss"),
        ),
        ({"partitions": 0}, ("topics", "numbers", "partitions")),
        ({"consumers": "ingest"}, ("topics", "numbers", "consumers")),
    ],
)
def test_an_entry_with_a_key_or_value_that_is_wrong_is_refused(
    wrong: dict[str, Any], where: tuple[str, ...]
) -> None:
    with pytest.raises(ValidationError) as refused:
        a_map("numbers", **wrong)
    assert refused.value.errors()[0]["loc"] == where


def test_settings_are_written_as_kafka_writes_them() -> None:
    text = "{cleanup.policy: compact, min.cleanable.dirty.ratio: 0.2, max.message.bytes: 8_388_608}"
    assert a_map("numbers", settings=yaml.safe_load(text)).topics["numbers"].settings.configs() == {
        "cleanup.policy": "compact",
        "min.cleanable.dirty.ratio": "0.2",
        "max.message.bytes": "8388608",
    }


def test_what_prepare_changed_is_said_line_by_line() -> None:
    assert changes(NOTHING) == "topics are there"
    assert changes(Prepared(("a", "b"), ("c",), {"d": {"retention.ms": "-1", "segment.ms": "5"}})) == (
        "2 topics made\ntopic c: partitions added\ntopic d: set retention.ms to -1, segment.ms to 5"
    )


def test_a_broker_that_is_not_there_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("deploy.kafka.topics.TIMEOUT_S", 0.2)
    with pytest.raises(ServerMissingError, match=r"^Kafka at 127\.0\.0\.1:1 does not answer"):
        prepare_topics(KafkaAddress("127.0.0.1:1", "admin", "secret"), topic_map(), [])
    told = capfd.readouterr()
    assert told.out + told.err == ""


@pytest.fixture
def kafka(servers: Servers) -> KafkaAddress:
    return KafkaAddress(servers.kafka_bootstrap, servers.kafka_username, servers.kafka_password)


@pytest.fixture
def admin(kafka: KafkaAddress) -> AdminClient:
    return admin_client(kafka)


@pytest.fixture
def name(admin: AdminClient) -> Iterator[str]:
    """The name of a topic that is gone afterwards."""
    made = f"numbers-{uuid.uuid4().hex}"
    yield made
    for answer in admin.delete_topics([made]).values():
        answer.exception()


def settings_of(admin: AdminClient, topic: str) -> dict[str, str]:
    (answer,) = admin.describe_configs([ConfigResource(ResourceType.TOPIC, topic)]).values()
    return {setting: entry.value for setting, entry in answer.result().items()}


def set_by_hand(admin: AdminClient, topic: str, **settings: str) -> None:
    entries = [
        ConfigEntry(n.replace("_", "."), value, incremental_operation=AlterConfigOpType.SET)
        for n, value in settings.items()
    ]
    resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=entries)
    for answer in admin.incremental_alter_configs([resource]).values():
        answer.result()
    wait_for_settings(admin, topic, {n.replace("_", "."): value for n, value in settings.items()})


def wait_for_settings(admin: AdminClient, topic: str, wanted: dict[str, str]) -> None:
    """The broker hears of a setting from the controller, a moment after it was set."""
    deadline = time.monotonic() + 20
    while not settings_of(admin, topic).items() >= wanted.items():
        assert time.monotonic() < deadline, settings_of(admin, topic)
        time.sleep(0.05)


def partitions_of(admin: AdminClient, topic: str) -> int:
    return len(admin.list_topics(topic, timeout=10).topics[topic].partitions)


@pytest.mark.servers
def test_a_topic_is_made_with_its_settings_and_again_nothing_changes(
    kafka: KafkaAddress, admin: AdminClient, name: str
) -> None:
    assert prepare_topics(kafka, a_map(name), []) == Prepared((name,), (), {})
    assert prepare_topics(kafka, a_map(name), []) == NOTHING
    assert settings_of(admin, name)["retention.ms"] == "1234567"
    assert partitions_of(admin, name) == 2


@pytest.mark.servers
def test_a_setting_changed_by_hand_is_put_back_and_others_stay(
    kafka: KafkaAddress, admin: AdminClient, name: str
) -> None:
    prepare_topics(kafka, a_map(name), [])
    set_by_hand(admin, name, retention_ms="1", segment_ms="3600000")
    assert prepare_topics(kafka, a_map(name), []).set == {name: {"retention.ms": "1234567"}}
    wait_for_settings(admin, name, {"retention.ms": "1234567", "segment.ms": "3600000"})


@pytest.mark.servers
def test_a_setting_that_equals_the_brokers_default_is_set_all_the_same(
    kafka: KafkaAddress, admin: AdminClient, name: str
) -> None:
    prepare_topics(kafka, a_map(name, settings={"cleanup.policy": "delete", "max.message.bytes": 5000}), [])
    default = {**TOPIC["settings"], "compression.type": "producer"}
    assert prepare_topics(kafka, a_map(name, settings=default), []).set == {
        name: {"retention.ms": "1234567", "compression.type": "producer"}
    }
    wait_for_settings(admin, name, {"retention.ms": "1234567"})
    assert prepare_topics(kafka, a_map(name, settings=default), []) == NOTHING


@pytest.mark.servers
def test_partitions_are_added_and_never_taken_away(
    kafka: KafkaAddress, admin: AdminClient, name: str
) -> None:
    prepare_topics(kafka, a_map(name), [])
    assert prepare_topics(kafka, a_map(name, partitions=3), []) == Prepared((), (name,), {})
    assert partitions_of(admin, name) == 3
    set_by_hand(admin, name, retention_ms="1")
    with pytest.raises(
        ServerMissingError, match=f"{name} has 3 partitions, and contracts/topics.yaml says 2"
    ):
        prepare_topics(kafka, a_map(name), [])
    assert settings_of(admin, name)["retention.ms"] == "1", "nothing is changed before the refusal"


@pytest.mark.servers
def test_a_setting_that_the_broker_refuses_is_said_with_its_reason(kafka: KafkaAddress, name: str) -> None:
    with pytest.raises(ServerMissingError, match=f"Kafka refused to make topic {name}: .*segment"):
        prepare_topics(kafka, a_map(name, settings=TOPIC["settings"] | {"segment.bytes": 1}), [])


@pytest.mark.servers
async def test_a_packed_batch_that_unpacks_to_more_than_a_topic_takes_is_refused(
    kafka: KafkaAddress, name: str
) -> None:
    inbound = topic_map().topics["source-records-v1-{county}"]
    prepare_topics(kafka, TopicMap(topics={name: inbound}), [])
    producer = AIOKafkaProducer(
        **kafka.client_options(), compression_type="gzip", max_request_size=20_000_000
    )
    async with producer:
        await producer.send_and_wait(name, b" " * SIZE_LIMIT)
        with pytest.raises(MessageSizeTooLargeError):
            await producer.send_and_wait(name, b" " * 10_000_000)  # 10 kB when packed


@pytest.mark.servers
def test_rights_are_granted_once_however_often_and_taken_back_when_no_longer_named(
    kafka: KafkaAddress, admin: AdminClient
) -> None:
    if kafka.username is None:
        pytest.skip("this Kafka asks for no user: it has no rights to give")
    county, stranger = f"test-{uuid.uuid4().hex}", f"User:stranger-{uuid.uuid4().hex}"
    reader = {f"test-{uuid.uuid4().hex}": (county,)}
    others = AclBinding(
        ResourceType.TOPIC, "theirs", ResourcePatternType.LITERAL, stranger, "*", AclOperation.READ,
        AclPermissionType.ALLOW,
    )  # fmt: skip
    admin.create_acls([others])[others].result()
    for _ in range(2):
        grant(kafka, topic_map(), [county], reader)
    wanted = rules(topic_map(), [county], reader)
    for user in (county_user(county), *map(integrator_user, reader)):
        assert rights_of(admin, f"User:{user}", len(wanted[user])) == sorted(wanted[user])
    grant(kafka, topic_map(), [county], {})
    assert rights_of(admin, f"User:{integrator_user(*reader)}", 0) == []
    ours = wanted[county_user(county)]
    assert rights_of(admin, f"User:{county_user(county)}", len(ours)) == sorted(ours)
    grant(kafka, topic_map(), [], {})
    assert rights_of(admin, f"User:{county_user(county)}", 0) == []
    assert rights_of(admin, stranger, 1) == [others]
    ingest = rules(topic_map(), [], {})["ingest"]
    assert rights_of(admin, "User:ingest", len(ingest)) == sorted(ingest)
    admin.delete_acls([theirs(stranger)])


@pytest.mark.servers
async def test_a_countys_and_an_integrators_user_have_the_maps_quotas_and_services_none(
    kafka: KafkaAddress,
) -> None:
    county, reader = (f"test-{uuid.uuid4().hex}" for _ in range(2))
    wanted = quotas(topic_map(), [county], [reader])
    for _ in range(2):
        await asyncio.to_thread(limit, kafka, wanted)
    client = AIOKafkaClient(**kafka.client_options())
    await client.bootstrap()
    try:
        asked = DescribeClientQuotasRequest([("user", 2, None)], strict=True)  # 2: any name
        answer = await client.send(client.get_random_node(), asked)
    finally:
        await client.close()
    found = {entity[0][1]: dict(values) for entity, values in answer.entries}
    for user, expected in (
        (county_user(county), topic_map().quotas.county),
        (integrator_user(reader), topic_map().quotas.integrator),
    ):
        assert found[user] == {name: float(value) for name, value in expected}
    assert not found.keys() & {*topic_map().services, "operator", "admin"}


def theirs(principal: str) -> AclBindingFilter:
    return AclBindingFilter(
        ResourceType.ANY, None, ResourcePatternType.ANY, principal, None, AclOperation.ANY,
        AclPermissionType.ANY,
    )  # fmt: skip


def rights_of(admin: AdminClient, principal: str, number: int) -> list[AclBinding]:
    """What the broker tells once it tells so many, or after a minute: it hears of a change only after the answer."""
    for _ in range(600):
        found = sorted(admin.describe_acls(theirs(principal)).result())
        if len(found) == number:
            break
        time.sleep(0.1)
    return found
