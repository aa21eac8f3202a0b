"""The delivery loop with a real Postgres and real sockets; only time is the test's."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from standardwebhooks import Webhook

from services.chassis.http.problems import Refusal
from services.chassis.identity.caller import Grant
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery
from services.notification.subscriptions import store as subscription_store
from services.notification.subscriptions.entitlement import Entitlement
from services.notification.webhooks import delivery_store
from services.notification.webhooks.address_rules import Rules
from services.notification.webhooks.backoff import WAITS
from services.notification.webhooks.deliveries import Deliveries
from services.notification.webhooks.endpoint_health import (
    FAILING_AFTER,
    FAILING_AFTER_FAILURES,
    FIRST_REST,
    LONGEST_REST,
    REST_AFTER_FAILURES,
)
from services.notification.webhooks.resolver import Resolver
from services.notification.webhooks.sealed_secrets import SealedSecrets
from services.notification.webhooks.sender import Sender
from services.notification.webhooks.verdict import Answer
from services.notification.webhooks.webhook import TEST_TYPE, secret
from tests.notification.builders import KEY, SEALED, SECRET, TurnedClock, on_relief, ordered, subscribed
from tests.notification.receiver import Message, Receiver

pytestmark = pytest.mark.servers
LEASE = timedelta(seconds=30)


def person(integrator: str, subject_id: UUID) -> str:
    return f"{integrator} calls {subject_id}"


class Longest(Random):
    """Always the longest wait."""

    def random(self) -> float:
        return 1.0


def granted(*grants: Grant) -> Entitlement:
    return Entitlement(lambda _: grants)


EVERY_COUNTY = granted(Grant("integrator"))


def loop(
    database: Database,
    clock: TurnedClock | SystemClock,
    timeout_s: float = 5,
    entitlement: Entitlement = EVERY_COUNTY,
) -> Deliveries:
    sender = Sender(Rules(allow_loopback=True), timeout_s, Resolver(5))
    return Deliveries(
        database.transaction,
        sender,
        clock,
        Longest(),
        person,
        entitlement=entitlement,
        secrets=SEALED,
        lease=LEASE,
        poll_s=0.01,
    )


async def publish(database: Database, numbers: Sequence[int]) -> None:
    async with database.transaction() as work:
        await on_relief([Delivery(ordered(number)) for number in numbers], work)


async def round_of(deliveries: Deliveries) -> None:
    await deliveries.start_due()
    await deliveries.idle()


async def rows(database: Database, subscription_id: UUID) -> list[dict[str, Any]]:
    async with database.transaction() as work:
        return await delivery_store.log_page(work.db, subscription_id, None, None, 1000)


async def status(database: Database, subscription_id: UUID) -> str:
    found: str = await database.pool.fetchval(
        "SELECT status FROM subscriptions WHERE subscription_id = $1", subscription_id
    )
    return found


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(180):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_each_dismissal_arrives_signed_and_is_not_sent_again(database_url: str) -> None:
    clock = SystemClock()  # its receiver compares a message's time with its own
    database = Database(database_url, "notification", clock)
    await database.open()
    async with Receiver() as receiver:
        subscription = await subscribed(database, receiver.url)
        await publish(database, range(20))
        deliveries = loop(database, clock)
        await round_of(deliveries)
        await round_of(deliveries)
    assert sorted(receiver.ids) == sorted(str(ordered_event_id(number)) for number in range(20))
    for message in receiver.messages:
        body = Webhook(SECRET).verify(message.body, message.headers)
        assert body["type"] == "reliefstream.conviction.dismissed.v1"
        assert body["data"]["order_number"] == "2020-SO-1"
    told = sorted(json.loads(message.body)["data"]["subject_id"] for message in receiver.messages)
    assert told == sorted(person("case-system", ordered(n).conviction.subject_id) for n in range(20))
    assert {row["status"] for row in await rows(database, subscription)} == {"delivered"}
    await database.close()


def ordered_event_id(number: int) -> UUID:
    from services.notification.dismissal import dismissal
    from tests.notification.builders import START

    return dismissal(ordered(number), START).event_id()


async def test_a_failed_delivery_comes_again_later_under_the_same_id(
    database: Database, clock: TurnedClock
) -> None:
    answers = iter(["500 No", "503 No", "200 OK"])
    async with Receiver(lambda _: next(answers)) as receiver:
        subscription = await subscribed(database, receiver.url)
        await publish(database, [1])
        deliveries = loop(database, clock)
        await round_of(deliveries)
        await round_of(deliveries)
        assert len(receiver.messages) == 1, "it waits before it tries again"
        (row,) = await rows(database, subscription)
        assert (row["status"], row["response_status"], row["error"]) == ("waiting", 500, "http_500")
        assert row["next_attempt_at"] == clock.now() + WAITS[0]
        clock.turn(WAITS[0])
        await round_of(deliveries)
        clock.turn(WAITS[1])
        await round_of(deliveries)
    assert len(receiver.messages) == 3
    assert len(set(receiver.ids)) == 1
    assert len({message.body for message in receiver.messages}) == 1
    assert len({message.headers["webhook-signature"] for message in receiver.messages}) == 3
    (row,) = await rows(database, subscription)
    assert (row["status"], row["attempts"], row["error"]) == ("delivered", 3, None)


async def test_a_hanging_endpoint_holds_nobody_else(database: Database, clock: TurnedClock) -> None:
    async with Receiver(lambda _: None) as hanging, Receiver() as quick:
        await subscribed(database, hanging.url, "hanging")
        subscription = await subscribed(database, quick.url, "quick")
        await publish(database, range(30))
        task = asyncio.create_task(loop(database, clock, timeout_s=60).run())
        await hanging.arrived.wait()

        async def all_delivered() -> bool:
            return {row["status"] for row in await rows(database, subscription)} == {"delivered"}

        await eventually(all_delivered)
        assert len(quick.messages) == 30
        assert len(hanging.messages) <= 4, "no more in flight than is allowed"
        task.cancel()
    await asyncio.wait([task])


async def test_an_endpoint_that_fails_on_and_on_rests_and_is_then_tried_by_one_attempt(
    database: Database, clock: TurnedClock
) -> None:
    answer = "500 No"
    async with Receiver(lambda _: answer) as receiver:
        subscription = await subscribed(database, receiver.url)
        await publish(database, range(100))
        deliveries = loop(database, clock)
        await round_of(deliveries)
        tried = len(receiver.messages)
        assert REST_AFTER_FAILURES <= tried < REST_AFTER_FAILURES + 4, "and those that were under way"
        await round_of(deliveries)
        assert len(receiver.messages) == tried
        for rest in (FIRST_REST * 16, FIRST_REST * 32, FIRST_REST * 64):
            clock.turn(rest)
            await round_of(deliveries)
        assert len(receiver.messages) == tried + 3
        answer = "200 OK"
        clock.turn(LONGEST_REST)
        await round_of(deliveries)
    assert {row["status"] for row in await rows(database, subscription)} == {"delivered"}


class SlowHosts:
    """Sends nowhere; counts how many messages are on their way at a time."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.sent: Counter[str] = Counter()

    async def send(self, url: str, headers: dict[str, str], body: str) -> Answer:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.02)
        self.now -= 1
        self.sent[url] += 1
        return Answer(200)


