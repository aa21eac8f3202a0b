"""The messages of a topic as plain JSON with their places; nothing of the services' own reading."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.harness.faults.observation import Message, Observation

JSON = dict[str, Any]
FACT_STATED = "reliefstream.statement.fact-stated.v1"


@dataclass(frozen=True, slots=True)
class Event:
    """One event where it stands; ``place`` in words for a reader."""

    topic: str
    partition: int
    offset: int
    key: str
    id: str
    type: str
    trace: str
    body: JSON

    @property
    def place(self) -> str:
        return f"{self.topic} partition {self.partition} offset {self.offset}"


def event_of(message: Message) -> Event:
    """Raises ValueError or TypeError for what is no JSON object: no service may write such."""
    headers = {name: value.decode() for name, value in message.headers}
    body = json.loads(message.value)
    if not isinstance(body, dict):
        raise TypeError(
            f"{message.topic} partition {message.partition} offset {message.offset}: no JSON object"
        )
    return Event(
        message.topic,
        message.partition,
        message.offset,
        _about(message),
        headers.get("ce_id", ""),
        headers.get("ce_type", ""),
        headers.get("ce_traceparent", ""),
        body,
    )


def _about(message: Message) -> str:
    """The key; on relief-v1, where each event has its own, the relief or review that it is of."""
    key = (message.key or b"").decode()
    return key.partition("/")[0] if message.topic == "relief-v1" else key


@dataclass(frozen=True)
class Told:
    """All events of a run, by topic; each topic by partition and offset."""

    run: Observation
    events: Mapping[str, tuple[Event, ...]]

    def of(self, topic: str) -> tuple[Event, ...]:
        """The events of one topic, none where there is no such topic."""
        return self.events.get(topic, ())

    def below(self, prefix: str) -> Iterable[Event]:
        """The events of all topics that begin so: each county's."""
        return (
            event for topic, events in self.events.items() if topic.startswith(prefix) for event in events
        )

    def latest(self, topic: str) -> dict[str, Event]:
        """The last event of each key, as compaction would leave it."""
        return {event.key: event for event in self.of(topic)}


RAW = ("source-records-v1-", "relay-positions-v1")


def told(run: Observation) -> Told:
    """Reads every event of a run."""
    events = {
        topic: tuple(
            event_of(m)
            for m in sorted(messages, key=lambda m: (m.partition, m.offset))
            if m.value is not None
        )
        for topic, messages in run.topics.items()
        if not topic.startswith(RAW)
    }
    return Told(run, events)
