"""The product's containers as a person at a shell has them: `docker` and `docker compose`, nothing else."""

import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services import CONSOLE, SERVICES

REPOSITORY = Path(__file__).resolve().parents[3]
SECRETS = REPOSITORY / ".local" / "compose"
FILES = ("docker-compose.yml", "deploy/compose/trial.yml")
MONITORING = "deploy/compose/monitoring.yml"
PREPARE = "apt-get install docker.io debootstrap, start dockerd, then: deploy/standin-images/build.sh"


class Missing(Exception):
    """Something that the trial needs is not here; the text says what and what to do."""


def call(*command: str, environment: dict[str, str] | None = None, check: bool = True) -> str:
    """What the command prints; AssertionError with its last words when it fails."""
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert not check or done.returncode == 0, f"{' '.join(command)}:\n{(done.stdout + done.stderr)[-3000:]}"
    return done.stdout


def require_engine() -> str:
    """The engine's version. Raises Missing when there is no engine, or no Compose."""
    for command, what in (
        (("docker", "version", "--format", "{{.Server.Version}}"), "No container engine answers"),
        (("docker", "compose", "version", "--short"), "Docker Compose (`docker compose`) is missing"),
    ):
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise Missing(f"There is no `docker` here. {PREPARE}") from None
        if done.returncode:
            raise Missing(f"{what}: {done.stderr.strip()[-200:]}\n{PREPARE}")
    return call("docker", "version", "--format", "engine {{.Server.Version}}").strip()


def require_image(name: str) -> None:
    """Raises Missing for an image that is not here and cannot be pulled."""
    if subprocess.run(["docker", "image", "inspect", name], capture_output=True, check=False).returncode:
        pulled = subprocess.run(["docker", "pull", "-q", name], capture_output=True, text=True, check=False)
        if pulled.returncode:
            raise Missing(f"{name} is not here and cannot be pulled. {PREPARE}")


@dataclass
class Stack:
    """One Compose project of its own, on ports of its own."""

    project: str = "reliefstream-test"
    files: tuple[str, ...] = FILES
    ports: dict[str, int] = field(
        default_factory=lambda: (
            {"KAFKA": 29094} | {n.upper(): 29081 + i for i, n in enumerate((*SERVICES, CONSOLE))}
        )
    )

    @property
    def environment(self) -> dict[str, str]:
        """This process's own, with the project's ports."""
        ours = {f"RELIEFSTREAM_{name}_PORT": str(port) for name, port in self.ports.items()}
        return {k: v for k, v in os.environ.items() if not k.startswith("RELIEFSTREAM_")} | ours

    def compose(self, *arguments: str, check: bool = True) -> str:
        files = [word for file in self.files for word in ("-f", file)]
        command = ("docker", "compose", "-p", self.project, *files, *arguments)
        return call(*command, environment=self.environment, check=check)

    def up(self) -> None:
        self.compose("up", "--wait", "--wait-timeout", "600")

    def container(self, service: str) -> dict[str, Any]:
        """What `docker inspect` says of the service's container."""
        name = self.compose("ps", "--all", "--quiet", service).strip()
        found: dict[str, Any] = json.loads(call("docker", "inspect", name))[0]
        return found

    def inside(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command in the service's container, as its user."""
        name = self.container(service)["Id"]
        return subprocess.run(["docker", "exec", name, *command], capture_output=True, text=True, check=False)

    def crash(self, service: str) -> str:
        """Kills the container's process as a crash would, so that the restart policy has to act.

        Where the process is not of this machine (an engine in a virtual machine), the engine kills the container,
        and it is started again by hand: the engine takes that for a person's wish.
        """
        found = self.container(service)
        pid, name = found["State"]["Pid"], found["Id"]
        cgroup = Path(f"/proc/{pid}/cgroup")
        if pid and cgroup.exists() and name in cgroup.read_text() and os.geteuid() == 0:
            os.kill(pid, signal.SIGKILL)
            return "restarted by its policy"
        call("docker", "kill", name)
        call("docker", "start", name)
        return "started again"

    def until_healthy(self, seconds: float = 600) -> None:
        deadline = time.monotonic() + seconds
        for service in ("kafka", "postgres", *SERVICES, CONSOLE):
            while (state := self.container(service)["State"])["Status"] != "running" or state["Health"][
                "Status"
            ] != "healthy":
                assert time.monotonic() < deadline, f"{service} is not healthy: {state}"
                time.sleep(1)

    def cli_environment(self) -> dict[str, str]:
        """The environment of the `reliefstream` command, made as the README says: by reading cli.env."""
        text = call(
            "bash", "-c", 'set -a; . "$0"; env -0', str(SECRETS / "cli.env"), environment=self.environment
        )
        gateway = "{{(index .IPAM.Config 0).Gateway}}"
        host = call("docker", "network", "inspect", f"{self.project}_default", "--format", gateway).strip()
        given = dict(line.split("=", 1) for line in text.split("\0") if line)
        return given | {"RELIEFSTREAM_DEMO_WEBHOOK_HOST": host, "COLUMNS": "120"}
