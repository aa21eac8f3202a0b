"""What the role that runs a service may do in Postgres, and what only the owner of the database may."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg
import pytest

from deploy.local.servers.postgres import create_databases
from deploy.local.servers.postgres_address import Passwords
from services.chassis.audit import log
from services.chassis.audit.act import Act, audited
from services.chassis.outbox import outbox
from services.chassis.runtime.migrate import migrate
from services.chassis.runtime.unit_of_work import Work
from tests.servers import Servers

pytestmark = pytest.mark.servers
SECRETS = Passwords("the owner's '%s' \\", "the service's")


@dataclass(frozen=True)
class Roles:
    """Two services of names that nobody else has; the first one's database has relief's schema."""

    servers: Servers
    one: str
    other: str

    def url(self, role: str, password: str, database: str) -> str:
        address = urlsplit(self.servers.postgres_admin_dsn)
        return address._replace(
            netloc=f"{role}:{quote(password)}@{address.hostname}:{address.port}", path=f"/{database}"
        ).geturl()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["asyncpg.Connection[Any]"]:
        """A connection of the role that runs the first service."""
        db = await asyncpg.connect(self.url(self.one, SECRETS.service, self.one))
        try:
            yield db
        finally:
            await db.close()


@pytest.fixture(scope="module")
def roles(servers: Servers) -> Iterator[Roles]:
    made = Roles(servers, *(f"{kind}_{uuid.uuid4().hex[:8]}" for kind in ("one", "other")))
    names = (made.one, made.other)
    asyncio.run(create_databases(servers.postgres_admin_dsn, dict.fromkeys(names, SECRETS)))
    plain = Passwords("owner", "the service's")
    asyncio.run(create_databases(servers.postgres_admin_dsn, dict.fromkeys(names, plain)))
    migrate("relief", made.url(f"{made.one}_owner", "owner", made.one) + "?sslmode=disable")
    yield made

    async def dropped() -> None:
        admin = await asyncpg.connect(servers.postgres_admin_dsn)
        for name in names:
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
            await admin.execute(f"DROP ROLE {name}")
            await admin.execute(f"DROP ROLE {name}_owner")
        await admin.close()

    asyncio.run(dropped())


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (one text)",
        "CREATE TEMP TABLE more (one text)",
        "ALTER TABLE reliefs ADD COLUMN more text",
        "DROP TABLE reliefs",
        "TRUNCATE reliefs",
        "CREATE ROLE more",
        "CREATE DATABASE more",
        "ALTER DATABASE {} SET work_mem = '1GB'",
        "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE reliefs DISABLE ROW LEVEL SECURITY",
        "DROP POLICY reader ON reliefs",
        "CALL protect('subjects', 'NULL::text', other_rows => 'true')",
    ],
)
async def test_the_role_that_runs_a_service_changes_no_schema(roles: Roles, statement: str) -> None:
    async with roles.running() as db:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute(statement.format(roles.one))


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY audit_texts FROM '/etc/hostname'",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT pg_ls_dir('.')",
        "SELECT lo_import('/etc/hostname')",
        "SELECT rolpassword FROM pg_authid",
        "ALTER SYSTEM SET log_statement = 'all'",
        "ALTER ROLE postgres PASSWORD 'mine'",
    ],
)
async def test_it_reads_no_file_runs_no_program_and_learns_no_password(roles: Roles, statement: str) -> None:
    async with roles.running() as db:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET who = 'another'",
        "DELETE FROM audit_log",
        "UPDATE audit_texts SET text = 'another'",
        "UPDATE audit_heads SET sequence = 7",
        "DELETE FROM audit_heads",
        "TRUNCATE audit_log CASCADE",
        "INSERT INTO audit_log (at, who, role, act, object, outcome, sequence, chained_at, hash) "
        "VALUES (now(), 'a', 'clerk', 'b', 'c', 'done', 1, now(), 'x')",
    ],
)
async def test_it_alters_and_removes_nothing_of_the_audit_log(roles: Roles, statement: str) -> None:
    async with roles.running() as db:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute(statement)


async def test_it_does_the_work_of_a_service(roles: Roles) -> None:
    async with roles.running() as db, db.transaction():
        work = Work(db, datetime(2026, 3, 1, tzinfo=UTC))
        await audited(
            work, Act("account-1", "clerk", "enter_standing_order", "standing-order/1", why="signed")
        )
        await log.chain(work)
        assert await db.fetchval("SELECT max(sequence) FROM audit_log") == 1
        await db.execute("DELETE FROM audit_texts")
        work.erase("topic", "key")
        await outbox.write(work, "one")
        assert await outbox.next_batch(db, 0) is not None


async def test_it_enters_no_other_database_and_has_no_other_role(roles: Roles) -> None:
    for database in (roles.other, "postgres", "template1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(roles.url(roles.one, SECRETS.service, database))
    async with roles.running() as db:
        for role in (f"{roles.one}_owner", roles.other, "postgres"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute(f"SET ROLE {role}")


async def test_its_statements_and_its_waiting_end(roles: Roles) -> None:
    async with roles.running() as db:
        limits = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        assert [await db.fetchval(f"SHOW {name}") for name in limits] == ["2min", "1min", "2min"]
