"""Reconciliation's own database on a real Postgres."""

import secrets
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from services.chassis.clock import SystemClock
from services.chassis.database import Database
from services.chassis.migrate import migrate
from tests.servers import Servers


@pytest.fixture(scope="session")
async def fresh_database(servers: Servers) -> AsyncIterator[Database]:
    """A database of this session, with the service's schema."""
    name = f"reconciliation_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(servers.postgres_admin_dsn)
    await admin.execute(f'CREATE DATABASE "{name}"')
    url = urlunsplit(urlsplit(servers.postgres_admin_dsn)._replace(path=f"/{name}"))
    migrate("reconciliation", url)
    database = Database(url, "reconciliation", SystemClock())
    await database.open()
    try:
        yield database
    finally:
        await database.close()
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.close()


@pytest.fixture
async def database(fresh_database: Database) -> Database:
    """That database, emptied."""
    async with fresh_database.pool.acquire() as db:
        await db.execute("TRUNCATE records, identifiers, record_identifiers, subjects, discrepancies, outbox")
    return fresh_database
