"""Subscriptions: who asked for which dismissals, and where they go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.chassis.runtime.unit_of_work import Database, Work
from services.notification.webhooks.endpoint_health import Health
from services.notification.webhooks.sealed_secrets import SealedSecrets

Status = Literal["active", "failing", "disabled", "deleted"]
_COLUMNS = "subscription_id, owner, url, description, counties, status, failing_since, created_at"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription without its secret. ``counties`` None: all."""

    subscription_id: UUID
    owner: str
    url: str
    description: str
    counties: list[str] | None
    status: Status
    failing_since: datetime | None
    created_at: datetime


async def add(db: Database, subscription: Subscription, secret: str) -> None:
    """Writes a new subscription with its sealed secret; it gets what is published from now on."""
    await db.execute(
        """
        INSERT INTO subscriptions
            (subscription_id, owner, url, description, counties, secret, status, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        subscription.subscription_id,
        subscription.owner,
        subscription.url,
        subscription.description,
        subscription.counties,
        secret,
        subscription.status,
        subscription.created_at,
    )


async def of_owner(db: Database, owner: str | None) -> list[Subscription]:
    """An owner's subscriptions, oldest first; None: everybody's. Deleted ones are left out."""
    rows = await db.fetch(
        f"""
        SELECT {_COLUMNS} FROM subscriptions
        WHERE status <> 'deleted' AND ($1::text IS NULL OR owner = $1) ORDER BY created_at, subscription_id
        """,  # noqa: S608 - constant column names
        owner,
    )
    return [Subscription(**row) for row in rows]


async def find(
    db: Database, subscription_id: UUID, owner: str | None, *, lock: bool = False
) -> Subscription | None:
    """One subscription of this owner (None: of anybody); None where there is none, or it was deleted.

    With `lock` nobody queues deliveries for it or changes it until this transaction ends.
    """
    row = await db.fetchrow(
        f"""
        SELECT {_COLUMNS} FROM subscriptions
        WHERE subscription_id = $1 AND status <> 'deleted' AND ($2::text IS NULL OR owner = $2)
        {"FOR UPDATE" if lock else ""}
        """,  # noqa: S608 - constant column names
        subscription_id,
        owner,
    )
    return Subscription(**row) if row else None


async def rotate(db: Database, subscription_id: UUID, secret: str, overlap_until: datetime) -> None:
    """Gives it a new secret, sealed; the one before signs beside it until then. The subscription is locked."""
    await db.execute(
        """
        UPDATE subscriptions SET previous_secret = secret, previous_until = $3, secret = $2
        WHERE subscription_id = $1
        """,
        subscription_id,
        secret,
        overlap_until,
    )


async def seal_anew(work: Work, secrets: SealedSecrets) -> bool:
    """Seals the next secrets that an older key sealed, with the newest, and erases those whose overlap has ended;
    whether there may be more. A job of the service. Raises CannotOpen."""
    rows = await work.db.fetch(
        """
        SELECT subscription_id, secret, CASE WHEN previous_until > $1 THEN previous_secret END AS previous
        FROM subscriptions
        WHERE status <> 'deleted' AND (split_part(secret, '.', 1) <> $2 OR previous_until <= $1
            OR split_part(previous_secret, '.', 1) <> $2)
        ORDER BY subscription_id LIMIT 100 FOR UPDATE
        """,
        work.now,
        secrets.newest,
    )
    for row in rows:
        new = [
            text and _sealed_anew(secrets, text, row["subscription_id"])
            for text in (row["secret"], row["previous"])
        ]
        await work.db.execute(
            """
            UPDATE subscriptions SET secret = $2, previous_secret = $3,
                previous_until = CASE WHEN $3::text IS NOT NULL THEN previous_until END
            WHERE subscription_id = $1
            """,
            row["subscription_id"],
            *new,
        )
    return bool(rows)


def _sealed_anew(secrets: SealedSecrets, sealed: str, subscription_id: UUID) -> str:
    return secrets.seal(secrets.open(sealed, subscription_id), subscription_id)


async def delete(db: Database, subscription_id: UUID) -> None:
    """Ends it and erases its secrets; its log stays, as the account of what was disclosed to whom."""
    await db.execute(
        """UPDATE subscriptions SET status = 'deleted', secret = NULL, previous_secret = NULL, previous_until = NULL
           WHERE subscription_id = $1""",
        subscription_id,
    )


async def activate(db: Database, subscription_id: UUID) -> None:
    """Makes it live again, its failures forgotten."""
    await save_health(db, subscription_id, Health())


async def lock_health(db: Database, subscription_id: UUID, *, only_ailing: bool = False) -> Health | None:
    """How its endpoint does, locked until this transaction ends; None: it is not live, or (where only
    those are asked for) it has no failure behind it.
    """
    row = await db.fetchrow(
        """
        SELECT status, failures, failing_since, resting_until FROM subscriptions
        WHERE subscription_id = $1 AND status IN ('active', 'failing') AND (NOT $2 OR failures > 0)
        FOR NO KEY UPDATE
        """,
        subscription_id,
        only_ailing,
    )
    return Health(**row) if row else None


async def save_health(db: Database, subscription_id: UUID, health: Health) -> None:
    """Writes what `lock_health` locked."""
    await db.execute(
        """
        UPDATE subscriptions SET status = $2, failures = $3, failing_since = $4, resting_until = $5
        WHERE subscription_id = $1
        """,
        subscription_id,
        health.status,
        health.failures,
        health.failing_since,
        health.resting_until,
    )


async def by_status(db: Database) -> dict[str, int]:
    """How many are active, failing, disabled."""
    rows = await db.fetch(
        "SELECT status, count(*) FROM subscriptions WHERE status <> 'deleted' GROUP BY status"
    )
    return {"active": 0, "failing": 0, "disabled": 0} | {row["status"]: row["count"] for row in rows}
