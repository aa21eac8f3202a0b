"""A pytest plug-in: the fixture `chromium`, the system's own browser, driven by Playwright. Nothing is downloaded."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Playwright's browser; the test skips, saying how to install it, where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("chromium is not installed: apt-get install --no-install-recommends chromium")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not in .venv: make install")
    with sync_api.sync_playwright() as playwright:
        sync_api.expect.set_options(timeout=30_000)  # also where other work slows the machine
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-extensions"]
        )
        yield browser
        browser.close()