async def test_no_more_are_on_their_way_than_there_are_places_and_nobody_is_left_out(
    database: Database, clock: TurnedClock
) -> None:
    urls = [f"https://{name}.example/" for name in "abcde"]
    for url in urls:
        await subscribed(database, url, url)
    await publish(database, range(7))
    hosts = SlowHosts()
    await round_of(
        Deliveries(
            database.transaction,
            hosts,
            clock,
            Longest(),
            person,
            entitlement=EVERY_COUNTY,
            secrets=SEALED,
            in_flight_in_all=3,
            lease=LEASE,
            poll_s=0.01,
        )
    )
    assert hosts.most == 3
    assert hosts.sent == dict.fromkeys(urls, 7)


async def test_after_the_last_attempt_it_is_dead_in_the_log_and_can_be_sent_again(
    database: Database, clock: TurnedClock
) -> None:
    answer = "500 No"
    async with Receiver(lambda _: answer) as receiver:
        subscription = await subscribed(database, receiver.url)
        await publish(database, [1])
        deliveries = loop(database, clock)
        for _ in range(len(WAITS) + 5):
            await round_of(deliveries)
            clock.turn(timedelta(days=1))
        assert len(receiver.messages) == len(WAITS) + 1
        (row,) = await rows(database, subscription)
        assert (row["status"], row["next_attempt_at"]) == ("dead", None)
        assert await status(database, subscription) == "failing"
        answer = "200 OK"
        async with database.transaction() as work:
            assert await delivery_store.resend(work.db, subscription, row["delivery_id"], work.now)
        await round_of(deliveries)
    assert len(set(receiver.ids)) == 1
    assert [row["status"] for row in await rows(database, subscription)] == ["delivered"]
    assert await status(database, subscription) == "active"


