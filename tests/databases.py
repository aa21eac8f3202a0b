"""Databases that live as long as a test or a session needs them, on whatever server the tests have."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from deploy.local.servers.postgres_roles import make_groups
from services.chassis.runtime.migrate import migrate
from tests.servers import Servers

TABLES = """
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY oid"""
EMPTY = """
    DO $$
    DECLARE
        of_database text;
    BEGIN
        PERFORM pg_terminate_backend(pid, 10000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend';
        SET LOCAL session_replication_role = replica; -- no trigger: rows of the audit log may be removed
        FOR of_database IN SELECT oid::regclass FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
            EXECUTE 'DELETE FROM ' || of_database;
        END LOOP;
        FOR of_database IN SELECT oid::regclass FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'as_migrated'::regnamespace LOOP
            EXECUTE format('INSERT INTO public.%s OVERRIDING SYSTEM VALUE TABLE %s',
                           split_part(of_database, '.', 2), of_database);
        END LOOP;
        FOR of_database IN SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences
            WHERE last_value IS NOT NULL LOOP
            EXECUTE 'ALTER SEQUENCE ' || of_database || ' RESTART';
        END LOOP;
    END $$"""
"""Removes every row but those that the migrations wrote, and ends what an earlier test left connected."""


@dataclass(frozen=True)
class TemporaryDatabase:
    """Its name, and the URL of its owner."""

    name: str
    url: str = field(repr=False)


@asynccontextmanager
async def temporary_database(servers: Servers, service: str) -> AsyncIterator[TemporaryDatabase]:
    """A database with the service's schema, dropped at the end."""
    name = f"{service}_{uuid.uuid4().hex[:12]}"
    url = urlunsplit(urlsplit(servers.postgres_admin_dsn)._replace(path=f"/{name}"))
    admin = await asyncpg.connect(servers.postgres_admin_dsn)
    try:
        await make_groups(admin)
        await admin.execute(f"CREATE DATABASE {name}")
        migrate(service, url)
        yield TemporaryDatabase(name, url)
    finally:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.close()


@dataclass(frozen=True)
class SessionDatabase:
    """A database of a session, which each test gets as the migrations left it."""

    database: TemporaryDatabase
    _connection: "asyncpg.Connection[asyncpg.Record]"

    async def emptied(self) -> TemporaryDatabase:
        """The database with the rows that the migrations wrote, and connected by nobody.

        A copy of a database costs half a second, most of it the checkpoint at its end; this a few milliseconds.
        """
        await self._connection.execute(EMPTY)
        return self.database


@asynccontextmanager
async def session_database(servers: Servers, service: str) -> AsyncIterator[SessionDatabase]:
    """A database with the service's schema, dropped at the end."""
    async with temporary_database(servers, service) as made:
        connection = await asyncpg.connect(made.url)
        try:
            await connection.execute("CREATE SCHEMA as_migrated")
            for table in await connection.fetch(TABLES):
                name = table["name"]
                if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {name})"):
                    await connection.execute(f"CREATE TABLE as_migrated.{name} AS TABLE {name}")
            yield SessionDatabase(made, connection)
        finally:
            await connection.close()
