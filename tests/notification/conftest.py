"""A database of notification's own for each test, and a clock that the test turns."""

import uuid
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import pytest_asyncio

from services.chassis.database import Database
from services.chassis.migrate import migrate
from tests.notification.builders import TurnedClock
from tests.servers import Servers


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest_asyncio.fixture(scope="session")
async def migrated(servers: Servers) -> AsyncIterator[str]:
    """A database with all tables, to copy."""
    template = f"notification_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(servers.postgres_admin_dsn)
    await admin.execute(f"CREATE DATABASE {template}")
    migrate("notification", _url(servers, template))
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
async def database(database_url: str, clock: TurnedClock) -> AsyncIterator[Database]:
    opened = Database(database_url, "notification", clock)
    await opened.open()
    yield opened
    await opened.close()


def _url(servers: Servers, name: str) -> str:
    return urlunsplit(urlsplit(servers.postgres_admin_dsn)._replace(path=f"/{name}"))
