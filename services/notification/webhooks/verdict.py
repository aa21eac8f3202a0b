"""What an endpoint's answer means for a delivery."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from services.notification.webhooks.backoff import wait_after


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` None: there was no answer, and ``error`` is a stable code of why. Never any of its body."""

    status: int | None
    error: str | None = None
    retry_after: timedelta | datetime | None = None
    """How long the endpoint asks to wait, or until when."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``result`` is what metrics count; ``status`` and ``due_at`` (None: never) are the delivery's from now on."""

    result: Literal["delivered", "failed", "dead", "gone"]
    status: Literal["delivered", "waiting", "dead"]
    due_at: datetime | None
    error: str | None


def judge(answer: Answer, attempt: int, now: datetime, random: Random) -> Verdict:
    """Standard Webhooks: 2xx is delivered, 410 ends the subscription, anything else is tried again.

    A redirect is not followed: it counts as a failure. What 410 stops waits, for a replay to take up.
    """
    if answer.status is not None and 200 <= answer.status < 300:
        return Verdict("delivered", "delivered", None, None)
    error = answer.error or f"http_{answer.status}"
    if answer.status == 410:
        return Verdict("gone", "dead", None, error)
    asked = answer.retry_after
    wait = wait_after(attempt, random, asked - now if isinstance(asked, datetime) else asked)
    if wait is None:
        return Verdict("dead", "dead", None, error)
    return Verdict("failed", "waiting", now + wait, error)
