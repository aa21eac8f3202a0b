"""The delivery loop: each subscription has a worker of its own, so that a dead one never holds another."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Protocol
from uuid import UUID

from prometheus_client import Counter, Gauge

from reliefstream_contracts.event import trace_id
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.telemetry import log
from services.chassis.runtime.unit_of_work import Transaction, Work
from services.notification.subscriptions import store as subscription_store
from services.notification.subscriptions.entitlement import Entitlement
from services.notification.webhooks import delivery_store
from services.notification.webhooks.delivery_store import Claimed
from services.notification.webhooks.endpoint_health import Health, after_failure, after_gone
from services.notification.webhooks.sealed_secrets import SealedSecrets
from services.notification.webhooks.verdict import Answer, Verdict, judge
from services.notification.webhooks.webhook import (
    body_of_dismissal,
    body_of_sealed,
    body_of_test,
    signed_headers,
)

ATTEMPTS = Counter("reliefstream_webhook_attempts_total", "Webhook deliveries attempted", ["result"])
OLDEST = Gauge("reliefstream_webhook_oldest_waiting_seconds", "Age of the oldest delivery that waits")
NOT_GRANTED = "not_granted"
WAITING = Gauge("reliefstream_webhook_deliveries_waiting", "Deliveries that wait, of active subscriptions")
SUBSCRIPTIONS = Gauge("reliefstream_webhook_subscriptions", "Subscriptions by status", ["status"])


class Sends(Protocol):
    """What posts a message; see Sender."""

    async def send(self, url: str, headers: dict[str, str], body: str) -> Answer:
        """The endpoint's answer."""
        ...


