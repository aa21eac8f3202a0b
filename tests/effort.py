"""A pytest plug-in: how much a test tries: all of it, but a tenth in ``make test-fast``, which is run again and again.

``make test``, and so CI, always tries all. Hypothesis' own default of examples follows the same rule; its examples are
the same in each run, and how long one takes never fails a test.
"""

import os

from hypothesis import HealthCheck, settings

FAST = os.environ.get("RELIEFSTREAM_TESTS") == "fast"
ONE_OF = {"fast": 10, "mutants": 5}.get(os.environ.get("RELIEFSTREAM_TESTS", ""), 1)


def tries(all_of_them: int) -> int:
    """So many, or a tenth of them when a quick answer is asked for, a fifth for each mutant."""
    return max(all_of_them // ONE_OF, 1)


settings.register_profile(
    "repeatable",
    max_examples=tries(100),
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")
