"""A process that has imported every service and forks one for each order: a restart costs no import.

Orders come as JSON lines on standard input, answers and ends of children go as JSON lines to standard output:
    {"name", "service", "environment", "log", "clock"} -> {"started": name, "pid"}
    {"name", "signal"}                                -> nothing; a child that has ended gets no signal
    a child ends                                      -> {"ended": name, "pid", "status"}
Only the process that is a child's parent may signal it: it alone knows that the pid is still that child's.
"""

import ctypes
import gc
import importlib
import json
import mmap
import os
import select
import signal
import struct
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """The system kills this process when its parent ends, however it ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def jumping_clock(file: Path) -> None:
    """The service's clock goes wrong by as many seconds as the file says at that moment."""
    from services.chassis.runtime.clock import SystemClock

    with file.open("r+b") as opened:
        shared = mmap.mmap(opened.fileno(), 8)

    def now(_: SystemClock) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=struct.unpack("d", shared[:8])[0])

    SystemClock.now = now  # type: ignore[method-assign]


def become(order: dict[str, Any]) -> None:
    """Runs the service in this process, as ``reliefstream run`` does. Never returns."""
    status = 70
    try:
        die_with_parent()
        os.setsid()
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        null = os.open(os.devnull, os.O_RDONLY)
        for old, new in ((null, 0), (log, 1), (log, 2)):
            os.dup2(old, new)
        os.environ.update(order["environment"])
        jumping_clock(Path(order["clock"]))
        from services.cli.run import run

        run(order["service"])
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 70
    except BaseException as error:
        print(f"ended by {type(error).__name__}: {error}", file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def reap(children: dict[int, str]) -> None:
    """Tells of every child that has ended."""
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        tell({"ended": children.pop(pid), "pid": pid, "status": os.waitstatus_to_exitcode(status)})


def obey(order: dict[str, Any], children: dict[int, str]) -> None:
    """Starts or signals a child."""
    if "signal" in order:
        for pid in [pid for pid, name in children.items() if name == order["name"]]:
            os.kill(pid, order["signal"])
        return
    pid = os.fork()
    if pid == 0:
        become(order)
    children[pid] = order["name"]
    tell({"started": order["name"], "pid": pid})


def tell(what: dict[str, Any]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


def main(defect: str) -> None:
    """Until standard input ends; the children end with this process."""
    die_with_parent()
    for service in ("ingest", "reconciliation", "eligibility", "relief", "notification"):
        importlib.import_module(f"services.{service}.app")
    importlib.import_module("services.cli.run")
    if defect:
        importlib.import_module("tests.harness.faults.defects").apply(defect)
    gc.collect()
    gc.freeze()  # keeps the memory shared with the children
    children: dict[int, str] = {}
    tell({"ready": os.getpid()})
    waiting = b""
    while True:
        readable, _, _ = select.select([0], [], [], 0.05)
        reap(children)
        if readable:
            read = os.read(0, 2**16)
            if not read:
                return
            *lines, waiting = (waiting + read).split(b"\n")
            for line in lines:
                obey(json.loads(line), children)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
