"""TLS on every connection, as docker-compose.yml has it: a real broker, a Postgres, a service with HTTPS.

All certificates here are for 127.0.0.1 alone, so that ``localhost`` is another host. The wheel's Postgres is built
without TLS: what stands before it here speaks TLS as Postgres does, and so proves our clients.
"""

import asyncio
import os
import signal
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import sample
from threading import Thread

import asyncpg
import httpx
import pytest
from confluent_kafka import KafkaException
from pydantic import SecretStr

from deploy.compose.certificates import make_certificates
from deploy.kafka.admin import admin_client
from deploy.kafka.topic_map import topic_map
from deploy.kafka.topics import prepare_topics
from deploy.local.addresses import PORTS, is_free
from deploy.local.layout import Layout
from deploy.local.passwords import password
from deploy.local.servers import kafka, postgres
from deploy.local.servers.postgres_address import SUPERUSER, dsn
from deploy.local.servers.postgres_roles import make_groups
from deploy.local.servers.readiness import kafka_answers, postgres_answers, until
from deploy.local.servers.requirements import java
from deploy.local.testing import WITHOUT_POWER_CUTS
from services import counties
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.migrate import migrate
from services.chassis.settings.kafka_address import KafkaAddress
from services.cli.client.addresses import Addresses
from services.notification.app import build
from services.notification.settings import NotificationSettings
from tests.deploy.conftest import JARS
from tests.own_settings import OWN_SETTINGS

pytestmark = pytest.mark.servers
HOST = "127.0.0.1"
TLS_REQUEST = bytes.fromhex("00000008 04d2162f")


@dataclass(frozen=True)
class Encrypted:
    """Both servers; ``theirs`` is the certificate of an authority that signed nothing here."""

    kafka: KafkaAddress
    postgres: str
    certificates: Path
    theirs: Path
    port: int

    @property
    def ours(self) -> Path:
        return self.certificates / "ca.pem"

    def database(self, host: str = HOST, ca: Path | None = None) -> str:
        url = self.postgres.replace(f"@{HOST}:", f"@{host}:")
        return f"{url}?sslmode=verify-full&sslrootcert={ca or self.ours}"


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encrypted]:
    root = tmp_path_factory.mktemp("encrypted")
    layout, certificates, other = Layout(root / "local"), root / "certificates", root / "other"
    layout.make()
    certificates.mkdir()
    other.mkdir()
    make_certificates(
        certificates, dict.fromkeys(("kafka", "postgres", "service"), (HOST,)), datetime.now(UTC)
    )
    make_certificates(other, {}, datetime.now(UTC))
    kafka_port, controller, plain_port, postgres_port, http = [p for p in sample(PORTS, 200) if is_free(p)][
        :5
    ]
    secrets = {name: password(layout.secrets, name) for name in ("kafka-admin", "postgres-superuser")}
    found = Encrypted(
        KafkaAddress(f"{HOST}:{kafka_port}", kafka.ADMIN, secrets["kafka-admin"], certificates / "ca.pem"),
        dsn(postgres_port, SUPERUSER, secrets["postgres-superuser"], "postgres"),
        certificates,
        other / "ca.pem",
        http,
    )
    broker = kafka.prepare(
        layout,
        java(os.environ),
        JARS,
        port=kafka_port,
        controller_port=controller,
        password=secrets["kafka-admin"],
    )
    encrypt_kafka(layout, certificates)
    database = postgres.prepare(layout, plain_port, secrets["postgres-superuser"], WITHOUT_POWER_CUTS)
    with ExitStack() as stack:
        stack.enter_context(running(layout, "kafka", broker, layout.kafka, signal.SIGTERM))
        stack.enter_context(running(layout, "postgres", database, layout.postgres, signal.SIGINT))
        stack.enter_context(tls_before(postgres_port, plain_port, certificates))
        asyncio.run(both_answer(found))
        yield found


def encrypt_kafka(layout: Layout, certificates: Path) -> None:
    """As docker-compose.yml sets it."""
    store = layout.kafka / "tls"
    store.write_text(
        "".join((certificates / f"kafka-{part}.pem").read_text() for part in ("key", "certificate"))
    )
    file = layout.kafka / "server.properties"
    settings = dict(line.split("=", 1) for line in file.read_text().splitlines()) | {
        "listener.security.protocol.map": "BROKER:SASL_SSL,CONTROLLER:SASL_PLAINTEXT",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(store),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(certificates / "ca.pem"),
    }
    file.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))


