"""A real Kafka and a real Postgres, copied for each run from folders that were made ready once."""

import asyncio
import os
import shutil
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from deploy.local.addresses import CONTROLLER, KAFKA, POSTGRES, Addresses
from deploy.local.layout import Layout
from deploy.local.passwords import password
from deploy.local.servers import kafka, postgres
from deploy.local.servers.readiness import kafka_answers, postgres_answers, until
from deploy.local.servers.requirements import java
from deploy.local.testing import WITHOUT_POWER_CUTS
from services.chassis.settings.kafka_address import MECHANISM
from tests.harness.faults.patience import STILL_S
from tests.harness.faults.zygote import die_with_parent

# A killed broker may register again after its session; few partitions of its own topics start quickly.
KAFKA_SETTINGS = {
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
    "group.min.session.timeout.ms": "1000",
    "offsets.topic.num.partitions": "2",
    "transaction.state.log.num.partitions": "2",
    "num.network.threads": "1",
    "num.io.threads": "4",
    "log.cleaner.dedupe.buffer.size": "2097152",
}
POSTGRES_SETTINGS = (
    "-c", "max_connections=120", "-c", "shared_buffers=32MB", "-c", "min_wal_size=32MB", "-c", "max_wal_size=64MB",
)  # fmt: skip


class Server:
    """One server process with its children; started again when it ends by itself."""

    def __init__(self, argv: list[str], cwd: Path, log: Path) -> None:
        self._argv, self._cwd, self._log = argv, cwd, log
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._may_run = asyncio.Event()
        self.starts = 0

    def start(self) -> None:
        self._may_run.set()
        self._keeping = self._keeping or asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        while True:
            await self._may_run.wait()
            with self._log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *self._argv, cwd=self._cwd, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                    env={"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"},
                    start_new_session=True, preexec_fn=die_with_parent,
                )  # fmt: skip
            self.starts += 1
            await self._process.wait()
            await asyncio.sleep(0.2)

    def send(self, number: signal.Signals) -> None:
        """To the process and all its children; a killed one stays down until ``start``."""
        if number == signal.SIGKILL:
            self._may_run.clear()
        if self._process is None or self._process.returncode is not None:
            return
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self._process.pid)
            for each in (process, *process.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    each.send_signal(number)

    async def stop(self, number: signal.Signals = signal.SIGKILL) -> None:
        """For good; returns when it has ended."""
        if self._keeping is not None:
            self._may_run.clear()
            if self._process is not None and self._process.returncode is None:
                self.send(signal.SIGCONT)
                if number == signal.SIGKILL:
                    self.send(number)
                else:
                    self._process.send_signal(number)
                await self._process.wait()
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)


def kafka_server(
    layout: Layout, jars: Path, ports: Mapping[str, int], listeners: Mapping[str, tuple[int, int]]
) -> Server:
    """A broker with a listener for each proxied client: ``listeners`` are name → (port, port of its proxy)."""
    argv = kafka.prepare(
        layout, java(os.environ), jars, port=ports[KAFKA], controller_port=ports[CONTROLLER],
        password=password(layout.secrets, f"kafka-{kafka.ADMIN}"),
    )  # fmt: skip
    file = layout.kafka / "server.properties"
    settings = dict(line.split("=", 1) for line in file.read_text().splitlines()) | KAFKA_SETTINGS
    for name, (own, proxy) in listeners.items():
        listener = name.replace("-", "").upper()
        settings["listeners"] += f",{listener}://127.0.0.1:{own}"
        settings["advertised.listeners"] += f",{listener}://127.0.0.1:{proxy}"
        settings["listener.security.protocol.map"] += f",{listener}:SASL_PLAINTEXT"
        jaas = f"listener.name.{listener.lower()}.{MECHANISM.lower()}.sasl.jaas.config"
        settings[jaas] = f"{kafka.SCRAM} required;"
    file.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
    return Server(argv, layout.kafka, layout.log(KAFKA))


def postgres_server(layout: Layout, ports: Mapping[str, int]) -> Server:
    argv = postgres.prepare(
        layout, ports[POSTGRES], password(layout.secrets, "postgres-superuser"), WITHOUT_POWER_CUTS
    )
    if argv[0] == "setpriv":  # a change of account forgets the signal of the parent's death
        argv[1:1] = ["--pdeathsig", "KILL"]
    return Server([*argv, *POSTGRES_SETTINGS], layout.postgres, layout.log(POSTGRES))


async def answering(given: Addresses) -> None:
    """Returns when both answer. Raises TimeoutError."""
    async with asyncio.timeout(STILL_S):
        await until(lambda: postgres_answers(given.postgres_admin_dsn), 0.05)
    async with asyncio.timeout(STILL_S):
        await until(lambda: kafka_answers(given.kafka), 0.05)


def copy(template: Path, folder: Path) -> None:
    """A data folder as another was when its server had stopped; owners and holes are kept."""
    shutil.rmtree(folder, ignore_errors=True)
    os.spawnlp(os.P_WAIT, "cp", "cp", "-a", "--sparse=always", str(template), str(folder))
