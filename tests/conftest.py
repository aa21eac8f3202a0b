"""What every test may use: the servers, and the peer's cases where they are."""

from pathlib import Path

import pytest

pytest_plugins = [
    "tests.servers",
    "tests.scheduling",
    "tests.skips",
    "tests.effort",
    "tests.chromium",
    "pytester",
]

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def peer() -> Path:
    """The folder of the peer's acceptance cases; the test skips where it is absent."""
    folder = SHARED / "peer"
    if not folder.is_dir():
        pytest.skip("../shared is not beside this clone: it has the peer's acceptance cases")
    return folder
