from datetime import datetime, timedelta
from random import Random

import pytest

from services.notification.webhooks.backoff import WAITS
from services.notification.webhooks.endpoint_health import (
    FAILING_AFTER,
    FAILING_AFTER_FAILURES,
    Health,
    after_failure,
    after_gone,
)
from services.notification.webhooks.verdict import Answer, judge
from tests.notification.builders import START


@pytest.mark.parametrize(
    ("answer", "attempt", "result", "error"),
    [
        (Answer(200), 1, "delivered", None),
        (Answer(204), 1, "delivered", None),
        (Answer(302), 1, "failed", "http_302"),
        (Answer(400), 1, "failed", "http_400"),
        (Answer(410), 1, "gone", "http_410"),
        (Answer(500), 1, "failed", "http_500"),
        (Answer(None, "timeout"), 1, "failed", "timeout"),
        (Answer(500), len(WAITS) + 1, "dead", "http_500"),
        (Answer(200), len(WAITS) + 1, "delivered", None),
    ],
)
def test_an_answer_means(answer: Answer, attempt: int, result: str, error: str | None) -> None:
    verdict = judge(answer, attempt, START, Random(1))
    assert (verdict.result, verdict.error) == (result, error)
    assert (verdict.due_at is not None) == (result == "failed")
    assert verdict.status == {"failed": "waiting", "gone": "dead"}.get(result, result)


def test_a_subscription_fails_only_after_many_failures_over_a_day() -> None:
    health = Health()
    for _ in range(FAILING_AFTER_FAILURES * 5):
        health = after_failure(health, START)
    assert health.status == "active", "a burst that fails at one time is a short outage"
    assert after_failure(health, START + FAILING_AFTER - timedelta(seconds=1)).status == "active"
    assert after_failure(health, START + FAILING_AFTER).status == "failing"
    assert after_failure(Health("active", 1, START), START + FAILING_AFTER * 9).status == "active"


def test_a_failing_subscription_stays_so_and_gone_disables_it() -> None:
    failing = Health("failing", 20, START)
    assert after_failure(failing, START).status == "failing"
    assert after_gone(failing, START) == Health("disabled", 21, START)


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        (timedelta(minutes=3), timedelta(minutes=3)),
        (START + timedelta(hours=2), timedelta(hours=2)),
        (START + timedelta(days=9), timedelta(days=1)),
    ],
)
def test_what_an_endpoint_asks_to_wait_is_heeded_up_to_a_day(
    asked: timedelta | datetime, waits: timedelta
) -> None:
    assert judge(Answer(503, None, asked), 1, START, Random(1)).due_at == START + waits


def test_a_date_that_has_passed_asks_for_nothing() -> None:
    passed = Answer(503, None, START - timedelta(days=1))
    assert judge(passed, 1, START, Random(1)) == judge(Answer(503), 1, START, Random(1))
