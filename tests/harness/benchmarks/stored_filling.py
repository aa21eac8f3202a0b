"""Fills reconciliation's database with fabricated people, as if the service had linked them long ago."""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

import asyncpg

from services.reconciliation.linkage.conviction.histories import subject_id_for
from services.reconciliation.linkage.identity.identifiers import MOST_HOLDERS
from services.reconciliation.linkage.resemblance.blocking import LARGEST_BLOCK, blocks_of
from services.reconciliation.store.descriptions import as_text
from services.reconciliation.store.records import COMPARED_BY
from tests.harness.benchmarks.stored_people import Written, people

CHUNK = 2000
TABLES = "records, record_identifiers, subjects"
Row = tuple[object, ...]


async def fill(url: str, first: int, end: int, workers: int) -> None:
    """Adds the people of these numbers; the indexes are made anew, the statistics too."""
    db = await asyncpg.connect(url, command_timeout=3600)
    try:
        await db.execute("SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'")
        made_again = await _drop_indexes(db)
        chunks = [(url, at, min(at + CHUNK, end)) for at in range(first, end, CHUNK)]
        with ProcessPoolExecutor(workers) as pool:
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(pool, _fill_chunk, *chunk) for chunk in chunks))
        for statement in made_again:
            await db.execute(statement)
        await db.execute(
            """INSERT INTO oversized_keys
               SELECT identifier FROM record_identifiers GROUP BY identifier
               HAVING count(*) > CASE WHEN starts_with(identifier, 'like:') THEN $1::int ELSE $2::int END
               ON CONFLICT DO NOTHING""",
            LARGEST_BLOCK,
            MOST_HOLDERS,
        )
        # As after some time of its own: no vacuum starts in the middle of the measurement.
        await db.execute(f"VACUUM (ANALYZE, FREEZE) {TABLES}")
        await db.execute("CHECKPOINT")
    finally:
        await db.close()


async def _drop_indexes(db: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    """Drops the indexes of the tables to fill; returns the statements that make them again."""
    rows = await db.fetch(
        """SELECT c.conname AS name, c.conrelid::regclass::text AS made_on, pg_get_constraintdef(c.oid) AS made
           FROM pg_constraint AS c WHERE c.contype = 'p' AND c.conrelid::regclass::text = ANY($1)""",
        TABLES.split(", "),
    )
    again = [f"ALTER TABLE {row['made_on']} ADD CONSTRAINT {row['name']} {row['made']}" for row in rows]
    for row in rows:
        await db.execute(f"ALTER TABLE {row['made_on']} DROP CONSTRAINT {row['name']}")
    indexes = await db.fetch(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY($1)",
        TABLES.split(", "),
    )
    for row in indexes:
        await db.execute(f"DROP INDEX {row['indexname']}")
    return [*again, *(row["indexdef"] for row in indexes)]


def _fill_chunk(url: str, first: int, end: int) -> None:
    asyncio.run(_copy(url, people(first, end)))


async def _copy(url: str, each: Sequence[Sequence[Written]]) -> None:
    db = await asyncpg.connect(url, command_timeout=3600)
    try:
        for table, columns, rows in (
            (
                "records",
                "record_key sequence type body withdrawn subject_id description compared_by",
                _records(each),
            ),
            ("record_identifiers", "identifier record_key born", _keys(each)),
            ("subjects", "subject_id version content in_doubt", _subjects(each)),
        ):
            await db.copy_records_to_table(table, columns=columns.split(), records=rows)
    finally:
        await db.close()


def _records(each: Sequence[Sequence[Written]]) -> Iterator[Row]:
    for person in each:
        subject_id = subject_id_for(min(one.key for one in person))
        for one in person:
            yield (
                one.key,
                1,
                one.event.TYPE,
                one.body.encode(),
                False,
                subject_id,
                as_text(one.description),
                COMPARED_BY,
            )


def _keys(each: Sequence[Sequence[Written]]) -> Iterator[Row]:
    for person in each:
        for one in person:
            it = one.description
            for number in it.cii_numbers:
                yield f"cii:{number}", one.key, None
            yield f"key:{it.source}/{it.county}/{it.source_key}", one.key, None
            for block in blocks_of(it):
                yield block, one.key, it.evidence.birth_date


def _subjects(each: Sequence[Sequence[Written]]) -> Iterator[Row]:
    for person in each:
        smallest = min(one.key for one in person)
        # No digest of what was published: whoever is touched is published once more.
        yield subject_id_for(smallest), 1, hashlib.sha256(smallest.encode()).digest(), False