async def test_what_waits_goes_out_at_once_when_a_failing_endpoint_is_back(
    database: Database, clock: TurnedClock
) -> None:
    answer = "500 No"
    async with Receiver(lambda _: answer) as receiver:
        subscription = await subscribed(database, receiver.url)
        await publish(database, range(FAILING_AFTER_FAILURES))
        deliveries = loop(database, clock)
        await round_of(deliveries)
        clock.turn(FAILING_AFTER)
        await round_of(deliveries)
        assert await status(database, subscription) == "failing"
        answer = "200 OK"
        await publish(database, [99])
        await round_of(deliveries)
        assert len(receiver.messages) == FAILING_AFTER_FAILURES + 1, "it rests"
        clock.turn(LONGEST_REST)
        await round_of(deliveries)
    assert {row["status"] for row in await rows(database, subscription)} == {"delivered"}
    assert await status(database, subscription) == "active"


async def test_gone_disables_and_a_replay_makes_live_again(database: Database, clock: TurnedClock) -> None:
    answer = "410 Gone"
    async with Receiver(lambda _: answer) as receiver:
        subscription = await subscribed(database, receiver.url)
        await publish(database, [1])
        deliveries = loop(database, clock)
        await round_of(deliveries)
        assert await status(database, subscription) == "disabled"
        await publish(database, [2])
        clock.turn(timedelta(days=2))
        await round_of(deliveries)
        assert len(receiver.messages) == 1
        answer = "200 OK"
        async with database.transaction() as work:
            queued = await delivery_store.replay(
                work.db, subscription, None, clock.now() - timedelta(days=3), work.now
            )
            await subscription_store.activate(work.db, subscription)
        assert queued == 2
        await round_of(deliveries)
    assert [row["status"] for row in await rows(database, subscription)] == ["delivered"] * 2


async def test_an_attempt_that_was_never_settled_is_made_again_when_its_claim_ends(
    database: Database, clock: TurnedClock
) -> None:
    """As after kill -9 between claim and answer."""
    async with Receiver() as receiver:
        subscription = await subscribed(database, receiver.url)
        await publish(database, [1])
        async with database.transaction() as work:
            claimed = await delivery_store.claim(work.db, subscription, work.now, LEASE)
        assert claimed and claimed.attempt == 1
        deliveries = loop(database, clock)
        await round_of(deliveries)
        assert receiver.messages == [], "another replica has it"
        clock.turn(LEASE)
        await round_of(deliveries)
        assert len(receiver.messages) == 1


