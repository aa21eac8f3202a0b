"""A second replica of a service beside the local ones."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from deploy.local.addresses import read
from deploy.local.layout import Layout
from deploy.local.plan import Plan, base_environment, service_environment

REPOSITORY = Path(__file__).parents[3]


class Replica:
    """Runs until it is killed or ended; ``kill`` starts it again at once, as an orchestrator would."""

    def __init__(self, layout: Layout, plan: Plan, service: str) -> None:
        self._service, self._log, port = service, layout.log(f"{service}-1"), _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {
            **base_environment(os.environ),
            **service_environment(layout, plan, read(layout.root), service),
            "RELIEFSTREAM_INSTANCE": f"{service}-1",
            "RELIEFSTREAM_HTTP_PORT": str(port),
        }
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "services.cli.main", "run", self._service],
                env=self._environment,
                cwd=REPOSITORY,
                stdout=log,
                stderr=log,
            )

    @property
    def pid(self) -> int:
        """Of the process that runs now."""
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL, and started again."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process = self._start()

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
