"""Brings the topics of a broker to what the topic map says."""

import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ConfigSource,
    NewPartitions,
    NewTopic,
    ResourceType,
)

from deploy.kafka.admin import TIMEOUT_S, admin_client, reason, wait_for
from deploy.local.servers.requirements import ServerMissingError
from reliefstream_contracts.topic_map import Topic, TopicMap
from services.chassis.settings.kafka_address import KafkaAddress

KNOWN_PAUSE_S = 0.05


class Prepared(NamedTuple):
    """What was changed; all empty when the broker had everything already."""

    made: tuple[str, ...]
    """Topics."""
    extended: tuple[str, ...]
    """Topics that got more partitions."""
    set: Mapping[str, Mapping[str, str]]
    """Topic to the settings that differed, as they are now."""


def prepare_topics(
    kafka: KafkaAddress, topic_map: TopicMap, counties: Sequence[str], replicas: int = 1
) -> Prepared:
    """Makes missing topics; on those that exist, adds partitions and sets the settings that differ. Repeatable.

    Settings that the map does not name stay as they are. A key may move to another partition when partitions are
    added; consumers of ours decide by the version in a message, not by its place. ``replicas``: of a new topic.

    Raises ServerMissingError when Kafka does not answer or refuses, and, before it changes anything, when a topic
    has more partitions than the map says.
    """
    wanted = topic_map.of(counties)
    admin = admin_client(kafka)
    there = _partitions(admin, kafka)
    for name, topic in wanted.items():
        if there.get(name, 0) > topic.partitions:
            raise ServerMissingError(
                f"Topic {name} has {there[name]} partitions, and contracts/topics.yaml says {topic.partitions}. "
                f"Kafka cannot take partitions away: write {there[name]} there"
            )
    missing = [name for name in wanted if name not in there]
    if missing:
        wait_for(
            admin.create_topics([_new(name, wanted[name], replicas) for name in missing]),
            "Kafka refused to make topic {}",
            but=frozenset({KafkaError.TOPIC_ALREADY_EXISTS}),
        )
    existing = {name: topic for name, topic in wanted.items() if name in there}
    extended = {name: t.partitions for name, t in existing.items() if there[name] < t.partitions}
    if extended:
        wait_for(
            admin.create_partitions([NewPartitions(name, count) for name, count in extended.items()]),
            "Kafka refused to add partitions to topic {}",
        )
    _until_known(admin, kafka, {name: wanted[name].partitions for name in (*missing, *extended)})
    return Prepared(tuple(missing), tuple(extended), _set(admin, existing))


def _partitions(admin: AdminClient, kafka: KafkaAddress) -> dict[str, int]:
    """The number of partitions of each topic that exists."""
    try:
        found = admin.list_topics(timeout=TIMEOUT_S).topics
    except KafkaException as error:
        raise ServerMissingError(
            f"Kafka at {kafka.bootstrap} does not answer, or refuses the user: {reason(error)}"
        ) from None
    return {name: len(topic.partitions) for name, topic in found.items()}


def _until_known(admin: AdminClient, kafka: KafkaAddress, changed: Mapping[str, int]) -> None:
    """Waits until the broker knows this many partitions of each topic: the controller tells it a little later."""
    deadline = time.monotonic() + TIMEOUT_S
    while changed:
        there = _partitions(admin, kafka)
        if all(there.get(name, 0) >= count for name, count in changed.items()):
            return
        if time.monotonic() > deadline:
            raise ServerMissingError(f"Kafka made {', '.join(changed)}, and does not know them: see its log")
        time.sleep(KNOWN_PAUSE_S)


def _new(name: str, topic: Topic, replicas: int) -> NewTopic:
    return NewTopic(name, topic.partitions, replicas, config=topic.settings.configs())


def _set(admin: AdminClient, existing: Mapping[str, Topic]) -> dict[str, dict[str, str]]:
    """Sets values that differ, and those that equal the broker's default only by chance; returns them by topic."""
    if not existing:
        return {}
    asked = admin.describe_configs([ConfigResource(ResourceType.TOPIC, name) for name in existing])
    wait_for(asked, "Kafka refused to tell the settings of {}")
    differing: dict[str, dict[str, str]] = {}
    for resource, answer in asked.items():
        entries: Mapping[str, ConfigEntry] = answer.result()
        for setting, value in existing[resource.name].settings.configs().items():
            entry = entries[setting]
            if entry.value != value or ConfigSource(entry.source) != ConfigSource.DYNAMIC_TOPIC_CONFIG:
                differing.setdefault(resource.name, {})[setting] = value
    if differing:
        wait_for(
            admin.incremental_alter_configs([_altered(name, to) for name, to in differing.items()]),
            "Kafka refused to change the settings of {}",
        )
    return differing


def _altered(topic: str, settings: Mapping[str, str]) -> ConfigResource:
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        for name, value in settings.items()
    ]
    return ConfigResource(ResourceType.TOPIC, topic, incremental_configs=entries)
