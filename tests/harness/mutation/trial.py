"""One run of pytest for each mutant, in a fork of a process that has imported the tests once."""

import contextlib
import os
import resource
import signal
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from tests.harness.mutation.changed_code import change
from tests.harness.mutation.operators import Mutant

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
    os.environ["RELIEFSTREAM_TESTS"] = "fast"
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


def start(tests: list[str], seconds: int, path: Path, mutant: Mutant | None) -> int:
    """Begins a run with that mutant of the file, or without any; the process id.

    It may take so many seconds of CPU, and ten times as many by the clock.
    """
    child = os.fork()
    if child:
        return child
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    signal.alarm(10 * seconds)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    ended = 1  # a mutant that cannot even be imported is noticed
    try:
        if mutant:
            change(str(path), mutant.source, mutant.function)
        ended = pytest.main([*OPTIONS, *tests])
    finally:
        os._exit(ended)


def ended() -> tuple[int, str]:
    """Waits for a run to end: its process id, and passed, failed or timeout."""
    process, status = os.wait()
    if os.WIFSIGNALED(status):
        return process, "timeout"
    return process, "passed" if os.WEXITSTATUS(status) == 0 else "failed"
