"""What days do to Kafka's files, within seconds: by settings of its topics, and heartbeats that come at once."""

import time
from collections.abc import Mapping

from confluent_kafka import Producer
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from deploy.demo.first_county import COUNTY
from deploy.kafka.admin import admin_client, wait_for
from deploy.kafka.topic_map import topic_map
from services import counties
from services.chassis.outbox import heartbeats
from services.chassis.settings.kafka_address import KafkaAddress
from tests.harness.seal_proof.not_proven import NotProven

BROKER = {
    "log.retention.check.interval.ms": "500",
    "log.initial.task.delay.ms": "500",
    "log.cleaner.backoff.ms": "200",
}
"""Settings of the broker that looks every half second for what is to be removed, and not every five minutes."""
COMPACTED = {
    "segment.ms": "50",
    "segment.jitter.ms": "0",
    "max.compaction.lag.ms": "1",
    "delete.retention.ms": "0",
    "file.delete.delay.ms": "0",
}
DELETED = {"retention.ms": "1", "file.delete.delay.ms": "0"}
"""The settings of contracts/topics.yaml, each shortened from days."""


def shorten(kafka: KafkaAddress) -> None:
    """From now on, days pass in moments."""
    admin = admin_client(kafka)
    wait_for(
        admin.incremental_alter_configs(
            [
                _altered(
                    name, COMPACTED if topic.settings.configs()["cleanup.policy"] == "compact" else DELETED
                )
                for name, topic in topic_map().of(counties()).items()
                if not name.startswith(("audit-heads", "relay-positions"))
            ]
        ),
        "Kafka refused to change the settings of {}",
    )


def beat(kafka: KafkaAddress) -> None:
    """The heartbeat of each service's relay, into each partition of each compacted topic; not into those of other
    counties, which are empty."""
    producer = Producer({**kafka.admin_options(), "linger.ms": 5, "log_level": 2})
    for name, topic in topic_map().of([COUNTY]).items():
        if "segment.ms" in topic.settings.configs():
            for partition in range(topic.partitions):
                producer.produce(name, key=heartbeats.KEY, value=None, partition=partition)
    if producer.flush(600):
        raise NotProven("Kafka did not take the heartbeats")


def _altered(topic: str, settings: Mapping[str, str]) -> ConfigResource:
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        for name, value in settings.items()
    ]
    return ConfigResource(ResourceType.TOPIC, topic, incremental_configs=entries)


def some_days(kafka: KafkaAddress, beats: int = 8, pause_s: float = 1.0) -> None:
    """Heartbeats with what the broker does between them: what is superseded goes, then its tombstones."""
    for _ in range(beats):
        beat(kafka)
        time.sleep(pause_s)
