"""The queue and log of deliveries, one row for each event and subscription.

A transaction that changes deliveries without a claim of its own locks their subscription's row first.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from reliefstream_contracts.identifiers import ReliefId
from services.chassis.runtime.unit_of_work import Database


@dataclass(frozen=True, slots=True)
class Claimed:
    """One attempt that this replica may make until its claim ends. ``attempt`` counts from 1."""

    delivery_id: int
    subscription_id: UUID
    event_id: UUID
    attempt: int
    created_at: datetime
    event: str | None
    """The dismissal as JSON, or that it is sealed; None: a test."""
    county: str | None
    """Of the dismissal; None: a test."""
    subject_id: UUID | None
    """Whom the dismissal concerns; None: it is sealed, or this is a test."""
    traceparent: str | None
    """Of the county's record that the dismissal follows from."""
    owner: str
    """The integrator whose subscription it is."""
    url: str
    secret: str
    """Sealed; so is the one before."""
    previous_secret: str | None
    """The one before a rotation, which still signs; None: the overlap has ended, or there was none."""


async def queue(db: Database, relief_ids: Collection[ReliefId], now: datetime) -> None:
    """One waiting delivery of what stands on each relief, for each live subscription whose counties match.

    The lock waits for a replay that is under way, and a replay waits for it: what one does not see, the
    other queues. A replay can revive a disabled subscription; so those are locked too, and which ones live is
    read only once the locks are held.
    """
    if not relief_ids:
        return
    await db.execute(
        """
        SELECT FROM subscriptions WHERE status <> 'deleted' ORDER BY subscription_id FOR KEY SHARE
        """
    )
    live = await db.fetch(
        """
        SELECT subscription_id, counties FROM subscriptions WHERE status IN ('active', 'failing')
        ORDER BY subscription_id
        """
    )
    for subscription in live:
        await db.execute(
            """
            INSERT INTO deliveries (subscription_id, event_id, relief_id, status, due_at, created_at)
            SELECT $1, event_id, relief_id, 'waiting', $4, $4 FROM dismissals
            WHERE relief_id = ANY($2::uuid[]) AND ($3::text[] IS NULL OR county = ANY($3))
            ORDER BY relief_id
            ON CONFLICT (subscription_id, event_id) DO NOTHING
            """,
            subscription["subscription_id"],
            list(relief_ids),
            subscription["counties"],
            now,
        )


async def end_waiting(db: Database, relief_ids: Collection[ReliefId]) -> None:
    """Ends the deliveries of these dismissals that were not made, as they are sealed."""
    await db.execute("SELECT FROM subscriptions ORDER BY subscription_id FOR KEY SHARE")
    await db.execute(
        """UPDATE deliveries SET status = 'dead', error = 'sealed', claimed_until = NULL
           WHERE relief_id = ANY ($1::uuid[]) AND status = 'waiting'""",
        list(relief_ids),
    )


async def queue_test(db: Database, subscription_id: UUID, event_id: UUID, now: datetime) -> int:
    """A waiting delivery of a test event; its id."""
    delivery_id: int = await db.fetchval(
        """
        INSERT INTO deliveries (subscription_id, event_id, status, due_at, created_at)
        VALUES ($1, $2, 'waiting', $3, $3) RETURNING delivery_id
        """,
        subscription_id,
        event_id,
        now,
    )
    return delivery_id


async def replay(
    db: Database, subscription_id: UUID, counties: list[str] | None, since: datetime, now: datetime
) -> int:
    """Queues again what was published since then, delivered or not; how many. The subscription is locked."""
    done: str = await db.execute(
        """
        INSERT INTO deliveries (subscription_id, event_id, relief_id, status, due_at, created_at)
        SELECT $1, event_id, relief_id, 'waiting', $4, $4 FROM dismissals
        WHERE published_at >= $3 AND ($2::text[] IS NULL OR county = ANY($2))
        ORDER BY published_at, relief_id
        ON CONFLICT (subscription_id, event_id)
        DO UPDATE SET status = 'waiting', attempts = 0, due_at = $4, claimed_until = NULL
        """,
        subscription_id,
        counties,
        since,
        now,
    )
    return int(done.rsplit(" ", 1)[1])


async def resend(db: Database, subscription_id: UUID, delivery_id: int, now: datetime) -> bool:
    """Queues one delivery again, whatever became of it; False: no such delivery. The subscription is locked."""
    done: str = await db.execute(
        """
        UPDATE deliveries SET status = 'waiting', attempts = 0, due_at = $3, claimed_until = NULL
        WHERE subscription_id = $1 AND delivery_id = $2
        """,
        subscription_id,
        delivery_id,
        now,
    )
    return done == "UPDATE 1"


