"""Tables of an old and a new database, copied and compared."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from services.chassis.rebuild.tables import Compared, Difference, compare, copy_tables
from tests.databases import temporary_database
from tests.servers import Servers

pytestmark = pytest.mark.servers
SCHEMA = """
    CREATE TABLE owners (id int PRIMARY KEY, name text, loud text GENERATED ALWAYS AS (upper(name)) STORED);
    CREATE TABLE things (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner int REFERENCES owners, what text)
"""
Both = tuple["asyncpg.Connection[Any]", "asyncpg.Connection[Any]"]


@pytest_asyncio.fixture
async def both(servers: Servers) -> AsyncIterator[Both]:
    """An old and a new database, each in a transaction."""
    async with AsyncExitStack() as stack:
        connections = []
        for _ in range(2):
            made = await stack.enter_async_context(temporary_database(servers, "eligibility"))
            db = await asyncpg.connect(made.url)
            stack.push_async_callback(db.close)
            await db.execute(SCHEMA)
            await stack.enter_async_context(db.transaction())
            connections.append(db)
        yield connections[0], connections[1]


async def test_a_copy_is_whole_in_place_of_what_was_there_and_numbers_go_on(both: Both) -> None:
    old, new = both
    await old.execute("INSERT INTO owners (id, name) VALUES (1, 'a'), (2, NULL)")
    await old.execute("INSERT INTO things (owner, what) VALUES (1, 'x'), (2, 'y')")
    await new.execute("INSERT INTO owners (id, name) VALUES (9, 'gone')")
    for _ in range(2):
        await copy_tables(old, new, ["owners", "things"])
    for table in ("owners", "things"):
        assert await new.fetch(f"SELECT * FROM {table} ORDER BY id") == await old.fetch(
            f"SELECT * FROM {table} ORDER BY id"
        )
    assert await new.fetchval("INSERT INTO things (owner) VALUES (1) RETURNING id") == 3


async def test_each_row_is_equal_differing_missing_or_additional(both: Both) -> None:
    old, new = both
    await old.execute("INSERT INTO owners (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (10, NULL)")
    await new.execute("INSERT INTO owners (id, name) VALUES (1, 'a'), (3, 'other'), (4, 'd'), (10, NULL)")
    found = await compare(old, new, "owners", Compared("id::text", "name"))
    assert found == Difference(2, ["3"], ["2"], ["4"])
    assert found.keys() == {"2", "3", "4"}


@pytest.mark.parametrize("given", ["old", "new"])
async def test_a_table_that_is_empty_on_one_side_differs_whole(both: Both, given: str) -> None:
    await both[given == "new"].execute("INSERT INTO owners (id) SELECT generate_series(1, 3)")
    found = await compare(*both, "owners", Compared("id::text", "name"))
    assert (len(found.missing), len(found.additional)) == ((3, 0) if given == "old" else (0, 3))
