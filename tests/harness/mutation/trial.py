"""One run of pytest for each mutant, in a fork of a process that has imported the tests once."""

import contextlib
import os
import pickle
import resource
import signal
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import Phase, settings

from tests.harness.mutation.changed_code import caches, change
from tests.harness.mutation.operators import Mutant
from tests.harness.mutation.reached import Chosen, Function, Reached, file_of

PROFILE = "mutation"
OPTIONS = [
    f"--hypothesis-profile={PROFILE}",
    "-q",
    *("-p", "no:cacheprovider"),
    *("-p", "no:unraisableexception"),  # collects garbage at each end, which takes as long as many tests
]
MEMORY = 4 * 1024**3
"""Bytes: a changed loop that does not end must not take the machine's memory."""


class Unchanged(NamedTuple):
    """What the tests do while nothing is changed: which call each function, how long each takes, which are left out."""

    calling: dict[Function, set[str]]
    seconds: dict[str, float]
    left_out: set[str]

    def limit(self, chosen: set[str] | None) -> int:
        """Seconds of CPU that the chosen tests may take with a change: thrice what they took with the tracer."""
        took = sum(
            seconds
            for test, seconds in self.seconds.items()
            if test not in self.left_out and (chosen is None or {test, file_of(test)} & chosen)
        )
        return 20 + int(3 * took)


def prepare(tests: list[str]) -> None:
    """Imports the tests, so that no fork has to."""
    os.environ["RELIEFSTREAM_TESTS"] = "mutants"
    settings.register_profile(
        PROFILE,
        max_examples=20,
        phases=(
            Phase.explicit,
            Phase.generate,
        ),  # that a test fails is enough: no smaller example is looked for
        derandomize=True,
        database=None,
    )
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        pytest.main([*OPTIONS, "--collect-only", *tests])


def reached(tests: list[str], folder: Path, slowest: float | None) -> Unchanged:
    """What the tests do without a change, and which of them call each function below the folder.

    Those that fail, or take more seconds of CPU than ``slowest``, are left out.
    """
    reading, writing = os.pipe()
    if not os.fork():
        os.close(reading)
        _silence()
        plugin = Reached(folder, slowest)
        pytest.main([*OPTIONS, *tests], plugins=[plugin])
        with os.fdopen(writing, "wb") as file:
            pickle.dump((dict(plugin.tests), dict(plugin.seconds), plugin.failed), file)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        found = Unchanged(*pickle.load(file))
    os.wait()
    return found


def start(tests: list[str], chosen: set[str] | None, unchanged: Unchanged, path: Path, mutant: Mutant) -> int:
    """Begins a run of the chosen tests, None for all, with that mutant of the file; the process id.

    It may take ``limit`` seconds of CPU, and ten times as many by the clock.
    """
    child = os.fork()
    if child:
        return child
    seconds = unchanged.limit(chosen)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    signal.alarm(10 * seconds)
    _silence()
    ended = 1  # a mutant that cannot even be imported is noticed
    try:
        change(str(path), mutant.source, mutant.function)
        for cache in caches():
            cache.cache_clear()
        only = Chosen(chosen, unchanged.seconds, unchanged.left_out)
        ended = pytest.main(["-x", *OPTIONS, *tests], plugins=[only])
    finally:
        os._exit(ended)


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def ended() -> tuple[int, str]:
    """Waits for a run to end: its process id, and passed, failed or timeout."""
    process, status = os.wait()
    if os.WIFSIGNALED(status):
        return process, "timeout"
    return process, "passed" if os.WEXITSTATUS(status) == 0 else "failed"
