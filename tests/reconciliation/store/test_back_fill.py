"""Records that an older version stored are compared and linked by this one, without being sent again."""

import asyncio
from datetime import date

import pytest
from hypothesis import given

from reliefstream_contracts.records import SourceRecord
from services.chassis.runtime.database import Database
from services.reconciliation.linkage.identity.decisions import Decided
from services.reconciliation.store import back_fill
from services.reconciliation.store.back_fill import TO_COMPARE, BackFill
from services.reconciliation.store.records import COMPARED_BY
from tests.reconciliation.published import Published, feed
from tests.reconciliation.records import a_case, a_person, a_rap_sheet
from tests.reconciliation.resembling import SETS
from tests.reconciliation.store.test_streaming import LINKER, STREAMED, assert_as_one_batch, emptied_database

pytestmark = pytest.mark.servers


async def stored_by_an_older_version(database: Database, records: list[SourceRecord]) -> Published:
    """As a version left them that knew exact identifiers only."""
    published = Published()
    await emptied_database(database)
    await feed(database, records, published)
    async with database.pool.acquire() as db:
        await db.execute("DELETE FROM record_identifiers WHERE starts_with(identifier, 'like:')")
        await db.execute("DELETE FROM oversized_keys WHERE starts_with(identifier, 'like:')")
        await db.execute("UPDATE records SET description = NULL, compared_by = 0")
    return published


async def test_the_index_finds_what_this_version_would_compare(database: Database) -> None:
    """It is asked for all the time; without an index that names this version every record is read each time."""
    found = await database.pool.fetchval(
        "SELECT indexdef FROM pg_indexes WHERE indexname = 'records_to_compare'"
    )
    assert f"compared_by < {COMPARED_BY})" in found


async def step(database: Database, published: Published) -> bool:
    async with database.transaction() as work:
        more = await BackFill(LINKER).step(work)
        published.take(work)
    return more


async def left(database: Database) -> int:
    async with database.pool.acquire() as db:
        number: int = await db.fetchval(TO_COMPARE)
    return number


@given(records=SETS)
@STREAMED
async def test_in_small_steps_all_end_as_if_this_version_had_stored_them(
    fresh_database: Database, records: list[SourceRecord]
) -> None:
    published = await stored_by_an_older_version(fresh_database, records)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(back_fill, "CHUNK", 2)
        while await step(fresh_database, published):
            pass
    assert await left(fresh_database) == 0
    assert_as_one_batch(published, records, Decided())


async def test_a_record_that_comes_meanwhile_is_linked_with_them_and_never_overwritten(
    fresh_database: Database,
) -> None:
    sheet, case = a_rap_sheet(), a_case(person=a_person(cii=()))
    published = await stored_by_an_older_version(fresh_database, [sheet, case])
    assert len(published.contents()) == 2
    moved = a_case(person=a_person("MONSTER", cii=()), sequence=2)
    await feed(fresh_database, [moved], published, LINKER)
    assert await left(fresh_database) == 1
    assert not await step(fresh_database, published)
    assert await left(fresh_database) == 0
    assert_as_one_batch(published, [sheet, moved], Decided())


async def test_a_stale_birth_date_that_an_older_version_left_beside_a_block_is_put_right(
    fresh_database: Database,
) -> None:
    corrected, slipped = (
        a_case(
            record,
            person=a_person("OCAMPO VARGAS", date(year, 9, 4), (), "ESTEBAN", sex="M", race="HISPANIC"),
        )
        for record, year in (("C1", 1971), ("C2", 1972))
    )
    published = Published()
    await emptied_database(fresh_database)
    await feed(fresh_database, [corrected], published, LINKER)
    async with fresh_database.pool.acquire() as db:
        await db.execute(
            "UPDATE record_identifiers SET born = '1985-09-04' WHERE starts_with(identifier, 'like:')"
        )
        await db.execute("UPDATE records SET compared_by = 1")
    await feed(fresh_database, [slipped], published, LINKER)
    assert "identity_in_doubt" not in {one.kind for one in published.discrepancies.values()}
    await step(fresh_database, published)
    assert {one.kind for one in published.discrepancies.values()} >= {"identity_in_doubt"}
    assert_as_one_batch(published, [corrected, slipped], Decided())


async def test_one_replica_at_a_time_does_it(fresh_database: Database) -> None:
    published = await stored_by_an_older_version(fresh_database, [a_rap_sheet()])
    async with fresh_database.transaction() as work:
        await BackFill(LINKER).step(work)
        assert not await asyncio.wait_for(step(fresh_database, published), 180)
        published.take(work)
    assert await left(fresh_database) == 0
