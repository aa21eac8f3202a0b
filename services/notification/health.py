"""When a subscription counts as failing, for people to see; it goes on being tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

FAILING_AFTER_FAILURES = 10
FAILING_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Health:
    """``failures``: attempts that failed since the last that went through, the first at ``failing_since``."""

    status: Literal["active", "failing", "disabled"] = "active"
    failures: int = 0
    failing_since: datetime | None = None


def after_failure(health: Health, now: datetime) -> Health:
    """Failing once enough attempts failed over a long enough time, so that a short outage does not count."""
    failures, since = health.failures + 1, health.failing_since or now
    failing = failures >= FAILING_AFTER_FAILURES and now - since >= FAILING_AFTER
    return Health("failing" if failing else health.status, failures, since)


def after_gone(health: Health, now: datetime) -> Health:
    """The endpoint said 410 Gone: nothing more goes there until its owner asks for a replay."""
    return Health("disabled", health.failures + 1, health.failing_since or now)
