"""One sample at 1/100 for all tests that only read it."""

import pytest

from tests.deploy.sample.samples import Written, write


@pytest.fixture(scope="session")
def hundredth(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write(tmp_path_factory.mktemp("sample"), "1/100")
