"""How much a test tries: all of it, but a fifth in ``make test-fast``, which is asked again and again.

``make test``, and so CI, always tries all. Hypothesis' own default of examples follows the same rule.
"""

import os

from hypothesis import settings

FAST = os.environ.get("RELIEFSTREAM_TESTS") == "fast"


def tries(all_of_them: int) -> int:
    """So many, or a fifth of them when a quick answer is asked for."""
    return max(all_of_them // 5, 1) if FAST else all_of_them


if FAST:
    settings.register_profile("fast", max_examples=tries(100))
    settings.load_profile("fast")
