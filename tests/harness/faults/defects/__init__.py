"""Five ways to break the loop on purpose: the faults must show each of them, or they would show nothing.

``apply`` runs in the process that becomes a service, before it does; the product itself knows nothing of it.
"""

from collections.abc import Callable

from tests.harness.faults.defects import (
    acknowledge_on_exception,
    commit_early,
    drop_outbox,
    relay_without_fencing,
    skip_offset_check,
)

DEFECTS: dict[str, Callable[[], None]] = {
    "commit_early": commit_early.apply,
    "skip_offset_check": skip_offset_check.apply,
    "drop_outbox": drop_outbox.apply,
    "acknowledge_on_exception": acknowledge_on_exception.apply,
    "relay_without_fencing": relay_without_fencing.apply,
}
NAMES = tuple(DEFECTS)
FAULTS = {
    "commit_early": ("kill", "cut_postgres"),
    "skip_offset_check": ("zombie",),
    "drop_outbox": ("kill",),
    "acknowledge_on_exception": ("cut_postgres", "kill_postgres", "no_connections"),
    "relay_without_fencing": ("unheard_kafka", "kill_kafka"),
}
"""The kinds of faults that provoke each."""
ON = {"skip_offset_check": ("ingest-0", "ingest-1")}
"""Replicas to hit, where not all would show it: behind ingest a repeat is known by its version."""


def apply(name: str) -> None:
    """Breaks the chassis of this process; KeyError when there is no such defect."""
    DEFECTS[name]()
