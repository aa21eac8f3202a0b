"""Eligibility's own database on a real Postgres."""

from collections.abc import AsyncIterator

import pytest

from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from tests.databases import temporary_database
from tests.servers import Servers


@pytest.fixture(scope="session")
async def eligibility_database(servers: Servers) -> AsyncIterator[Database]:
    """A database of this session, with the service's schema."""
    async with temporary_database(servers, "eligibility") as made:
        database = Database(made.url, "eligibility", SystemClock())
        await database.open()
        yield database
        await database.close()


@pytest.fixture
async def database(eligibility_database: Database) -> Database:
    """That database, emptied."""
    async with eligibility_database.pool.acquire() as db:
        await db.execute(
            """TRUNCATE subjects, in_force, forgetting, sealed_determinations, persons_counted, erased_numbers, outbox,
                        audit_log, audit_texts, audit_heads"""
        )
    return eligibility_database
