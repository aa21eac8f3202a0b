"""Whether a disturbed run ended as it must. Pure, over plain JSON; shares no code with the services.

A rule gets the run and the undisturbed one, and yields a sentence for each breach, with topic, partition and offset.
"""

from collections.abc import Iterator

from tests.harness.faults import (
    check_ends,
    check_inputs,
    check_logs,
    check_outside,
    check_relief,
    check_reviews,
    check_sealing,
)
from tests.harness.faults.events import told
from tests.harness.faults.observation import Observation

RULES = (
    *check_outside.RULES,
    *check_inputs.RULES,
    *check_logs.RULES,
    *check_reviews.RULES,
    *check_relief.RULES,
    *check_sealing.RULES,
    *check_ends.RULES,
)


def differences(seen: Observation, undisturbed: Observation) -> Iterator[str]:
    """What is wrong with a run, the nearest to its cause first; nothing: it passed."""
    run, reference = told(seen), told(undisturbed)
    for rule in RULES:
        for sentence in rule(run, reference):
            yield f"{rule.__name__}: {sentence}"