async def test_a_late_failure_does_not_undo_anothers_success(database: Database, clock: TurnedClock) -> None:
    subscription = await subscribed(database, "https://one.example/")
    await publish(database, [1])

    async def settled(claimed: delivery_store.Claimed, word: str) -> bool:
        async with database.transaction() as work:
            return await delivery_store.settle(
                work.db, claimed, status=word, due_at=None, response_status=None, error=None
            )

    async def claimed() -> delivery_store.Claimed:
        async with database.transaction() as work:
            one = await delivery_store.claim(work.db, subscription, work.now, LEASE)
            assert one
            return one

    slow = await claimed()
    clock.turn(LEASE)
    second = await claimed()
    assert not await settled(slow, "dead"), "its claim had ended and another has it"
    assert await settled(second, "delivered")
    assert not await settled(slow, "delivered"), "it counts once"


async def test_two_replicas_share_the_work_and_send_nothing_twice(
    database: Database, clock: TurnedClock
) -> None:
    async with Receiver() as receiver:
        await subscribed(database, receiver.url)
        await publish(database, range(60))
        await asyncio.gather(*(round_of(loop(database, clock)) for _ in range(3)))
    assert len(receiver.ids) == len(set(receiver.ids)) == 60


async def test_stopping_lets_attempts_under_way_end_and_takes_no_new_ones(
    database: Database, clock: TurnedClock
) -> None:
    deliveries = loop(database, clock)
    task = asyncio.create_task(deliveries.run())

    def stop_then_answer(_: Message) -> str:
        if not task.cancelling():
            task.cancel()
        return "200 OK"

    async with Receiver(stop_then_answer) as receiver:
        subscription = await subscribed(database, receiver.url)
        await publish(database, range(50))
        await asyncio.wait([task])
        sent = len(receiver.messages)
    assert task.cancelled()
    assert sent < 50
    log = await rows(database, subscription)
    assert sum(row["status"] == "delivered" for row in log) == sent
    assert sum(row["attempts"] for row in log) == sent, "nothing is left claimed"


async def test_a_test_event_concerns_nobody(database: Database, clock: TurnedClock) -> None:
    async with Receiver() as receiver:
        subscription = await subscribed(database, receiver.url)
        async with database.transaction() as work:
            await delivery_store.queue_test(work.db, subscription, UUID(int=5), work.now)
        await round_of(loop(database, clock))
    (message,) = receiver.messages
    assert message.headers["webhook-id"] == str(UUID(int=5))
    body = json.loads(message.body)
    assert body["type"] == TEST_TYPE
    assert body["data"] == {"subscription_id": str(subscription)}


async def test_a_deleted_subscription_gets_nothing_more(database: Database, clock: TurnedClock) -> None:
    async with Receiver() as receiver:
        subscription = await subscribed(database, receiver.url)
        await publish(database, [1])
        async with database.transaction() as work:
            await subscription_store.delete(work.db, subscription)
        await round_of(loop(database, clock))
        assert receiver.messages == []
    assert await database.pool.fetchval("SELECT secret FROM subscriptions") is None


async def test_the_oldest_waiting_delivery_is_measured(database: Database, clock: TurnedClock) -> None:
    await subscribed(database, "https://one.example/")
    published_at = clock.now()
    await publish(database, [1])
    clock.turn(timedelta(hours=1))
    await publish(database, [2])
    async with database.transaction() as work:
        assert await delivery_store.waiting(work.db) == (2, published_at)


async def test_while_a_rotation_overlaps_both_secrets_sign_and_after_it_the_new_one_alone(
    database: Database, clock: TurnedClock
) -> None:
    new = secret(b"t" * 32)
    async with Receiver() as receiver:
        subscription = await subscribed(database, receiver.url)
        async with database.transaction() as work:
            sealed = SEALED.seal(new, subscription)
            await subscription_store.rotate(work.db, subscription, sealed, work.now + timedelta(hours=1))
        deliveries = loop(database, clock)
        for number in (1, 2):
            await publish(database, [number])
            await round_of(deliveries)
            clock.turn(timedelta(hours=1))
    overlapping, later = receiver.messages

    def signed_by(message: Message) -> list[bool]:
        at, identity = int(message.headers["webhook-timestamp"]), message.headers["webhook-id"]
        made = [
            Webhook(each).sign(identity, datetime.fromtimestamp(at, UTC), message.body.decode())
            for each in (SECRET, new)
        ]
        return [each in message.headers["webhook-signature"].split(" ") for each in made]

    assert (signed_by(overlapping), signed_by(later)) == ([True, True], [False, True])


