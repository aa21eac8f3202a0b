"""The command without the time to import it: a process that has imported all of it forks one for each call.

What is called is what ``reliefstream`` calls (`services.cli.main.run`), with its own environment, folder and files, in
a process of its own. That the installed program starts, and what it imports, other tests prove with it
(`tests/docs/test_commands.py`, `tests/cli/test_starts_at_once.py`).

A call comes as one packet on a Unix socket: the words, the environment and the folder as JSON, with standard input,
output and error as open files. The answer is the pid, then the exit status.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any, NoReturn

PACKET = 2**18
PROGRAM = Path(__file__).with_name("forked_command.py")


class Commands:
    """The client of a server that ends with this process."""

    def __init__(self, folder: Path) -> None:
        self.address = folder / "commands"
        self._server = subprocess.Popen(
            [sys.executable, "-m", __name__, str(self.address)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._server.stdout
        assert self._server.stdout.readline() == b"ready\n", "the server of commands did not start"

    def run(
        self, words: Sequence[str], environment: Mapping[str, str], folder: Path, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Calls the command without standard input. Raises TimeoutExpired after that many seconds, and kills it."""
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            with Path(os.devnull).open() as nothing:
                status = self._call(words, environment, folder, (nothing, out, err), timeout)
            texts = [file.read() for file in (out, err) if file.seek(0) == 0]
        return subprocess.CompletedProcess(list(words), status, *texts)

    def _call(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        files: Sequence[IO[Any]],
        timeout: float,
    ) -> int:
        call = {"words": list(words), "environment": dict(environment), "folder": str(folder)}
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
            connection.connect(str(self.address))
            socket.send_fds(connection, [json.dumps(call).encode()], [file.fileno() for file in files])
            pid = int(connection.recv(16))
            connection.settimeout(timeout)
            try:
                return int(connection.recv(16) or -signal.SIGKILL)
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(list(words), timeout) from None

    def program(self, folder: Path) -> Path:
        """Makes the folder, with a program ``reliefstream`` that calls the command here; returns it, for a PATH."""
        folder.mkdir()
        program = folder / "reliefstream"
        words = (sys.executable, "-IS", str(PROGRAM), str(self.address))
        program.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
        program.chmod(0o755)
        return folder

    def stop(self) -> None:
        """Ends the server; commands that run go on."""
        assert self._server.stdin
        self._server.stdin.close()
        self._server.wait()


@cache
def commands() -> Commands:
    """The server of this process, started by the first call."""
    folder = tempfile.TemporaryDirectory(prefix="reliefstream-commands-")
    started = Commands(Path(folder.name))
    atexit.register(folder.cleanup)
    atexit.register(started.stop)
    return started


def serve(address: str) -> None:
    """Until standard input ends."""
    for module in pkgutil.walk_packages(importlib.import_module("services").__path__, "services."):
        importlib.import_module(module.name)
    gc.collect()
    gc.freeze()  # keeps the memory shared with the children
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(address)
        listening.listen()
        print("ready", flush=True)
        while select.select([0, listening], [], [])[0] == [listening]:
            connection, _ = listening.accept()
            packet, files, _, _ = socket.recv_fds(connection, PACKET, 3)
            if os.fork() == 0:
                listening.close()
                become(connection, json.loads(packet), files)
            connection.close()
            for file in files:
                os.close(file)


def become(connection: socket.socket, call: dict[str, Any], files: Sequence[int]) -> NoReturn:
    """Is the command from here on."""
    from services.cli.main import run

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(call["environment"])
    os.chdir(call["folder"])
    sys.argv = ["reliefstream", *call["words"]]
    connection.send(str(os.getpid()).encode())
    status = 70
    try:
        status = run(call["words"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 70
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        connection.send(str(status).encode())
        os._exit(status)


if __name__ == "__main__":
    serve(sys.argv[1])
