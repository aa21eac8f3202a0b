"""One run of pytest for each mutant, in a fork of a process that has imported the tests once."""

import contextlib
import os
import pickle
import resource
import signal
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from tests.harness.mutation.changed_code import change
from tests.harness.mutation.operators import Mutant
from tests.harness.mutation.reached import Chosen, Function, Reached

PROFILE = "mutation"
OPTIONS = [
    f"--hypothesis-profile={PROFILE}",
    "-xq",
    *("-p", "no:cacheprovider"),
    *("-p", "no:unraisableexception"),  # collects garbage at each end, which takes as long as many tests
]
MEMORY = 4 * 1024**3
"""Bytes: a changed loop that does not end must not take the machine's memory."""


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


def reached(tests: list[str], folder: Path) -> dict[Function, set[str]] | None:
    """Which of the tests call each function below the folder; None when one fails without any change."""
    reading, writing = os.pipe()
    if not os.fork():
        os.close(reading)
        _silence()
        plugin = Reached(folder)
        passed = pytest.main([*OPTIONS, *tests], plugins=[plugin]) == 0
        with os.fdopen(writing, "wb") as file:
            pickle.dump(dict(plugin.tests) if passed else None, file)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        found: dict[Function, set[str]] | None = pickle.load(file)
    os.wait()
    return found


def start(tests: list[str], chosen: set[str] | None, seconds: int, path: Path, mutant: Mutant) -> int:
    """Begins a run of the chosen tests, None for all, with that mutant of the file; the process id.

    It may take so many seconds of CPU, and ten times as many by the clock.
    """
    child = os.fork()
    if child:
        return child
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    signal.alarm(10 * seconds)
    _silence()
    ended = 1  # a mutant that cannot even be imported is noticed
    try:
        change(str(path), mutant.source, mutant.function)
        ended = pytest.main([*OPTIONS, *tests], plugins=[Chosen(chosen)] if chosen is not None else [])
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
