"""The topics of ``contracts/topics.yaml``, made on a broker."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError

import reliefstream_contracts
from deploy.kafka.topic_settings import set_topics

LARGEST_MESSAGE = 8 * 1024 * 1024  # a subject with thousands of convictions is one message
DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True)
class Topic:
    """A topic with its settings at the broker."""

    name: str
    partitions: int
    configs: dict[str, str]
    kept_up: tuple[str, ...] = ()
    """Of its configs those that are set again on a topic that is there already."""


def topic_map() -> dict[str, Any]:
    """The map as written: name (with ``{county}``) to what it is."""
    package = Path(reliefstream_contracts.__file__).parent
    file = next(p for p in (package / "topics.yaml", package.parent / "topics.yaml") if p.exists())
    topics: dict[str, Any] = yaml.safe_load(file.read_text())["topics"]
    return topics


def topics(counties: Sequence[str]) -> list[Topic]:
    """Every topic, those of each county included."""
    found = []
    for pattern, entry in topic_map().items():
        names = [pattern.replace("{county}", c) for c in counties] if "{county}" in pattern else [pattern]
        kept_up: tuple[str, ...] = ()
        configs = {**retention(entry["retention"]), "max.message.bytes": str(LARGEST_MESSAGE)}
        if entry["producer"] == "the county":
            # By the broker's clock: a record that its sender dates wrongly is neither dropped as old nor kept too long.
            configs["message.timestamp.type"] = "LogAppendTime"
            # Whatever a county's client packs by, the broker unpacks: one that the consumer cannot would stop it.
            configs["compression.type"] = "uncompressed"
            kept_up = ("compression.type",)
        found += [Topic(name, entry["partitions"], configs, kept_up) for name in names]
    return found


def retention(text: str) -> dict[str, str]:
    """Kafka's settings for ``compact``, ``for ever`` or ``N days``. Raises ValueError for anything else."""
    if text == "compact":
        # Small segments, so that a compacted topic is read back quickly.
        return {
            "cleanup.policy": "compact",
            "segment.bytes": str(16 * 1024 * 1024),
            "min.cleanable.dirty.ratio": "0.2",
        }
    if text == "for ever":
        return {"cleanup.policy": "delete", "retention.ms": "-1"}
    number, _, unit = text.partition(" ")
    if unit != "days":
        raise ValueError(f"retention {text!r}: write compact, for ever, or N days")
    return {"cleanup.policy": "delete", "retention.ms": str(int(number) * DAY_MS)}


async def create_topics(
    client_options: dict[str, Any], counties: Sequence[str], replicas: int = 1
) -> list[str]:
    """Makes the topics that are missing; returns their names. Raises KafkaError.

    Of those that are there, it sets only what the consumer cannot do without.
    """
    admin = AIOKafkaAdminClient(**client_options)
    await admin.start()
    try:
        there = set(await admin.list_topics())
        wanted = topics(counties)
        missing = [t for t in wanted if t.name not in there]
        made = await admin.create_topics(
            [NewTopic(t.name, t.partitions, replicas, topic_configs=t.configs) for t in missing]
        )
        for name, code, *_ in made.topic_errors:
            if code not in (0, TopicAlreadyExistsError.errno):
                raise KafkaError(f"topic {name} was not made: error {code}")
        old = {t.name: {key: t.configs[key] for key in t.kept_up} for t in wanted if t.name in there}
        await set_topics(admin, {name: settings for name, settings in old.items() if settings})
        return [t.name for t in missing]
    finally:
        await admin.close()
