"""A pytest plug-in: how many workers pytest-xdist has, what it gives to one as a whole, and in which order.

A file is one worker's, or each worker would make the file's fixtures again; so is everything that shares a running
product. What takes longest begins first, so that no worker is left with it while the others have ended.
"""

import os
from collections import Counter
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

PRODUCT = "tests/end_to_end/"
OWN_PRODUCT = ("tests/end_to_end/test_replay.py", "tests/end_to_end/test_documents.py")
LONGEST = (
    *OWN_PRODUCT,
    PRODUCT,
    "tests/harness/faults/test_faults.py",
    "tests/harness/seal_proof/test_seal_proof.py",
    "tests/deploy/test_local_servers.py",
    "tests/deploy/test_start_failures.py",
    "tests/reconciliation/store/test_oversized_components.py",
)


class OneGroupOneWorker(LoadScopeScheduling):
    """pytest-xdist's scheduler with groups of ours (its own ``xdist_group`` does nothing under pytest 9.2)."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneGroupOneWorker:
    """The scheduler of `pytest -n`."""
    return OneGroupOneWorker(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """One more than there are cores: a test that has servers waits for them a third of its time. None: as many."""
    return None if "not servers" in config.option.markexpr else len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        # pytest 9.2 gives all routes of schemathesis one id, of which pytest-xdist would run the first alone.
        if hasattr(item, "operation_label") and "[" not in item.nodeid:
            item._id = item._id.with_params(item.name.partition("[")[2].removesuffix("]"))
    if twice := [name for name, number in Counter(item.nodeid for item in items).items() if number > 1]:
        raise pytest.UsageError(f"one id of several tests, of which pytest-xdist runs one: {twice[:3]}")
    if hasattr(config, "workerinput"):
        items.sort(key=_turn)


def _group(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    return PRODUCT if file.startswith(PRODUCT) and file not in OWN_PRODUCT else file


def _turn(item: pytest.Item) -> tuple[int, bool]:
    """Sorts by what takes longest, then what needs servers, then the rest."""
    place = next((n for n, long in enumerate(LONGEST) if item.nodeid.startswith(long)), len(LONGEST))
    return place, item.get_closest_marker("servers") is None
