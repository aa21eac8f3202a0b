from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.notification.webhooks.backoff import LONGEST_RETRY_AFTER, WAITS, wait_after


@given(attempt=st.integers(1, len(WAITS)), seed=st.integers())
def test_a_wait_is_never_longer_than_its_attempts_longest(attempt: int, seed: int) -> None:
    wait = wait_after(attempt, Random(seed))
    assert wait is not None
    assert timedelta(0) <= wait <= WAITS[attempt - 1]


def test_waits_are_spread_over_the_whole_range() -> None:
    random = Random(7)
    waits = [wait_after(4, random) or timedelta(0) for _ in range(1000)]
    assert min(waits) < timedelta(seconds=10)
    assert max(waits) > timedelta(minutes=9, seconds=50)


def test_attempts_go_on_for_days_and_then_end() -> None:
    assert sum(WAITS, timedelta(0)) > timedelta(days=4)
    assert wait_after(len(WAITS) + 1, Random(1)) is None


@given(seconds=st.integers(1, 10**6), seed=st.integers())
def test_retry_after_is_heeded_up_to_a_day(seconds: int, seed: int) -> None:
    wait = wait_after(1, Random(seed), timedelta(seconds=seconds))
    assert wait is not None
    assert wait >= min(timedelta(seconds=seconds), LONGEST_RETRY_AFTER)
    assert wait <= LONGEST_RETRY_AFTER
