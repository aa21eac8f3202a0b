"""What was deleted stands in Postgres' files until they are rewritten, and in none afterwards."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy.local.servers.postgres import create_databases
from deploy.local.servers.postgres_address import Passwords
from deploy.rewriting import CannotRewrite, Rewritten, rewrite, until
from tests.servers import Servers

GONE, STAYS = "ZZGONE PERSON", "ZZSTAYS PERSON"
IN_FILES = """SELECT coalesce(relname, path) FROM (
        SELECT relname, pg_relation_filepath(oid) AS path FROM pg_class WHERE pg_relation_filenode(oid) IS NOT NULL
            AND relkind IN ('r', 'i', 't') AND NOT relisshared
        UNION ALL SELECT NULL, 'pg_wal/' || name FROM pg_ls_waldir()) AS files
    WHERE position($1::text::bytea in pg_read_binary_file(path)) > 0 ORDER BY 1"""


@pytest.fixture
def database(servers: Servers) -> Iterator[str]:
    """A database with tables in which somebody stood, as its owner; nobody else has one of that name."""
    name = f"rewriting_{uuid.uuid4().hex[:8]}"
    asyncio.run(create_databases(servers.postgres_admin_dsn, {name: Passwords("owner", "service")}))
    address = urlsplit(servers.postgres_admin_dsn)
    place = f"{name}_owner:owner@{address.hostname}:{address.port}"
    url = address._replace(netloc=place, path=f"/{name}").geturl()
    asyncio.run(_filled(url))
    yield url

    async def dropped() -> None:
        admin = await asyncpg.connect(servers.postgres_admin_dsn)
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.execute(f"DROP ROLE {name}_owner, {name}")
        await admin.close()

    asyncio.run(dropped())


async def _filled(url: str) -> None:
    async with connected(url) as db:
        await db.execute(
            "CREATE TABLE person (name text, body text STORAGE EXTERNAL) WITH (autovacuum_enabled = off)"
        )
        await db.execute("CREATE TABLE emptied (name text) WITH (autovacuum_enabled = off)")
        await db.execute("CREATE INDEX person_by_name ON person (name)")
        await db.execute("CREATE INDEX emptied_by_name ON emptied (lower(name))")
        for name in (GONE, STAYS):
            await db.execute(
                "INSERT INTO person SELECT $1, repeat($1, 1000) FROM generate_series(1, 50)", name
            )
        await db.execute("INSERT INTO emptied SELECT $1 FROM generate_series(1, 50)", GONE)
        await db.execute("ANALYZE")
        await db.execute("DELETE FROM person WHERE name = $1", GONE)
        await db.execute("DELETE FROM emptied")
        await db.execute("CHECKPOINT")


@asynccontextmanager
async def connected(url: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    db = await asyncpg.connect(url)
    try:
        yield db
    finally:
        await db.close()


async def files_with(servers: Servers, url: str, text: str) -> set[str]:
    """The tables and indexes, and files of the write-ahead log, with the text in a file, read as the superuser."""
    async with connected(
        urlsplit(servers.postgres_admin_dsn)._replace(path=urlsplit(url).path).geturl()
    ) as db:
        return {row[0] for row in await db.fetch(IN_FILES, text)}


@pytest.mark.servers
async def test_rewriting_leaves_nothing_of_a_deleted_row_in_tables_indexes_large_values_statistics_and_log(
    servers: Servers, database: str
) -> None:
    before = await files_with(servers, database, GONE)
    assert {"person", "pg_statistic"} <= before, before
    assert any(name.startswith("pg_toast") for name in before)
    assert any(name.startswith("pg_wal/") for name in before)
    told: list[Rewritten] = []
    await rewrite({"one": database}, told.append)
    assert await files_with(servers, database, GONE) == set()
    assert {"person", "person_by_name", "pg_statistic"} <= await files_with(servers, database, STAYS)
    assert told[0].database == urlsplit(database).path[1:]
    assert told[0].after < told[0].before


@pytest.mark.servers
async def test_rewriting_waits_for_who_still_sees_the_deleted_rows(
    servers: Servers, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.rewriting.PAUSE_S", 0.0)
    async with connected(database) as reading:
        snapshot = reading.transaction(isolation="repeatable_read")
        await snapshot.start()
        await reading.fetchval("SELECT count(*) FROM pg_class")
        async with connected(database) as db:
            await db.execute("DELETE FROM person WHERE name = $1", STAYS)
        with pytest.raises(CannotRewrite, match="still sees deleted rows"):
            await rewrite({"one": database}, lambda _: None)
        await snapshot.rollback()
    await rewrite({"one": database}, lambda _: None)


@pytest.mark.servers
async def test_a_database_that_a_replay_has_replaced_is_dropped_and_one_in_the_making_is_named(
    servers: Servers, database: str
) -> None:
    owner = urlsplit(database).username
    beside = {f"{owner}_{name}": number for name, number in (("old", -8), ("next", 7))}
    async with connected(servers.postgres_admin_dsn) as admin:
        for name in beside:
            await admin.execute(f"CREATE DATABASE {name} OWNER {owner}")
    for name, number in beside.items():
        async with connected(urlsplit(database)._replace(path=f"/{name}").geturl()) as db:
            await db.execute(f"CREATE TABLE relay_numbering AS SELECT {number}::bigint AS last_batch")
    told: list[Rewritten] = []
    with pytest.raises(CannotRewrite, match=f"{owner}_next: of a replay that has not switched"):
        await rewrite({"one": database}, told.append)
    assert [(one.database, one.after == 0) for one in told[1:]] == [(f"{owner}_old", True)]
    async with connected(servers.postgres_admin_dsn) as admin:
        left = await admin.fetch("SELECT datname FROM pg_database WHERE datname = ANY ($1)", list(beside))
        await admin.execute(f"DROP DATABASE {owner}_next")
    assert [row["datname"] for row in left] == [f"{owner}_next"]


def test_the_next_time_is_today_or_tomorrow() -> None:
    assert until(time(3), datetime(2026, 11, 29, 1, 30, tzinfo=UTC)) == timedelta(hours=1, minutes=30)
    assert until(time(3), datetime(2026, 11, 29, 3, 0, tzinfo=UTC)) == timedelta(days=1)
    assert until(time(3), datetime(2026, 11, 29, 23, 0, tzinfo=UTC)) == timedelta(hours=4)
