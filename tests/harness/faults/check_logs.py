"""Rules on each topic by itself: nothing twice, versions only grow, a key stays on its partition."""

from collections.abc import Callable, Iterator, Sequence

from tests.harness.faults.events import FACT_STATED, Event, Told

VERSIONS = {
    # topic: the number that counts a key's events, without gaps
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
    """Per key, in the order of the topic; a gap is an event that was lost.

    Also behind a tombstone they only grow: a reader that missed it keeps the highest. What is new on the topic counts
    on from the highest number that anything erased there had.
    """
    for topic, number in VERSIONS.items():
        counted = [
            (event, event.body["revision" if event.type == FACT_STATED else number])
            for event in run.of(topic)
        ]
        erased, ended = run.erased.get(topic, {}), _last_of_what_was_erased(run, topic, counted)
        last: dict[str, tuple[int, int]] = {}
        for event, found in counted:
            at, before = last.get(event.key, (-1, 0))
            new = not before or any(at < each < event.offset for each in erased.get(event.whole_key, ()))
            if found <= before:
                yield f"{event.place}: {number} {found} of {event.key} after {number} {before}"
            elif found > before + 1 and not (new and found - 1 in ended):
                yield f"{event.place}: {number} {found} of {event.key} follows {before}: what is between is lost"
            last[event.key] = event.offset, max(found, before)


def _last_of_what_was_erased(run: Told, topic: str, counted: Sequence[tuple[Event, int]]) -> set[int]:
    """The numbers that erased keys had come to."""
    came_to: dict[tuple[str, int], int] = {}
    erased = run.erased.get(topic, {})
    for event, number in counted:
        for at in erased.get(event.whole_key, ()):
            if event.offset < at:
                came_to[event.whole_key, at] = number
    return set(came_to.values())


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
