"""The form of ``topics.yaml``. It is given parsed, so that this package needs no YAML."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

COUNTY = "{county}"
"""Stands in the name of a topic that each county has of its own."""
SERVICE = "{service}"
"""Stands in the name of a topic that each service has of its own."""


class Strict(BaseModel):
    """A part of the map. An unknown key is refused, so that a misspelt one is reported."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TopicSettings(Strict):
    """Settings of the broker for one topic, by Kafka's own names. None: not set by us."""

    cleanup_policy: Annotated[Literal["delete", "compact"], Field(alias="cleanup.policy")]
    retention_ms: Annotated[int | None, Field(alias="retention.ms", ge=-1)] = None
    """-1: for ever."""
    retention_bytes: Annotated[int | None, Field(alias="retention.bytes", ge=-1)] = None
    """Of each partition; the oldest segments are deleted beyond it."""
    segment_bytes: Annotated[int | None, Field(alias="segment.bytes", ge=1)] = None
    segment_ms: Annotated[int | None, Field(alias="segment.ms", ge=1)] = None
    min_cleanable_dirty_ratio: Annotated[
        float | None, Field(alias="min.cleanable.dirty.ratio", ge=0, le=1)
    ] = None
    max_compaction_lag_ms: Annotated[int | None, Field(alias="max.compaction.lag.ms", ge=1)] = None
    delete_retention_ms: Annotated[int | None, Field(alias="delete.retention.ms", ge=0)] = None
    max_message_bytes: Annotated[int, Field(alias="max.message.bytes", ge=1)]
    """Of the largest batch, as it is sent."""
    compression_type: Annotated[
        Literal["uncompressed", "producer"] | None, Field(alias="compression.type")
    ] = None
    message_timestamp_type: Annotated[
        Literal["CreateTime", "LogAppendTime"] | None, Field(alias="message.timestamp.type")
    ] = None

    def configs(self) -> dict[str, str]:
        """Kafka's name to the value as Kafka writes it, of those that are set."""
        return {name: str(value) for name, value in self.model_dump(by_alias=True, exclude_none=True).items()}


class Topic(Strict):
    """One entry of the map."""

    what: str
    events: tuple[str, ...]
    """Names of event classes; none where the topic holds no event of the catalogue."""
    key: str
    partitions: Annotated[int, Field(ge=1)]
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    """Services."""
    readers: tuple[str, ...]
    """Who may read it beside its consumers."""
    settings: TopicSettings


class Quota(Strict):
    """How much one user may do at each broker; beyond it the broker delays its answers, and nothing is lost."""

    producer_byte_rate: Annotated[int, Field(ge=1)]
    """Bytes a second."""
    consumer_byte_rate: Annotated[int, Field(ge=1)]
    """Bytes a second."""
    request_percentage: Annotated[int, Field(ge=1)]
    """Of one of the broker's threads."""


NO_LIMIT = Quota(producer_byte_rate=2**40, consumer_byte_rate=2**40, request_percentage=10_000)


class Quotas(Strict):
    """Of each county's user, and of each integrator's."""

    county: Quota = NO_LIMIT
    integrator: Quota = NO_LIMIT


class TopicMap(Strict):
    """``topics.yaml``: the name of a topic, with ``{county}`` where each county has its own, to its entry."""

    services: tuple[str, ...] = ()
    quotas: Quotas = Quotas()
    topics: dict[str, Topic]

    def of(self, counties: Iterable[str]) -> Mapping[str, Topic]:
        """Every topic by its name at the broker: one for each of these counties where the name has ``{county}``, for
        each service where it has ``{service}``."""
        named = tuple(counties)
        return {
            pattern.replace(COUNTY, one).replace(SERVICE, one): topic
            for pattern, topic in self.topics.items()
            for one in (named if COUNTY in pattern else self.services if SERVICE in pattern else ("",))
        }
