"""A pytest plug-in: in CI a skipped test fails, unless what it lacks is something that CI may lack."""

import os
from collections.abc import Iterator

import pytest

MAY_BE_ABSENT = (
    "no Docker engine",
    "../shared is not beside this clone",
    "this Postgres was built without lz4",
    "this clone or its Python lies where no ordinary user may enter",
)
"""How a reason begins that CI accepts. RELIEFSTREAM_TESTS_WITHOUT adds programs that .ci/run could not fetch."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report = yield
    in_ci = os.environ.get("CI", "").lower() == "true"
    if in_ci and report.skipped and not hasattr(report, "wasxfail"):
        *_, reason = report.longrepr
        reason = reason.removeprefix("Skipped: ")
        absent = os.environ.get("RELIEFSTREAM_TESTS_WITHOUT", "").split()
        if not reason.startswith((*MAY_BE_ABSENT, *absent)):
            report.outcome = "failed"
            report.longrepr = f"CI skips nothing that it could run: {reason}"
    return report
