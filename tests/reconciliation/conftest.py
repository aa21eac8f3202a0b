"""Reconciliation's own database on a real Postgres."""

from collections.abc import AsyncIterator

import pytest

from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from tests.databases import temporary_database
from tests.servers import Servers


@pytest.fixture(scope="session")
async def fresh_database(servers: Servers) -> AsyncIterator[Database]:
    """A database of this session, with the service's schema."""
    async with temporary_database(servers, "reconciliation") as made:
        database = Database(made.url, "reconciliation", SystemClock())
        await database.open()
        yield database
        await database.close()


@pytest.fixture
async def database(fresh_database: Database) -> Database:
    """That database, emptied."""
    async with fresh_database.pool.acquire() as db:
        await db.execute(
            """TRUNCATE records, oversized_keys, key_locks, record_identifiers, subjects, discrepancies, relief_clocks,
                        link_decisions, statements, named_records, referrals, referral_lines, relief_stages,
                        discrepancy_acts, forgetting, erased_sheets,
                        erased_numbers, outbox"""
        )
    return fresh_database
