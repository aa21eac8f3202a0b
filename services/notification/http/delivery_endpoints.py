"""Deliveries of a subscription over HTTP: test, replay, log, resend."""

from datetime import UTC, datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import Query as Parameters

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.paging import next_after
from services.chassis.http.problems import Refusal, problems
from services.notification.http.subscription_documents import (
    LARGEST_ID,
    Deliveries,
    Delivery,
    LogPage,
    Queued,
    Resent,
    Since,
    TestQueued,
)
from services.notification.http.subscription_endpoints import (
    NO_SUBSCRIPTION,
    TOP,
    By,
    Given,
    SubscriptionRoute,
    owned,
)
from services.notification.subscriptions import store as subscription_store
from services.notification.webhooks import delivery_store
from services.notification.webhooks.webhook import TEST_TYPE

deliveries = router(SubscriptionRoute)
ONE = f"{TOP}/{{subscription_id}}"


@deliveries.post(
    f"{ONE}/test",
    summary="Queue a test event for a subscription",
    status_code=202,
    responses=problems({**NO_SUBSCRIPTION, 409: "The subscription is disabled."}),
)
async def test_subscription(given: Given, caller: By, by: ActingBy, subscription_id: UUID) -> TestQueued:
    async with given.transaction() as work:
        found = await owned(work, subscription_id, caller, lock=True)
        if found.status == "disabled":
            raise Refusal(
                409,
                "subscription_disabled",
                "Subscription disabled",
                "Its endpoint answered 410 Gone. POST .../replay?from=YYYY-MM-DD makes it live again.",
            )
        event_id = given.new_id()
        delivery_id = await delivery_store.queue_test(work.db, found.subscription_id, event_id, work.now)
        await audited(work, by.on(f"subscription/{subscription_id}"))
    return TestQueued(delivery_id=delivery_id, event_id=event_id, type=TEST_TYPE)


@deliveries.post(
    f"{ONE}/replay",
    summary="Queue what was published since a day, and make a disabled subscription live again",
    status_code=202,
    responses=problems(NO_SUBSCRIPTION),
)
async def replay_subscription(
    given: Given, caller: By, by: ActingBy, subscription_id: UUID, asked: Annotated[Since, Parameters()]
) -> Queued:
    since = datetime.combine(asked.since, time(), UTC)
    async with given.transaction() as work:
        found = await owned(work, subscription_id, caller, lock=True)
        queued = await delivery_store.replay(work.db, found.subscription_id, found.counties, since, work.now)
        await subscription_store.activate(work.db, found.subscription_id)
        await audited(work, by.on(f"subscription/{subscription_id}"))
    return Queued(queued=queued)


@deliveries.get(
    f"{ONE}/deliveries", summary="The log of a subscription's deliveries", responses=problems(NO_SUBSCRIPTION)
)
async def list_deliveries(
    given: Given, caller: By, subscription_id: UUID, asked: Annotated[LogPage, Parameters()]
) -> Deliveries:
    async with given.transaction() as work:
        found = await owned(work, subscription_id, caller)
        rows = await delivery_store.log_page(
            work.db, found.subscription_id, asked.status, asked.before, asked.limit
        )
    last = next_after(rows, asked.limit, lambda row: row["delivery_id"])
    return Deliveries(deliveries=[Delivery(**row) for row in rows], next_before=last)


@deliveries.post(
    f"{ONE}/deliveries/{{delivery_id}}/resend",
    summary="Queue one delivery again",
    status_code=202,
    responses=problems({404: "The caller has no such subscription, or it no such delivery."}),
)
async def resend_delivery(
    given: Given, caller: By, by: ActingBy, subscription_id: UUID, delivery_id: int
) -> Resent:
    async with given.transaction() as work:
        found = await owned(work, subscription_id, caller, lock=True)
        known = 0 < delivery_id <= LARGEST_ID and await delivery_store.resend(
            work.db, found.subscription_id, delivery_id, work.now
        )
        if known:
            await audited(work, by.on(f"subscription/{subscription_id}/delivery/{delivery_id}"))
    if not known:
        raise Refusal(404, "no_delivery", "No such delivery", "The subscription's log lists its deliveries.")
    return Resent(delivery_id=delivery_id)