class Deliveries:
    """At least once: an attempt is claimed, made, settled; one that was never settled is made again."""

    def __init__(
        self,
        transaction: Transaction,
        sender: Sends,
        clock: Clock,
        random: Random,
        person: Callable[[str, UUID], str],
        *,
        entitlement: Entitlement,
        secrets: SealedSecrets,
        in_flight: int = 4,
        in_flight_in_all: int = 64,
        lease: timedelta = timedelta(seconds=30),
        poll_s: float = 0.25,
    ) -> None:
        """`lease` must be longer than `sender` takes at most for one message. `person` returns what an integrator
        calls a subject."""
        self._transaction, self._sender = transaction, sender
        self._clock, self._random, self._person, self._secrets = clock, random, person, secrets
        self._entitlement = entitlement
        self._in_flight, self._lease, self._poll_s = in_flight, lease, poll_s
        # Whoever has waited longest for a place is next, so that a busy subscription leaves none out.
        self._places = asyncio.Semaphore(in_flight_in_all)
        self._workers: dict[UUID, asyncio.Task[None]] = {}
        self._stopping = False

    async def run(self) -> None:
        """Delivers until cancelled; then takes nothing new and waits for the attempts under way."""
        try:
            while True:
                try:
                    await self.start_due()
                except Exception as error:
                    # A database that restarts must not end the loop; the next round sees it again.
                    log().warning("deliveries wait", error=type(error).__name__)
                await asyncio.sleep(self._poll_s)
        finally:
            self._stopping = True
            await self.idle()

    async def start_due(self) -> None:
        """Starts a worker for each subscription that has something due and no worker yet."""
        async with self._transaction() as work:
            due = await delivery_store.subscriptions_due(work.db, work.now)
        self._workers = {key: worker for key, worker in self._workers.items() if not worker.done()}
        for subscription_id in due:
            if subscription_id not in self._workers:
                self._workers[subscription_id] = asyncio.create_task(self._work(subscription_id))

    async def idle(self) -> None:
        """Returns when no worker is left."""
        await asyncio.gather(*self._workers.values())

    async def measure(self, work: Work) -> bool:
        """Sets how many deliveries wait, since when, and how subscriptions are; a job of the service."""
        number, oldest = await delivery_store.waiting(work.db)
        WAITING.set(number)
        OLDEST.set((work.now - oldest).total_seconds() if oldest else 0)
        for status, count in (await subscription_store.by_status(work.db)).items():
            SUBSCRIPTIONS.labels(status).set(count)
        return False

    async def _work(self, subscription_id: UUID) -> None:
        under_way: set[asyncio.Task[None]] = set()
        more = True
        while more or under_way:
            if more and len(under_way) < self._in_flight:
                await self._places.acquire()
                claimed = await self._claim(subscription_id)
                more = claimed is not None
                if claimed is None:
                    self._places.release()
                else:
                    under_way.add(asyncio.create_task(self._attempt(claimed)))
            else:
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                more = bool(done)

    async def _claim(self, subscription_id: UUID) -> Claimed | None:
        if self._stopping:
            return None
        try:
            async with self._transaction() as work:
                return await delivery_store.claim(work.db, subscription_id, work.now, self._lease)
        except Exception as error:
            log().warning("deliveries wait", subscription_id=str(subscription_id), error=type(error).__name__)
            return None

    async def _attempt(self, claimed: Claimed) -> None:
        try:
            if self._entitlement.holds(claimed.owner, claimed.county):
                await self._deliver(claimed)
            else:
                await self._withhold(claimed)
        except Exception as error:
            # Not settled: it is attempted again, under the same id, when the claim ends.
            log().warning(
                "an attempt was not settled",
                event_id=str(claimed.event_id),
                trace_id=trace_id(claimed.traceparent),
                error=type(error).__name__,
            )
        finally:
            self._places.release()

    async def _deliver(self, claimed: Claimed) -> None:
        if claimed.event is None:
            body = body_of_test(claimed.subscription_id, claimed.created_at)
        elif claimed.subject_id is None:
            body = body_of_sealed(claimed.event)
        else:
            body = body_of_dismissal(claimed.event, self._person(claimed.owner, claimed.subject_id))
        sealed = filter(None, (claimed.secret, claimed.previous_secret))
        secrets = [self._secrets.open(each, claimed.subscription_id) for each in sealed]
        headers = signed_headers(secrets, claimed.event_id, self._clock.now(), body)
        if claimed.traceparent:
            headers["traceparent"] = claimed.traceparent
        answer = await self._sender.send(claimed.url, headers, body)
        async with self._transaction() as work:
            verdict = judge(answer, claimed.attempt, work.now, self._random)
            settled = await self._settle(work, claimed, answer, verdict)
        if settled:
            ATTEMPTS.labels(result=verdict.result).inc()
        if verdict.result in ("dead", "gone"):
            log().warning(
                "a delivery ended",
                result=verdict.result,
                subscription_id=str(claimed.subscription_id),
                event_id=str(claimed.event_id),
                trace_id=trace_id(claimed.traceparent),
                attempts=claimed.attempt,
                error=verdict.error,
            )

    async def _withhold(self, claimed: Claimed) -> None:
        """Ends a delivery that its owner is no longer granted. It is sent by a replay after a new grant."""
        async with self._transaction() as work:
            ended = await delivery_store.settle(
                work.db, claimed, status="dead", due_at=None, response_status=None, error=NOT_GRANTED
            )
        if ended:
            ATTEMPTS.labels(result=NOT_GRANTED).inc()

    async def _settle(self, work: Work, claimed: Claimed, answer: Answer, verdict: Verdict) -> bool:
        delivered = verdict.result == "delivered"
        health = await subscription_store.lock_health(work.db, claimed.subscription_id, only_ailing=delivered)
        settled = await delivery_store.settle(
            work.db,
            claimed,
            status=verdict.status,
            due_at=verdict.due_at,
            response_status=answer.status,
            error=verdict.error,
        )
        if health is None or not settled:
            return settled
        if delivered:
            after = Health()
            if health.status == "failing":
                await delivery_store.hasten(work.db, claimed.subscription_id, work.now)
        elif verdict.result == "gone":
            after = after_gone(health, work.now)
        else:
            after = after_failure(health, work.now)
        await subscription_store.save_health(work.db, claimed.subscription_id, after)
        return settled