@contextmanager
def tls_before(port: int, behind: int, certificates: Path) -> Iterator[None]:
    """Answers the request for TLS that begins a connection (PostgreSQL's manual, 54.2.10), and passes on the rest."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates / "postgres-certificate.pem", certificates / "postgres-key.pem")

    async def connected(client: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError):
            if await client.readexactly(8) == TLS_REQUEST:
                answer.write(b"S")
                await answer.start_tls(context)
                server, question = await asyncio.open_connection(HOST, behind)
                await asyncio.gather(pass_on(client, question), pass_on(server, answer))
        answer.close()

    loop = asyncio.new_event_loop()
    front = loop.run_until_complete(asyncio.start_server(connected, HOST, port))
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(front.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def pass_on(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    while said := await source.read(65_536):
        to.write(said)
        await to.drain()
    to.close()


@contextmanager
def running(layout: Layout, name: str, argv: list[str], folder: Path, stop: signal.Signals) -> Iterator[None]:
    with (
        layout.log(name).open("ab") as log,
        subprocess.Popen(argv, cwd=folder, stdout=log, stderr=log) as process,
    ):
        try:
            yield
        finally:
            process.send_signal(stop)


async def both_answer(found: Encrypted) -> None:
    async with asyncio.timeout(180):
        await until(lambda: postgres_answers(found.database()))
        await until(lambda: kafka_answers(found.kafka))


async def test_a_service_works_over_tls_and_shows_its_own_certificate(encrypted: Encrypted) -> None:
    await asyncio.to_thread(prepare_topics, encrypted.kafka, topic_map(), counties())
    superuser = await asyncpg.connect(encrypted.database())
    await make_groups(superuser)
    await superuser.close()
    await asyncio.to_thread(migrate, "notification", encrypted.database())
    service = build(
        NotificationSettings(
            kafka_bootstrap=encrypted.kafka.bootstrap,
            kafka_username=encrypted.kafka.username,
            kafka_password=SecretStr(encrypted.kafka.password or ""),
            ca_file=encrypted.ours,
            database_url=SecretStr(encrypted.database()),
            http_port=encrypted.port,
            http_certificate_file=encrypted.certificates / "service-certificate.pem",
            http_key_file=encrypted.certificates / "service-key.pem",
            operator_token=SecretStr("operator-word"),
            **OWN_SETTINGS["notification"],
        ),
        SystemClock(),
    )
    task = asyncio.create_task(service.run())
    try:
        async with asyncio.timeout(180):
            await until(lambda: over_https(f"https://{HOST}:{encrypted.port}", encrypted.ours))
        command = Addresses(
            encrypted.kafka,
            {"notification": f"https://{HOST}:{encrypted.port}"},
            "operator-word",
            {},
            ca_file=encrypted.ours,
        )
        answer = await asyncio.to_thread(lambda: command.client("notification").get("/v1/counts"))
        assert answer.is_success
        for host, ca in ((HOST, encrypted.theirs), ("localhost", encrypted.ours)):
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await asyncio.to_thread(
                    httpx.get,
                    f"https://{host}:{encrypted.port}/readyz",
                    verify=ssl.create_default_context(cafile=ca),
                    trust_env=False,
                )
        assert not await over_https(f"http://{HOST}:{encrypted.port}", encrypted.ours)
    finally:
        service.stop()
        await task


async def over_https(base: str, ca: Path) -> bool:
    context = ssl.create_default_context(cafile=ca)
    try:
        async with httpx.AsyncClient(verify=context, trust_env=False) as client:
            return (await client.get(f"{base}/readyz")).is_success
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("wrong", ["authority", "host", "no TLS", "password"])
async def test_a_client_of_kafka_refuses_another_certificate_and_kafka_another_client(
    encrypted: Encrypted, wrong: str
) -> None:
    right = encrypted.kafka
    address = {
        "authority": replace(right, ca_file=encrypted.theirs),
        "host": replace(right, bootstrap=right.bootstrap.replace(HOST, "localhost")),
        "no TLS": replace(right, ca_file=None),
        "password": replace(right, password="wrong"),
    }[wrong]
    assert not await kafka_answers(address)
    with pytest.raises(KafkaException), admin_client(address) as admin:
        admin.list_topics(timeout=2)


@pytest.mark.parametrize("wrong", ["authority", "host"])
async def test_a_client_of_postgres_refuses_another_certificate(encrypted: Encrypted, wrong: str) -> None:
    url = encrypted.database(ca=encrypted.theirs) if wrong == "authority" else encrypted.database("localhost")
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncpg.connect(url)
