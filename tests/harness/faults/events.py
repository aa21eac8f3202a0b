"""The messages of a topic as plain JSON with their places; nothing of the services' own reading."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.harness.faults.observation import Message, Observation

JSON = dict[str, Any]
FACT_STATED = "reliefstream.statement.fact-stated.v1"
COMPACTED = (
    "records-v1",
    "histories-v1",
    "determinations-v1",
    "relief-v1",
    "discrepancies-v1",
    "dismissals-v1-los-angeles",
    "dismissals-v1-sacramento",
)
"""Topics of which compaction leaves the last event of each key."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event where it stands; ``place`` in words for a reader."""

    topic: str
    partition: int
    offset: int
    key: str
    whole_key: str
    """As Kafka has it: on relief-v1 each event has its own."""
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
    body = json.loads(message.value or b"")
    if not isinstance(body, dict):
        raise TypeError(
            f"{message.topic} partition {message.partition} offset {message.offset}: no JSON object"
        )
    return Event(
        message.topic,
        message.partition,
        message.offset,
        _about(message),
        (message.key or b"").decode(),
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
    erased: Mapping[str, Mapping[str, tuple[int, ...]]]
    """By topic and whole key: where its tombstones stand, as offsets in order."""

    def of(self, topic: str) -> tuple[Event, ...]:
        """The events of one topic, none where there is no such topic."""
        return self.events.get(topic, ())

    def below(self, prefix: str) -> Iterable[Event]:
        """The events of all topics that begin so: each county's."""
        return (
            event for topic, events in self.events.items() if topic.startswith(prefix) for event in events
        )

    def left(self, topic: str) -> Iterable[Event]:
        """The last event of each whole key that no tombstone follows, as compaction would leave it."""
        erased = self.erased.get(topic, {})
        last = {event.whole_key: event for event in self.of(topic)}
        return (event for event in last.values() if event.offset > max(erased.get(event.whole_key, (-1,))))

    def latest(self, topic: str) -> dict[str, Event]:
        """The last event that is left of each key; on relief-v1 of each relief and review."""
        return {event.key: event for event in self.left(topic)}


RAW = ("source-records-v1-", "relay-positions-v1")


def told(run: Observation) -> Told:
    """Reads every event of a run."""
    ordered = {
        topic: sorted(messages, key=lambda m: (m.partition, m.offset))
        for topic, messages in run.topics.items()
        if not topic.startswith(RAW)
    }
    erased: dict[str, dict[str, tuple[int, ...]]] = {topic: {} for topic in ordered}
    for topic, all_ in ordered.items():
        for key, m in (((m.key or b"").decode(), m) for m in all_ if m.value is None):
            erased[topic][key] = (*erased[topic].get(key, ()), m.offset)
    return Told(
        run,
        {topic: tuple(event_of(m) for m in all_ if m.value is not None) for topic, all_ in ordered.items()},
        erased,
    )
