"""Rules on each topic by itself: nothing twice, versions only grow, a key stays on its partition."""

from collections.abc import Callable, Iterator

from tests.harness.faults.events import FACT_STATED, Told

VERSIONS = {
    # topic: the number that counts a key's events, from 1 without gaps
    "records-v1": "sequence",
    "relief-v1": "sequence",
    "histories-v1": "version",
    "determinations-v1": "version",
    "discrepancies-v1": "version",
}


def no_event_stands_twice(run: Told, _: Told) -> Iterator[str]:
    """A reader of committed messages gets each event once."""
    for events in run.events.values():
        first: dict[str, str] = {}
        for event in events:
            if not event.id:
                yield f"{event.place} has no ce_id"
            elif event.id in first:
                yield f"event {event.id} ({event.type}) stands at {first[event.id]} and again at {event.place}"
            first.setdefault(event.id, event.place)


def versions_only_grow(run: Told, _: Told) -> Iterator[str]:
    """Per key, in the order of the topic; a gap is an event that was lost."""
    for topic, number in VERSIONS.items():
        last: dict[str, int] = {}
        for event in run.of(topic):
            counted = "revision" if event.type == FACT_STATED else number
            found, before = event.body[counted], last.get(event.key, 0)
            if found <= before:
                yield f"{event.place}: {number} {found} of {event.key} after {number} {before}"
            elif found > before + 1:
                yield f"{event.place}: {number} {found} of {event.key} follows {before}: what is between is lost"
            last[event.key] = max(found, before)


def a_key_stays_on_its_partition(run: Told, _: Told) -> Iterator[str]:
    """Else nobody could tell the order of its events."""
    for events in run.events.values():
        home: dict[str, int] = {}
        for event in events:
            if home.setdefault(event.key, event.partition) != event.partition:
                yield f"{event.place}: {event.key} stands on partition {home[event.key]} too"


RULES: tuple[Callable[[Told, Told], Iterator[str]], ...] = (
    no_event_stands_twice,
    versions_only_grow,
    a_key_stays_on_its_partition,
)
