"""Each change of the file of grants stands once in a service's audit log, whoever sees it first."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from services.chassis.identity.grants.audit import write_changes
from services.chassis.identity.grants.edit import granted, revoked, with_token
from services.chassis.identity.grants.file import GrantsFile
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from tests.databases import temporary_database
from tests.servers import Servers

pytestmark = pytest.mark.servers
FEED, CLERK = "court-feed", "second-clerk"


@pytest_asyncio.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    async with temporary_database(servers, "relief") as made:
        found = Database(made.url, "relief", SystemClock())
        await found.open()
        yield found
        await found.close()


async def rows_after(database: Database, *files: GrantsFile) -> list[tuple[str, str, str]]:
    """Object, outcome and words of each row, when these files were read one after the other."""
    for file in files:
        async with database.transaction() as work:
            await write_changes(work, file)
    async with database.transaction() as work:
        rows = await work.db.fetch(
            """SELECT object, outcome, text FROM audit_log JOIN audit_texts USING (id)
               WHERE act = 'change_grants' ORDER BY id"""
        )
    return [tuple(row) for row in rows]


async def test_what_was_granted_changed_and_revoked_is_told_account_by_account(database: Database) -> None:
    first = granted(GrantsFile(), FEED, ("source:fresno:court",), "the court's nightly feed")
    more = granted(first, CLERK, ("clerk:fresno",), "")
    changed = granted(more, CLERK, ("clerk:fresno", "records_unit:fresno"), "")
    gone = revoked(changed, CLERK)

    told = await rows_after(database, first, more, changed, gone, first)

    assert [(on, outcome) for on, outcome, _ in told] == [
        (f"account/{FEED}", "added"),
        (f"account/{CLERK}", "added"),
        (f"account/{CLERK}", "changed"),
        (f"account/{CLERK}", "changed"),
        (f"account/{CLERK}", "removed"),
    ]
    assert told[2][2] == "before: clerk:fresno; now: clerk:fresno, records_unit:fresno"
    assert told[3][2].endswith("revoked")


async def test_a_second_replica_and_a_start_write_nothing_that_is_written(database: Database) -> None:
    file = granted(GrantsFile(), FEED, ("source:fresno:court",), "")

    assert len(await rows_after(database, file, file, file)) == 1


async def test_a_new_token_is_told_and_its_hash_is_not(database: Database) -> None:
    before = granted(GrantsFile(), FEED, ("source:fresno:court",), "")
    after = with_token(before, FEED, "a-word", date(2099, 12, 31))

    (_, (_, outcome, said)) = await rows_after(database, before, after)

    assert (outcome, "until 2099-12-31" in said) == ("changed", True)
    assert after.machines[0].tokens[0].sha256 not in said
