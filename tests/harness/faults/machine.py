"""One machine for one run: servers, two replicas of each service, and a proxy on each way between them."""

import asyncio
import os
import random
import shutil
import signal
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit, urlunsplit

from deploy.kafka.access import grant, rules
from deploy.kafka.credentials import set_passwords
from deploy.kafka.topic_map import topic_map
from deploy.kafka.topics import prepare_topics
from deploy.local.addresses import CONTROLLER, KAFKA, PORTS, POSTGRES, addresses, database_passwords, is_free
from deploy.local.layout import Layout
from deploy.local.passwords import county_tokens, integrator_tokens, password
from deploy.local.plan import Plan, base_environment, service_environment
from deploy.local.servers import postgres
from deploy.local.servers.readiness import http_answers, until
from deploy.local.servers.requirements import ServerMissingError
from services import SERVICES
from services.chassis.runtime.migrate import migrate
from tests.harness.faults import deciding, workload
from tests.harness.faults.disk import Disk
from tests.harness.faults.fleet import Fleet, Zygote
from tests.harness.faults.patience import STILL_S
from tests.harness.faults.proxy import Proxy
from tests.harness.faults.schedule import COUNTY, REPLICAS
from tests.harness.faults.servers import Server, answering, copy, kafka_server, postgres_server

SESSION_S = 3.0
POSTGRES_MB = 320


class Template:
    """Folders of both servers with topics and migrated databases; ports and passwords for all runs."""

    def __init__(self, root: Path, jars: Path, plan: Plan) -> None:
        self.root, self.jars, self.plan = root, jars, plan
        wanted = [KAFKA, CONTROLLER, POSTGRES, "receiver", *SERVICES]
        wanted += [
            f"{side} {name}" for name in (*REPLICAS, COUNTY) for side in ("own", "kafka", "postgres", "http")
        ]
        free = (port for port in random.sample(PORTS, len(PORTS)) if is_free(port))
        self.ports = dict(zip(wanted, free, strict=False))
        for service in SERVICES:
            self.ports[service] = self.ports[f"http {service}-0"]
        self.layout = Layout(root / "template")
        self.layout.make()
        county_tokens(self.layout.secrets, plan.counties)
        integrator_tokens(self.layout.secrets, plan.integrators)
        self.grants = self.layout.secrets / "grants.yaml"
        self.accounts = deciding.accounts(self.grants, workload.DESCRIPTIONS, workload.COUNTIES)
        self.given = addresses(
            self.layout, {n: self.ports[n] for n in (KAFKA, CONTROLLER, POSTGRES, *SERVICES)}
        )

    async def make(self) -> None:
        """Starts both servers once, makes what `reliefstream prepare` makes, and stops them."""
        broker, database = self.servers(self.layout)
        try:
            broker.start()
            database.start()
            try:
                await answering(self.given)
            except TimeoutError:
                said = "".join(file.read_text()[-500:] for file in self.layout.logs.glob("*.log"))
                raise ServerMissingError(f"Postgres and Kafka did not both answer:\n{said}") from None
            secrets = database_passwords(self.layout.secrets, SERVICES)
            await postgres.create_databases(self.given.postgres_admin_dsn, secrets)
            await asyncio.to_thread(prepare_topics, self.given.kafka, topic_map(), self.plan.counties)
            users = rules(topic_map(), self.plan.counties, self.plan.integrators)
            passwords = {user: password(self.layout.secrets, f"kafka-{user}") for user in users}
            await asyncio.to_thread(set_passwords, self.given.kafka, passwords)
            await asyncio.to_thread(
                grant, self.given.kafka, topic_map(), self.plan.counties, self.plan.integrators
            )
            for service, url in self.given.owner_urls.items():
                await asyncio.to_thread(migrate, service, url)
        finally:
            await database.stop(signal.SIGINT)
            await broker.stop(signal.SIGTERM)

    def servers(self, layout: Layout) -> tuple[Server, Server]:
        listeners = {n: (self.ports[f"own {n}"], self.ports[f"kafka {n}"]) for n in (*REPLICAS, COUNTY)}
        broker = kafka_server(layout, self.jars, self.ports, listeners)
        return broker, postgres_server(layout, self.ports)

    def environment(self, name: str) -> dict[str, str]:
        """The settings of a replica: it reaches both servers through proxies of its own."""
        service = name.rpartition("-")[0]
        url = urlsplit(self.given.database_urls[service])
        proxied = url._replace(
            netloc=f"{url.username}:{url.password}@127.0.0.1:{self.ports[f'postgres {name}']}"
        )
        return {
            **service_environment(self.layout, self.plan, self.given, service),
            "RELIEFSTREAM_KAFKA_BOOTSTRAP": f"127.0.0.1:{self.ports[f'kafka {name}']}",
            "RELIEFSTREAM_DATABASE_URL": urlunsplit(proxied),
            "RELIEFSTREAM_HTTP_PORT": str(self.ports[f"http {name}"]),
            "RELIEFSTREAM_INSTANCE": name,
            "RELIEFSTREAM_SESSION_SECONDS": str(SESSION_S),
            "RELIEFSTREAM_STALL_SECONDS": "15",
            "RELIEFSTREAM_GRANTS_FILE": os.fspath(self.grants),
        }


