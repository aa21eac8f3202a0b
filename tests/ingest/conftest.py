"""A database of ingest's own for each test, and a fixed clock."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest_asyncio

from services.chassis.runtime.database import Database
from tests.databases import SessionDatabase, session_database
from tests.servers import Servers


class FixedClock:
    """Noon of one day."""

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 20, tzinfo=UTC)

    def today(self, timezone: str = "America/Los_Angeles") -> date:
        return date(2026, 11, 22)


@pytest_asyncio.fixture(scope="session")
async def migrated(servers: Servers) -> AsyncIterator[SessionDatabase]:
    async with session_database(servers, "ingest") as made:
        yield made


@pytest_asyncio.fixture
async def database_url(migrated: SessionDatabase) -> str:
    """Of a database with all tables, and nothing in them."""
    return (await migrated.emptied()).url


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, "ingest", FixedClock())
    await opened.open()
    yield opened
    await opened.close()