async def test_a_new_key_seals_all_anew_and_what_has_ended_is_erased(
    database: Database, clock: TurnedClock
) -> None:
    both, new_only = (SealedSecrets(keys, lambda n: b"m" * n) for keys in (["n" * 32, KEY], ["n" * 32]))
    first, second = [await subscribed(database, "https://a.example/", name) for name in ("one", "two")]
    async with database.transaction() as work:
        await subscription_store.rotate(
            work.db, first, SEALED.seal("new", first), work.now + timedelta(hours=1)
        )
        await subscription_store.rotate(work.db, second, SEALED.seal("new", second), work.now)
    async with database.transaction() as work:
        assert await subscription_store.seal_anew(work, both)
        assert not await subscription_store.seal_anew(work, both)
        found = await work.db.fetch("SELECT * FROM subscriptions")
    opened = {
        row["subscription_id"]: [
            text and new_only.open(text, row["subscription_id"])
            for text in (row["secret"], row["previous_secret"])
        ]
        for row in found
    }
    assert opened == {first: ["new", SECRET], second: ["new", None]}


async def test_a_secret_whose_key_is_gone_signs_nothing_and_its_delivery_waits(
    database: Database, clock: TurnedClock
) -> None:
    async with Receiver() as receiver:
        subscription = await subscribed(database, receiver.url)
        await publish(database, [1])
        sender = Sender(Rules(allow_loopback=True), 5, Resolver(5))
        other = SealedSecrets(["x" * 32], lambda n: b"m" * n)
        await round_of(
            Deliveries(
                database.transaction,
                sender,
                clock,
                Longest(),
                person,
                entitlement=EVERY_COUNTY,
                secrets=other,
                lease=LEASE,
            )
        )
        assert receiver.messages == []
        clock.turn(LEASE)
        await round_of(loop(database, clock))
        assert len(receiver.messages) == 1
        assert [row["status"] for row in await rows(database, subscription)] == ["delivered"]


@pytest.mark.parametrize(
    "left",
    [
        (),
        (Grant("integrator", "fresno"),),
        (Grant("integrator", "los-angeles", scope=frozenset({"suppression"})),),
        (Grant("source", "los-angeles"),),
    ],
)
async def test_what_is_no_longer_granted_is_not_sent_until_it_is_granted_again_and_replayed(
    database: Database, clock: TurnedClock, left: tuple[Grant, ...]
) -> None:
    async with Receiver() as receiver:
        subscription = await subscribed(database, receiver.url)
        await publish(database, [1])
        await round_of(loop(database, clock, entitlement=granted(*left)))
        assert receiver.messages == []
        (row,) = await rows(database, subscription)
        assert (row["status"], row["error"], row["response_status"]) == ("dead", "not_granted", None)

        again = granted(Grant("integrator", "los-angeles", scope=frozenset({"dismissals"})))
        await round_of(loop(database, clock, entitlement=again))
        assert receiver.messages == []
        async with database.transaction() as work:
            await delivery_store.replay(work.db, subscription, None, work.now - timedelta(days=1), work.now)
        await round_of(loop(database, clock, entitlement=again))
    assert len(receiver.messages) == 1


async def test_while_grants_cannot_be_read_deliveries_wait(database: Database, clock: TurnedClock) -> None:
    def unreadable(_: str) -> tuple[Grant, ...]:
        raise Refusal(503, "grants_unreadable", "Grants cannot be read", "")

    async with Receiver() as receiver:
        subscription = await subscribed(database, receiver.url)
        await publish(database, [1])
        await round_of(loop(database, clock, entitlement=Entitlement(unreadable)))
        assert receiver.messages == []
        assert [row["status"] for row in await rows(database, subscription)] == ["waiting"]
        clock.turn(LEASE)
        await round_of(loop(database, clock))
    assert len(receiver.messages) == 1
