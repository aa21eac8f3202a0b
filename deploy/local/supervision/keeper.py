"""Keeps one program running: starts it, notes its pid, starts it again when it ends, stops it when told."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from deploy.local.layout import Layout
from deploy.local.supervision.holding import is_held
from deploy.local.supervision.processes import MARK_NAME, MARK_ROOT, Program, write_pid

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0
HELD_PAUSE_S = 0.1
STEADY_S = 30.0
"""Who ran that long starts again with the first pause."""


class Keeper:
    """One program under care. `keep` runs until `stop`."""

    def __init__(
        self, layout: Layout, program: Program, environment: Callable[[], Mapping[str, str]] | None = None
    ) -> None:
        self.program = program
        self._environment = environment
        self.restarts = 0
        self._layout = layout
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()

    async def keep(self) -> None:
        """Runs the program again and again, with pauses that double up to ten seconds, until `stop`."""
        pause = FIRST_PAUSE_S
        while not self._stopping.is_set():
            if is_held(self._layout, self.program.name):
                await asyncio.sleep(HELD_PAUSE_S)
                continue
            began = time.monotonic()
            status = await self._run_once()
            if self._stopping.is_set():
                return
            pause = FIRST_PAUSE_S if time.monotonic() - began > STEADY_S else pause
            say(f"{self.program.name} ended with {status}, starting it again in {pause:g} s")
            try:
                await asyncio.wait_for(self._stopping.wait(), pause)
            except TimeoutError:
                self.restarts += 1
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _run_once(self) -> int | str:
        if self._environment is not None:  # its database may be another one than at the start before
            self.program = replace(self.program, environment=self._environment())
        try:
            self._process = await spawn(self._layout, self.program, self.restarts)
        except OSError as fault:
            return f"no start ({fault})"
        if self._stopping.is_set():
            await stop(self._process, self.program.stop_signal, self.program.grace_s)
        return await self._process.wait()

    async def stop(self) -> None:
        """Asks the program to stop, kills it with its children after its grace, and forgets its pid."""
        self._stopping.set()
        if self._process is not None:
            await stop(self._process, self.program.stop_signal, self.program.grace_s)
        (self._layout.run / f"{self.program.name}.pid").unlink(missing_ok=True)


async def spawn(layout: Layout, program: Program, restarts: int = 0) -> asyncio.subprocess.Process:
    """Starts the program in a session of its own, its output added to its log."""
    mark = {MARK_ROOT: str(layout.root.resolve()), MARK_NAME: program.name}
    with layout.log(program.name).open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *program.argv,
            env={**program.environment, **mark},
            cwd=program.cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            umask=0o077,  # what it writes is for its owner alone
        )
    write_pid(layout, program.name, process.pid, restarts)
    return process


async def stop(process: asyncio.subprocess.Process, number: signal.Signals, grace_s: float) -> None:
    """Sends `number`, waits `grace_s`, then kills the process and all of its session."""
    if process.returncode is not None:
        return
    process.send_signal(number)
    try:
        await asyncio.wait_for(process.wait(), grace_s)
    except TimeoutError:
        with suppress(ProcessLookupError):  # it may end at this moment
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def bound_log(path: Path, limit: int) -> None:
    """Moves the newest `limit` bytes of a log that outgrew it to NAME.log.1, and empties it.

    The writer keeps its file open in append mode, so the file is emptied, not renamed.
    """
    if not path.exists() or path.stat().st_size <= limit:
        return
    with path.open("rb+") as log:
        log.seek(-limit, 2)
        path.with_name(path.name + ".1").write_bytes(log.read())
        log.truncate(0)


def say(text: str) -> None:
    """A line of the supervisor's own log, with the time in UTC."""
    print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), text, flush=True)  # noqa: T201 - its log is its output
