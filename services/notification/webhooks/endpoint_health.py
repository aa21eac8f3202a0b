"""The health of a subscription's endpoint: when deliveries pause (it rests), and when it is shown as failing.

A failing endpoint is still tried, by one attempt after each rest, so that it takes no time from the others.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

FAILING_AFTER_FAILURES = 10
FAILING_AFTER = timedelta(days=1)
REST_AFTER_FAILURES = 10
FIRST_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Health:
    """``failures``: attempts that failed since the last that went through, the first at ``failing_since``."""

    status: Literal["active", "failing", "disabled"] = "active"
    failures: int = 0
    failing_since: datetime | None = None
    resting_until: datetime | None = None


def after_failure(health: Health, now: datetime) -> Health:
    """Failing once enough attempts failed over a long enough time, so that a short outage does not count.

    Each failure in a row beyond a few doubles the rest.
    """
    failures, since = health.failures + 1, health.failing_since or now
    failing = failures >= FAILING_AFTER_FAILURES and now - since >= FAILING_AFTER
    rest = None
    if failures >= REST_AFTER_FAILURES:
        doubled = min(failures - REST_AFTER_FAILURES, 10)
        rest = now + min(LONGEST_REST, FIRST_REST * 2**doubled)
    return Health("failing" if failing else health.status, failures, since, rest)


def after_gone(health: Health, now: datetime) -> Health:
    """The endpoint said 410 Gone: nothing more goes there until its owner asks for a replay."""
    return Health("disabled", health.failures + 1, health.failing_since or now)
