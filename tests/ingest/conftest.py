"""A database of ingest's own for each test, and a fixed clock."""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest_asyncio

from services.chassis.database import Database
from services.chassis.migrate import migrate
from tests.servers import Servers


class FixedClock:
    """Noon of one day."""

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 20, tzinfo=UTC)

    def today(self, timezone: str = "America/Los_Angeles") -> date:
        return date(2026, 11, 22)


@pytest_asyncio.fixture(scope="session")
async def migrated(servers: Servers) -> AsyncIterator[str]:
    """A database with all tables, to copy."""
    template = f"ingest_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(servers.postgres_admin_dsn)
    await admin.execute(f"CREATE DATABASE {template}")
    migrate("ingest", _url(servers, template))
    yield template
    await admin.execute(f"DROP DATABASE {template} WITH (FORCE)")
    await admin.close()


@pytest_asyncio.fixture
async def database_url(servers: Servers, migrated: str) -> AsyncIterator[str]:
    name = f"{migrated}_{uuid.uuid4().hex[:8]}"
    admin = await asyncpg.connect(servers.postgres_admin_dsn)
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {migrated}")
    yield _url(servers, name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, "ingest", FixedClock())
    await opened.open()
    yield opened
    await opened.close()


def _url(servers: Servers, name: str) -> str:
    return urlunsplit(urlsplit(servers.postgres_admin_dsn)._replace(path=f"/{name}"))
