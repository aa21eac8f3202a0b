"""Rules on what must be over at the end: transactions, outboxes, dead letters, webhooks."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator

from tests.harness.faults.check_relief import DISMISSED
from tests.harness.faults.events import JSON, Told

SUCCESS = range(200, 300)


def no_transaction_is_open(run: Told, _: Told) -> Iterator[str]:
    """A reader of committed messages reaches the end of every partition; the end was looked at first."""
    for partition, (stable, end) in sorted(run.run.open_ends.items()):
        if stable < end:
            yield f"{partition}: committed messages end at {stable}, the partition at {end}: a transaction is open"


def no_dead_letter(run: Told, _: Told) -> Iterator[str]:
    """No record of the workload is one that a service cannot process."""
    for service, tables in run.run.tables.items():
        for row in tables.get("dead_letters", ()):
            yield (
                f"{service} buried {row['topic']} partition {row['partition']} offset {row['offset']}: "
                f"{row['reason']}, {row['detail']}"
            )


def no_event_waits(run: Told, _: Told) -> Iterator[str]:
    """All that was committed is out; the last batch may wait to be deleted."""
    positions = [
        m
        for topic in run.run.topics
        if topic.startswith("relay-positions-v1-")
        for m in run.run.topics[topic]
    ]
    out = {(m.key or b"").decode(): int(m.value) for m in positions}
    for service, tables in run.run.tables.items():
        for row in tables.get("outbox", ()):
            if row["batch"] is None or row["batch"] > out.get(service, 0):
                yield f"{service}: outbox row {row['id']} of {row['events']} events was never published"


def every_dismissal_reached_the_webhook(run: Told, _: Told) -> Iterator[str]:
    """At least once with success, under the event's own id, each time with the same body, which is the event
    and, of a dismissal, a pairwise id of the person.

    One whose attempt was cut off is tried again only when the claim on it ends, half a minute later: it waits.
    """
    got: dict[str, list[JSON]] = defaultdict(list)
    for delivery in run.run.deliveries:
        got[delivery["webhook-id"]].append(delivery)
    queued = run.run.tables["notification"]["deliveries"]
    waiting = {row["event_id"] for row in queued if row["status"] == "waiting"}
    for event in run.below("dismissals-v1-"):
        attempts = got.pop(event.id, [])
        if event.id not in waiting and not any(each["status"] in SUCCESS for each in attempts):
            yield f"{event.place}: {len(attempts)} webhook attempts, none taken (webhook-id {event.id})"
        for body in sorted({attempt["body"] for attempt in attempts}):
            said = json.loads(body)["data"]
            named = said.pop("subject_id", None)
            if bool(named) != (event.type == DISMISSED) or said != event.body:
                yield f"{event.place}: a webhook of id {event.id} says something else"
        if len({attempt["body"] for attempt in attempts}) > 1:
            yield f"{event.place}: webhook-id {event.id} came with different bodies"
    for webhook_id in got:
        yield f"webhook-id {webhook_id} was delivered, and no such dismissal stands on any topic"


RULES: tuple[Callable[[Told, Told], Iterator[str]], ...] = (
    no_transaction_is_open,
    no_dead_letter,
    no_event_waits,
    every_dismissal_reached_the_webhook,
)
