"""A pytest plug-in: how often a property is tried. ``make test-whole`` tries all examples, ``make test``, and so CI, a
third, ``make test-fast``, which is run again and again, a tenth. What is WHOLE only says so itself.

Hypothesis' own default of examples follows the same rule; its examples are the same in each run, and how long one takes
never fails a test.
"""

import os

from hypothesis import HealthCheck, settings

FAST = os.environ.get("RELIEFSTREAM_TESTS") == "fast"
WHOLE = os.environ.get("RELIEFSTREAM_TESTS") == "whole"
ONE_OF = {"whole": 1, "fast": 10, "mutants": 5}.get(os.environ.get("RELIEFSTREAM_TESTS", ""), 3)


def tries(all_of_them: int) -> int:
    """So many of them as this run tries; at least one."""
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
