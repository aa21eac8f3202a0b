"""A database with the chassis' tables, topics, and a way to write and read them."""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pydantic import SecretStr

from deploy.local.servers.postgres_roles import make_groups
from services.chassis.settings.kafka_address import KafkaAddress
from services.chassis.settings.service_settings import ServiceSettings
from tests.chassis.toy_service import Number
from tests.servers import Servers

HEADERS = [("ce_type", Number.TYPE.encode()), ("ce_source", b"/reliefstream/toys")]
MIGRATIONS = sorted((Path(__file__).parents[2] / "services/chassis/migrations").glob("*.sql"))


@dataclass(frozen=True)
class Toy:
    """One toy service's surroundings."""

    servers: Servers
    kafka: dict[str, Any]
    url: str
    topic_in: str
    topic_out: str

    def settings(self, **given: Any) -> ServiceSettings:
        return ServiceSettings(
            **given,
            kafka_bootstrap=self.servers.kafka_bootstrap,
            kafka_username=self.servers.kafka_username,
            kafka_password=SecretStr(self.servers.kafka_password or ""),
            database_url=SecretStr(self.url),
        )

    async def send(
        self,
        values: Sequence[bytes | int],
        headers: list[tuple[str, bytes]] | None = None,
        partition: int | None = None,
    ) -> None:
        """Numbers as events; bytes as they are."""
        producer = AIOKafkaProducer(**self.kafka)
        await producer.start()
        for n, value in enumerate(values):
            body = value if isinstance(value, bytes) else Number(value=value, to="").to_json()
            given = HEADERS if headers is None else headers
            await producer.send(self.topic_in, body, str(n).encode(), partition, headers=given)
        await producer.stop()

    async def published(self, count: int, seconds: float = 180) -> list[int]:
        """What stands on the outgoing topic for a read_committed reader, once at least so many stand there."""
        consumer = AIOKafkaConsumer(
            **self.kafka, isolation_level="read_committed", auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            consumer.assign([TopicPartition(self.topic_out, p) for p in range(2)])
            values: list[int] = []
            quiet, deadline = 0, asyncio.get_running_loop().time() + seconds
            while (len(values) < count or quiet < 3) and asyncio.get_running_loop().time() < deadline:
                records = await consumer.getmany(timeout_ms=200)
                quiet = 0 if records else quiet + 1
                values += [Number.from_json(r.value or b"").value for rs in records.values() for r in rs]
            return values
        finally:
            await consumer.stop()

    async def fetch(self, query: str) -> list[Any]:
        connection = await asyncpg.connect(self.url)
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()

    async def process(self, instance: str = "0") -> asyncio.subprocess.Process:
        """The toy service as a process of its own."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.chassis.toy_service",
            self.servers.kafka_bootstrap,
            self.servers.kafka_username or "",
            self.servers.kafka_password or "",
            self.url,
            self.topic_in,
            self.topic_out,
            instance,
            cwd=Path(__file__).parents[2],
            stdout=asyncio.subprocess.DEVNULL,
        )


@pytest_asyncio.fixture
async def toy(servers: Servers) -> AsyncIterator[Toy]:
    name = f"toy_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(servers.postgres_admin_dsn)
    await make_groups(admin)
    await admin.execute(f"CREATE DATABASE {name}")
    await admin.close()
    url = urlunsplit(urlsplit(servers.postgres_admin_dsn)._replace(path=f"/{name}"))
    connection = await asyncpg.connect(url)
    for migration in MIGRATIONS:
        await connection.execute(migration.read_text().split("-- migrate:down")[0])
    await connection.execute("CREATE TABLE seen (value bigint)")
    await connection.close()
    kafka = KafkaAddress(
        servers.kafka_bootstrap, servers.kafka_username, servers.kafka_password
    ).client_options()
    client = AIOKafkaAdminClient(**kafka)
    await client.start()
    topics = [NewTopic(f"{name}-in", 2, 1), NewTopic(f"{name}-out", 2, 1)]
    positions = f"relay-positions-v1-{name}-in"
    topics.append(NewTopic(positions, 1, 1, topic_configs={"cleanup.policy": "compact"}))
    await client.create_topics(topics)
    await client.close()
    yield Toy(servers, kafka, url, f"{name}-in", f"{name}-out")
    admin = await asyncpg.connect(servers.postgres_admin_dsn)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()
