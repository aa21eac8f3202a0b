"""Relief in, dismissals out, on a real Postgres."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import permutations
from typing import Any

import pytest

from reliefstream_contracts.dismissals import ConvictionDismissed
from reliefstream_contracts.event import Event
from reliefstream_contracts.relief import ReliefEvent
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery, Trace, Work
from services.notification import dismissal_store
from services.notification.subscriptions import store as subscription_store
from services.notification.webhooks import delivery_store
from services.notification.webhooks.endpoint_health import Health
from tests.notification.builders import (
    START,
    acknowledged,
    on_relief,
    ordered,
    proposed,
    relief_id,
    subscribed,
)

pytestmark = pytest.mark.servers


async def handle(database: Database, events: Sequence[ReliefEvent]) -> list[Event]:
    async with database.transaction() as work:
        await on_relief([Delivery(event, Trace(f"trace-{n}")) for n, event in enumerate(events)], work)
        return [event for event, *_ in work.emitted]


async def queued(database: Database) -> list[Any]:
    rows = await database.pool.fetch(
        "SELECT description, relief_id, d.status FROM deliveries d JOIN subscriptions USING (subscription_id)"
    )
    return sorted((row["description"], row["relief_id"], row["status"]) for row in rows)


async def test_only_an_order_makes_a_dismissal(database: Database) -> None:
    (event,) = await handle(database, [proposed(1), ordered(1), acknowledged(1), proposed(2)])
    assert isinstance(event, ConvictionDismissed)
    assert (event.dismissal_id, event.case_number, event.code_section) == (
        relief_id(1),
        "BA000001",
        "HS 11359",
    )


async def test_a_relief_is_published_once_whatever_repeats(database: Database) -> None:
    one, again = ordered(1), ordered(1, sequence=4)
    assert len(await handle(database, [one, one, again])) == 1
    assert await handle(database, [again, one, acknowledged(1)]) == []
    assert len(await handle(database, [one, ordered(2)])) == 1


async def test_events_leave_in_the_order_in_which_they_came(database: Database) -> None:
    numbers = [5, 3, 9, 1, 3]
    events = await handle(database, [ordered(number) for number in numbers])
    assert [event.key() for event in events] == [str(relief_id(number)) for number in (5, 3, 9, 1)]


async def test_batching_and_order_do_not_matter_to_what_is_published(database: Database) -> None:
    events = [proposed(0), ordered(0), ordered(1), ordered(1), acknowledged(0)]
    for number, order in enumerate(permutations(events)):
        shifted = [e.replace(relief_id=relief_id(10 * number + int(e in events[2:4]))) for e in order]
        published = [each for event in shifted[:2] for each in await handle(database, [event])]
        published += await handle(database, shifted[2:])
        assert len(published) == 2
        if number > 20:
            break


async def test_a_rolled_back_batch_is_published_when_it_comes_again(database: Database) -> None:
    await subscribed(database, "https://one.example/")
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as work:
            await on_relief([Delivery(ordered(1))], work)
            raise ZeroDivisionError
    assert await queued(database) == []
    assert len(await handle(database, [ordered(1)])) == 1
    assert await queued(database) == [("one", relief_id(1), "waiting")]


async def test_each_live_subscription_waits_for_its_counties_alone(database: Database) -> None:
    await subscribed(database, "https://all.example/", "all")
    await subscribed(database, "https://la.example/", "la", ["los-angeles"])
    await subscribed(database, "https://two.example/", "two", ["fresno", "kern"])
    gone = await subscribed(database, "https://gone.example/", "gone")
    async with database.transaction() as work:
        await subscription_store.delete(work.db, gone)
    await handle(database, [ordered(1), ordered(2, county="kern"), ordered(1)])
    assert await queued(database) == sorted(
        [
            ("all", relief_id(1), "waiting"),
            ("all", relief_id(2), "waiting"),
            ("la", relief_id(1), "waiting"),
            ("two", relief_id(2), "waiting"),
        ]
    )


@pytest.mark.parametrize("first", ["batch", "replay"])
async def test_a_replay_that_revives_a_subscription_and_a_batch_at_the_same_time_miss_nothing(
    database: Database, first: str
) -> None:
    one = await subscribed(database, "https://one.example/")
    async with database.transaction() as work:
        await subscription_store.save_health(work.db, one, Health("disabled", 1, work.now))

    async def replay(work: Work) -> None:
        assert await subscription_store.find(work.db, one, None, lock=True)
        await delivery_store.replay(work.db, one, None, START, work.now)
        await subscription_store.activate(work.db, one)

    async def batch(work: Work) -> None:
        await on_relief([Delivery(ordered(1))], work)

    async def in_a_transaction_of_its_own(step: Callable[[Work], Awaitable[None]]) -> None:
        async with database.transaction() as work:
            await step(work)

    steps = [batch, replay] if first == "batch" else [replay, batch]
    async with database.transaction() as work:
        await steps[0](work)
        other = asyncio.create_task(in_a_transaction_of_its_own(steps[1]))
        await done_or_blocked(database, other)
    await other
    assert await queued(database) == [("one", relief_id(1), "waiting")]


async def done_or_blocked(database: Database, task: asyncio.Task[None]) -> None:
    """Returns once the task is done, or waits for another's lock."""
    while not task.done():
        if await database.pool.fetchval(
            """SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'"""
        ):
            return
        await asyncio.sleep(0.01)


async def test_what_was_published_is_kept_as_it_was(database: Database) -> None:
    (event,) = await handle(database, [ordered(1)])
    assert isinstance(event, ConvictionDismissed)
    async with database.transaction() as work:
        (text,) = await dismissal_store.of_subject(work.db, ordered(1).conviction.subject_id)
        assert ConvictionDismissed.from_json(text) == event
        assert (await dismissal_store.counts(work.db))["dismissals_by_county"] == {"los-angeles": 1}
