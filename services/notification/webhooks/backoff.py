"""When a failed delivery is tried again, and when it is given up."""

from datetime import timedelta
from random import Random

# Longest wait after the first, second, … failed attempt: a delivery is tried for up to five days.
WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=12),
    *(timedelta(hours=24),) * 4,
)
LONGEST_RETRY_AFTER = timedelta(hours=24)


def wait_after(attempt: int, random: Random, retry_after: timedelta | None = None) -> timedelta | None:
    """How long to wait after failed attempt number `attempt` (from 1); None: that was the last.

    Full jitter (uniform between nothing and the attempt's longest wait), so that what failed together is not
    tried again together. A Retry-After of the endpoint is heeded, up to a day.
    """
    if attempt > len(WAITS):
        return None
    wait = WAITS[attempt - 1] * random.random()
    return max(wait, min(retry_after, LONGEST_RETRY_AFTER)) if retry_after else wait
