"""A pytest plug-in: what pytest-xdist gives to one worker as a whole, and in which order.

A file is one worker's, or each worker would make the file's fixtures again; so is everything that shares a running
product. What takes longest begins first, so that no worker is left with it while the others have ended.
"""

import pytest

PRODUCT = "tests/end_to_end/"
OWN_PRODUCT = "tests/end_to_end/test_replay.py"
LONGEST = (
    OWN_PRODUCT,
    PRODUCT,
    "tests/harness/faults/test_faults.py",
    "tests/deploy/test_local_servers.py",
    "tests/deploy/test_start_failures.py",
    "tests/reconciliation/store/test_oversized_components.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not getattr(
        config.option, "loadgroup", False
    ):  # what pytest-xdist tells its workers of --dist loadgroup
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=_turn)


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _group(item: pytest.Item) -> str:
    file = _file(item)
    return PRODUCT if file.startswith(PRODUCT) and file != OWN_PRODUCT else file


def _turn(item: pytest.Item) -> tuple[int, bool]:
    """Sorts by what takes longest, then what needs servers, then the rest."""
    place = next((n for n, long in enumerate(LONGEST) if _file(item).startswith(long)), len(LONGEST))
    return place, item.get_closest_marker("servers") is None