class Machine:
    """Runs while the block lasts; all of it is up and ready when the block begins."""

    def __init__(self, template: Template, zygote: Zygote, folder: Path) -> None:
        self._template, self.folder, self.given = template, folder, template.given
        self.accounts = template.accounts
        self.layout = Layout(folder)
        self.layout.make()
        self.disk: Disk | None = None
        with suppress(OSError):
            self.disk = Disk(self.layout.postgres, POSTGRES_MB)
        copy(template.layout.kafka / "data", self.layout.kafka / "data")
        copy(template.layout.postgres / "data", self.layout.postgres / "data")
        shutil.copytree(template.layout.secrets, self.layout.secrets, dirs_exist_ok=True)
        self.kafka, self.postgres = template.servers(self.layout)
        ports = template.ports
        self.to_kafka = {n: Proxy(ports[f"kafka {n}"], ports[f"own {n}"]) for n in (*REPLICAS, COUNTY)}
        self.to_postgres = {n: Proxy(ports[f"postgres {n}"], ports[POSTGRES]) for n in REPLICAS}
        self.urls = {n: f"http://127.0.0.1:{ports[f'http {n}']}" for n in REPLICAS}
        self.fleet = Fleet(zygote, {n: template.environment(n) for n in REPLICAS}, self.layout.logs)

    async def __aenter__(self) -> "Machine":
        for proxy in self.proxies():
            await proxy.start()
        self.kafka.start()
        self.postgres.start()
        await answering(self.given)
        for name in REPLICAS:
            self.fleet.start(name)
        await self.ready()
        return self

    def proxies(self) -> list[Proxy]:
        return [*self.to_kafka.values(), *self.to_postgres.values()]

    async def ready(self) -> None:
        """Returns when each replica answers. Raises TimeoutError where one does not, long after the one before."""
        for url in self.urls.values():
            async with asyncio.timeout(STILL_S):
                await until(lambda url=url: http_answers(url), 0.05)  # type: ignore[misc]

    async def heal(self) -> None:
        """Ends every fault; returns when all is up again. Raises TimeoutError."""
        if self.disk is not None:
            self.disk.free()
        for server in (self.kafka, self.postgres):
            server.send(signal.SIGCONT)
            server.start()
        for proxy in self.proxies():
            proxy.delay_s, proxy.refusing = 0.0, False
            proxy.let_go()
        for name in REPLICAS:
            self.fleet.set_clock(name, 0.0)
            self.fleet.send(name, signal.SIGCONT)
            self.fleet.start(name)
        await answering(self.given)
        await self.ready()

    def county_bootstrap(self) -> str:
        """Kafka as the sending side reaches it."""
        return f"127.0.0.1:{self._template.ports[f'kafka {COUNTY}']}"

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.fleet.stop()
        await asyncio.gather(*(proxy.stop() for proxy in self.proxies()))
        await asyncio.gather(self.kafka.stop(), self.postgres.stop())
        if self.disk is not None:
            self.disk.release()


def clean_environment() -> dict[str, str]:
    return base_environment(os.environ)
