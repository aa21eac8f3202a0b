"""A database of notification's own for each test, and a clock that the test turns."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.chassis.runtime.database import Database
from tests.databases import TemporaryDatabase, temporary_database
from tests.notification.builders import TurnedClock
from tests.servers import Servers


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest_asyncio.fixture(scope="session")
async def migrated(servers: Servers) -> AsyncIterator[TemporaryDatabase]:
    """A database with all tables, to copy."""
    async with temporary_database(servers, "notification") as template:
        yield template


@pytest_asyncio.fixture
async def database_url(servers: Servers, migrated: TemporaryDatabase) -> AsyncIterator[str]:
    async with temporary_database(servers, "notification", migrated) as made:
        yield made.url


@pytest_asyncio.fixture
async def database(database_url: str, clock: TurnedClock) -> AsyncIterator[Database]:
    opened = Database(database_url, "notification", clock)
    await opened.open()
    yield opened
    await opened.close()
