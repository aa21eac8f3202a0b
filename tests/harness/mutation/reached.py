"""Which functions each test calls, so that a mutant is tried by the tests that could notice it and by no others."""

import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from tests.harness.mutation.changed_code import caches

Function = tuple[str, str]
"""The absolute path of a file, and the qualified name of an outermost function in it."""


class Reached:
    """A plugin of pytest: notes which functions below a folder each test calls.

    What a test's fixtures call counts for every test of its file, as they may share the fixture.
    """

    def __init__(self, folder: Path, slowest: float | None) -> None:
        """``slowest``: seconds of CPU after which a test is stopped, and so fails; None: it takes what it takes."""
        self._slowest = slowest or 0.0
        self._below = f"{folder}{os.sep}"
        self.tests: dict[Function, set[str]] = defaultdict(set)
        """The ids of the tests that call a function; the path of a test file stands for all of its tests."""
        self.seconds: dict[str, float] = defaultdict(float)
        """Of CPU, by the id of a test."""
        self.failed: set[str] = set()
        """The ids of tests that fail without any change, or are stopped."""
        signal.signal(signal.SIGPROF, _stop)
        self._caches = caches()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        with self._noted(file_of(item.nodeid)):
            yield

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        began = time.process_time()
        for cache in self._caches:
            cache.cache_clear()
        signal.setitimer(signal.ITIMER_PROF, self._slowest)
        try:
            with self._noted(item.nodeid):
                yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        self.seconds[item.nodeid] += time.process_time() - began

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    @contextmanager
    def _noted(self, test: str) -> Iterator[None]:
        called: dict[int, CodeType] = {}

        def call(frame: FrameType, _: str, __: Any) -> None:
            called[id(frame.f_code)] = frame.f_code

        sys.settrace(call)
        try:
            yield
        finally:
            sys.settrace(None)
            for code in called.values():
                if code.co_filename.startswith(self._below):
                    self.tests[code.co_filename, code.co_qualname.split(".<")[0]].add(test)


def _stop(*_: object) -> None:
    pytest.fail("takes too long to be tried for each mutant")


class Chosen:
    """A plugin of pytest: runs these tests only, given by id, or by file for all of its tests; None: every test. Those
    that take the least time begin."""

    def __init__(self, tests: set[str] | None, seconds: Mapping[str, float], left_out: set[str]) -> None:
        self._tests, self._seconds, self._left_out = tests, seconds, left_out

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [one for one in items if one.nodeid not in self._left_out and self._is_asked(one.nodeid)]
        items[:] = sorted(chosen, key=lambda one: self._seconds.get(one.nodeid, 0))

    def _is_asked(self, test: str) -> bool:
        return self._tests is None or bool({test, file_of(test)} & self._tests)


def file_of(test: str) -> str:
    """The path of a test's file, from its id."""
    return test.split("::", maxsplit=1)[0]
