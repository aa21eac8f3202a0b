"""One function over many jobs, in processes of their own or in this one; results in the order of the jobs."""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
Context = TypeVar("Context")
AHEAD = 3
"""Jobs given out for each process before the first one's result is taken."""
WORTH_A_PROCESS = 2 << 20
"""Bytes of input; less is done before another process has begun."""
_SELDOM = 50_000, 20, 20
"""Objects made before memory is searched for cycles: what is made for one job is gone by then."""

_context: Any = None


class WorkerKilled(Exception):
    """A process of ours ended by itself; the text says what to do."""


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0))


class Workers(Generic[Context]):
    """Use as a context manager. ``context`` is given to every job; each process gets it once."""

    def __init__(self, count: int, context: Context) -> None:
        self._count, self._context = count, context
        self._thresholds = gc.get_threshold()
        self._pool: ProcessPoolExecutor | None = None
        if count > 1:
            start = multiprocessing.get_context(_start_method())
            self._pool = ProcessPoolExecutor(count, start, _begin, (context,))

    def __enter__(self) -> "Workers[Context]":
        if self._pool is None:
            gc.set_threshold(*_SELDOM)
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is None:
            gc.set_threshold(*self._thresholds)
        else:
            self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[Context, Job], Result], jobs: Iterable[Job]) -> Iterator[Result]:
        """Raises what the function raises; WorkerKilled when a process ends by itself."""
        if self._pool is None:
            for job in jobs:
                yield function(self._context, job)
            return
        try:
            yield from _in_order(self._pool, function, jobs, self._count * AHEAD)
        except BrokenProcessPool:
            raise WorkerKilled(
                "A worker process was killed before its work was done; the machine may be out of memory. "
                "Nothing was written. Try again with --workers 1."
            ) from None


def _start_method() -> str:
    """How processes start: as copies of this one, which has imported and read everything already; with threads of its
    own it may not be copied, as one may hold a lock, and nor may it where the system's libraries have some."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _in_order(
    pool: ProcessPoolExecutor, function: Callable[[Any, Job], Result], jobs: Iterable[Job], ahead: int
) -> Iterator[Result]:
    waiting: deque[Future[Result]] = deque()
    for job in jobs:
        waiting.append(pool.submit(_run, function, job))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _begin(context: object) -> None:
    global _context  # noqa: PLW0603 - what a process is given once, for all of its jobs
    _context = context
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that gives the jobs out ends us
    gc.freeze()
    gc.set_threshold(*_SELDOM)


def _run(function: Callable[[Any, Job], Result], job: Job) -> Result:
    return function(_context, job)
