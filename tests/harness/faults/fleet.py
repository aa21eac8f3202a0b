"""The services' processes: two replicas of each, forked by the zygote, started again when they end."""

import asyncio
import json
import signal
import struct
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[3]


class Zygote:
    """The process that forks; serves one fleet after another."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.fleet: Fleet | None = None
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, defect: str, environment: Mapping[str, str]) -> "Zygote":
        """Returns when every service is imported."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.harness.faults.zygote", defect, cwd=REPOSITORY, env=dict(environment),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        if b"ready" not in await process.stdout.readline():
            raise RuntimeError("the zygote did not start")
        return cls(process)

    def tell(self, order: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            if self.fleet is not None:
                if "started" in told:
                    self.fleet.pids[told["started"]] = told["pid"]
                else:
                    self.fleet.ended(told["ended"], told["status"])

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        self._reading.cancel()


class Fleet:
    """The replicas of one run, by name; ``environments`` hold all of their settings."""

    def __init__(self, zygote: Zygote, environments: Mapping[str, Mapping[str, str]], folder: Path) -> None:
        self._zygote, self._environments, self._folder = zygote, environments, folder
        zygote.fleet = self
        self.pids: dict[str, int | None] = dict.fromkeys(environments)
        self._down: set[str] = set()
        self._told_to_end: set[str] = set()
        self.ended_by_itself: Counter[str] = Counter()
        for name in environments:
            self.set_clock(name, 0.0)

    def start(self, name: str) -> None:
        """Also again, after ``stop_for_now``."""
        self._down.discard(name)
        if self.pids[name] is None:
            order = {
                "name": name,
                "service": name.rpartition("-")[0],
                "environment": dict(self._environments[name]),
                "log": str(self._folder / f"{name}.log"),
                "clock": str(self._clock(name)),
            }
            self.pids[name] = 0  # under way
            self._zygote.tell(order)

    def send(self, name: str, number: signal.Signals) -> None:
        self._zygote.tell({"name": name, "signal": number})

    def stop_for_now(self, name: str, number: signal.Signals) -> None:
        """Ends it with this signal; it stays down until ``start``."""
        self._down.add(name)
        if self.pids[name] is not None:
            self._told_to_end.add(name)
        self.send(name, number)

    def ended(self, name: str, status: int) -> None:
        """What the zygote tells."""
        self.pids[name] = None
        if name not in self._told_to_end:
            self.ended_by_itself[f"{name} {status}"] += 1
        self._told_to_end.discard(name)
        asyncio.get_running_loop().call_later(0.1, self._again, name)

    def _again(self, name: str) -> None:
        if name not in self._down and self._zygote.fleet is self:
            self.start(name)

    def set_clock(self, name: str, seconds: float) -> None:
        """How wrong the replica's clock goes from now on."""
        file = self._clock(name)
        if not file.exists():
            file.write_bytes(bytes(8))
        with file.open("r+b") as opened:
            opened.write(struct.pack("d", seconds))

    def _clock(self, name: str) -> Path:
        return self._folder / f"{name}.clock"

    async def stop(self) -> None:
        """All of them, at once; returns when they have ended."""
        for name in self.pids:
            self.stop_for_now(name, signal.SIGKILL)
        with suppress(TimeoutError):
            async with asyncio.timeout(60):
                while any(pid is not None for pid in self.pids.values()):  # noqa: ASYNC110 - the zygote tells
                    await asyncio.sleep(0.02)
        self._zygote.fleet = None
