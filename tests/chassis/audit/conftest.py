"""An audit log in a database of its own, with a superuser's connections."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from reliefstream_contracts.audit import AuditHeadSigned
from services.chassis.audit import log
from services.chassis.audit.chain import Entry
from services.chassis.audit.heads import publish_head
from services.chassis.audit.log import Row
from services.chassis.audit.verification import Read
from services.chassis.runtime.unit_of_work import Work
from tests.databases import temporary_database
from tests.servers import Servers

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, UTC)
KEY = "0b" * 32


class Log:
    """Work on one audit log; each method is a transaction, or several."""

    def __init__(self, url: str) -> None:
        self._url = url

    @asynccontextmanager
    async def transaction(self, at: datetime = NOW) -> AsyncIterator[Work]:
        db = await asyncpg.connect(self._url)
        try:
            async with db.transaction():
                yield Work(db, at)
        finally:
            await db.close()

    async def linked(self) -> list[Row]:
        """All rows, once what is committed is linked."""
        async with self.transaction(NOW + timedelta(seconds=1)) as work:
            await log.chain(work)
        return await self.rows()

    async def rows(self) -> list[Row]:
        async with self.transaction() as work:
            return await log.page(
                work.db, after=0, limit=100, who=None, act=None, of=None, since=None, until=None
            )

    async def published_head(self, at: datetime = NOW) -> list[AuditHeadSigned]:
        """What the job that publishes the head emits at this time."""
        async with self.transaction(at) as work:
            await publish_head("toy", KEY)(work)
        return [event for event, *_ in work.emitted if isinstance(event, AuditHeadSigned)]

    async def tamper(self, statement: str) -> None:
        """What somebody with a superuser's connection does."""
        async with self.transaction() as work:
            await work.db.execute(statement)


def entry(row: Row) -> Entry:
    return Entry(**row.model_dump(exclude={"why", "salt"}))


def as_read(row: Row) -> Read:
    return Read(entry(row), row.why, row.salt)


@pytest.fixture(scope="module")
def log_url(servers: Servers) -> Iterator[str]:
    with asyncio.Runner() as runner:
        made = temporary_database(servers, "relief")
        yield runner.run(made.__aenter__()).url
        runner.run(made.__aexit__(None, None, None))


@pytest.fixture
def audit(log_url: str) -> Log:
    async def emptied() -> None:
        db = await asyncpg.connect(log_url)
        await db.execute("TRUNCATE audit_log, audit_texts, audit_heads RESTART IDENTITY")
        await db.close()

    asyncio.run(emptied())
    return Log(log_url)