async def subscriptions_due(db: Database, now: datetime) -> list[UUID]:
    """Live subscriptions that do not rest and have a delivery to attempt now."""
    rows = await db.fetch(
        """
        SELECT subscription_id FROM subscriptions s
        WHERE status IN ('active', 'failing') AND (resting_until IS NULL OR resting_until <= $1) AND EXISTS (
            SELECT FROM deliveries d WHERE d.subscription_id = s.subscription_id AND d.status = 'waiting'
            AND d.due_at <= $1 AND (d.claimed_until IS NULL OR d.claimed_until <= $1))
        """,
        now,
    )
    return [row["subscription_id"] for row in rows]


async def claim(db: Database, subscription_id: UUID, now: datetime, lease: timedelta) -> Claimed | None:
    """Takes a due delivery for `lease`; None: there is none, another replica takes it now, or its endpoint rests.

    After a rest one at a time is taken, until one goes through. A replica that dies leaves its claims to the others
    when they end.
    """
    row = await db.fetchrow(
        """
        WITH due AS MATERIALIZED (
            SELECT delivery_id FROM deliveries
            WHERE subscription_id = $1 AND status = 'waiting' AND due_at <= $2
            AND (claimed_until IS NULL OR claimed_until <= $2)
            ORDER BY due_at, delivery_id LIMIT 1 FOR UPDATE SKIP LOCKED)
        UPDATE deliveries d SET claimed_until = $3, attempts = d.attempts + 1, last_attempt_at = $2
        FROM due, subscriptions s
        WHERE d.delivery_id = due.delivery_id AND s.subscription_id = d.subscription_id
        AND s.status IN ('active', 'failing')
        AND (s.resting_until IS NULL OR s.resting_until <= $2 AND NOT EXISTS (
            SELECT FROM deliveries o
            WHERE o.subscription_id = $1 AND o.status = 'waiting' AND o.claimed_until > $2))
        RETURNING d.delivery_id, d.subscription_id, d.event_id, d.attempts AS attempt, d.created_at,
            (SELECT event FROM dismissals WHERE relief_id = d.relief_id) AS event,
            (SELECT county FROM dismissals WHERE relief_id = d.relief_id) AS county,
            (SELECT subject_id FROM dismissals WHERE relief_id = d.relief_id) AS subject_id,
            (SELECT traceparent FROM dismissals WHERE relief_id = d.relief_id) AS traceparent, s.owner, s.url,
            s.secret, CASE WHEN s.previous_until > $2 THEN s.previous_secret END AS previous_secret
        """,
        subscription_id,
        now,
        now + lease,
    )
    return Claimed(**row) if row else None


async def settle(
    db: Database,
    claimed: Claimed,
    *,
    status: str,
    due_at: datetime | None,
    response_status: int | None,
    error: str | None,
) -> bool:
    """Records what came of an attempt; False: it was settled or claimed by another meanwhile.

    A delivery counts even when the claim had ended; a failure then does not.
    """
    done: str = await db.execute(
        """
        UPDATE deliveries SET status = $3, due_at = coalesce($4, due_at), claimed_until = NULL,
            response_status = $5, error = $6
        WHERE delivery_id = $1 AND status = 'waiting' AND (attempts = $2 OR $3 = 'delivered')
        """,
        claimed.delivery_id,
        claimed.attempt,
        status,
        due_at,
        response_status,
        error,
    )
    return done == "UPDATE 1"


async def hasten(db: Database, subscription_id: UUID, now: datetime) -> None:
    """Makes everything that waits for its next attempt due now. The subscription is locked."""
    await db.execute(
        "UPDATE deliveries SET due_at = $2 WHERE subscription_id = $1 AND status = 'waiting' AND due_at > $2",
        subscription_id,
        now,
    )


async def log_page(
    db: Database, subscription_id: UUID, status: str | None, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """The log, newest first, from below a delivery id."""
    rows = await db.fetch(
        """
        SELECT delivery_id, event_id, relief_id IS NULL AS is_test, status, attempts, created_at,
            last_attempt_at, response_status, error, CASE status WHEN 'waiting' THEN due_at END AS next_attempt_at
        FROM deliveries
        WHERE subscription_id = $1 AND ($2::text IS NULL OR status = $2)
        AND ($3::bigint IS NULL OR delivery_id < $3)
        ORDER BY delivery_id DESC LIMIT $4
        """,
        subscription_id,
        status,
        before,
        limit,
    )
    return [dict(row) for row in rows]


async def waiting(db: Database) -> tuple[int, datetime | None]:
    """How many deliveries live subscriptions still wait for, and when the oldest was queued; None: none waits."""
    row = await db.fetchrow(
        """
        SELECT count(*) AS number, min(deliveries.created_at) AS oldest
        FROM deliveries JOIN subscriptions USING (subscription_id)
        WHERE deliveries.status = 'waiting' AND subscriptions.status IN ('active', 'failing')
        """
    )
    return (row["number"], row["oldest"]) if row else (0, None)
