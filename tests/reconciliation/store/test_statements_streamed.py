"""Statements among records, streamed: any order, batch, revision and withdrawal ends alike."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reliefstream_contracts.identifiers import count_key
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.statements import FactStated, SeenCount
from reliefstream_contracts.vocabulary.stated_facts import StatedBy
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery
from services.reconciliation.linkage.conviction.histories import build_histories, reconcile, with_statements
from tests.effort import tries
from tests.reconciliation.linkage.test_any_order import SETS, latest
from tests.reconciliation.published import BY_IDENTIFIERS, Published, contents, emptied
from tests.reconciliation.records import a_case, a_rap_sheet
from tests.reconciliation.stating import a_seen_count, a_statement, seen

pytestmark = pytest.mark.servers

TABLES = """records, oversized_keys, key_locks, record_identifiers, subjects, discrepancies, link_decisions, statements,
            named_records"""
Sent = SourceRecord | FactStated


def all_seen(records: list[SourceRecord]) -> list[SeenCount]:
    """Each count of these records as each revision has it, and one that never comes."""
    found = [one for record in records for one in seen(record)]
    keys = {count_key(r.source, r.county, r.record_id, c.count_id) for r in records for c in r.counts}
    nowhere = [a_seen_count(key, "HS 11357") for key in sorted(keys)]
    return [*found, *nowhere, a_seen_count("court/los-angeles/never/1")]


@st.composite
def worlds(draw: st.DrawFn) -> list[Sent]:
    """Records and revisions of statements on them, each as often as it is sent, in some order."""
    records = draw(SETS)
    counts = all_seen(records)
    statements: dict[str, FactStated] = {}
    for _ in range(draw(st.integers(1, 5))):
        named = draw(
            st.lists(st.sampled_from(counts), min_size=1, max_size=3, unique_by=lambda one: one.count)
        )
        one = a_statement(
            draw(st.sampled_from(["S1", "S2", "S3"])),
            tuple(named),
            draw(st.sampled_from(["at_most_six", "more_than_six"])),
            revision=draw(st.integers(1, 3)),
            withdrawn=draw(st.integers(0, 4)) == 0,
            stated_by=StatedBy(role="clerk", account=draw(st.sampled_from(["cl-1", "cl-2"]))),
        )
        statements.setdefault(one.identity(), one)
    sent: list[Sent] = [*records, *statements.values()]
    return draw(st.permutations([*sent, *sent[:1]]))


async def take(database: Database, batch: Sequence[Sent], published: Published) -> None:
    async with database.transaction() as work:
        await BY_IDENTIFIERS.on_records([Delivery(one) for one in batch], work)
        published.take(work)


async def standings(database: Database) -> dict[str, tuple[str, str]]:
    async with database.pool.acquire() as db:
        rows = await db.fetch("SELECT statement_key, status, reason FROM statements")
    return {row["statement_key"]: (row["status"], row["reason"]) for row in rows}


async def assert_as_one_batch(database: Database, published: Published, sent: Sequence[Sent]) -> None:
    records = latest([one for one in sent if not isinstance(one, FactStated)])
    revisions = sorted((one for one in sent if isinstance(one, FactStated)), key=lambda one: one.revision)
    statements = {one.key(): one for one in revisions}.values()
    expected = [one for one in build_histories(records, statements=statements) if one != emptied(one)]
    assert published.contents() == contents(expected)
    subjects, found = with_statements(reconcile(records), list(statements))
    entries = {
        (str(entry.discrepancy_id), tuple(map(str, entry.values)))
        for subject in subjects
        for entry in subject.discrepancies
    }
    assert published.open() == entries
    assert await standings(database) == {key: (one.status, one.reason) for key, one in found.items()}


async def emptied_database(database: Database) -> None:
    async with database.pool.acquire() as db:
        await db.execute(f"TRUNCATE {TABLES}")


@given(world=worlds(), size=st.integers(1, 5))
@settings(
    deadline=None,
    max_examples=tries(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_any_order_and_batching_of_records_and_statements_ends_as_one_batch(
    fresh_database: Database, world: list[Sent], size: int
) -> None:
    await emptied_database(fresh_database)
    published = Published()
    for at in range(0, len(world), size):
        await take(fresh_database, world[at : at + size], published)
    await assert_as_one_batch(fresh_database, published, world)
    await emptied_database(fresh_database)


async def test_a_statement_and_the_record_that_it_waits_for_meet_whoever_commits_last(
    database: Database,
) -> None:
    """Each in a transaction of its own, neither of which sees what the other has stored."""
    published = Published()
    for number in range(tries(10)):
        case = a_case(f"C{number}")
        statement = a_statement(f"S{number}", seen(case))
        await asyncio.gather(take(database, [case], published), take(database, [statement], published))
        assert (await standings(database))[statement.key()][0] == "applied"


async def test_a_statement_says_nothing_twice_and_an_older_revision_nothing(database: Database) -> None:
    published, case = Published(), a_case()
    newer = a_statement("S1", seen(case), revision=2)
    await take(database, [case, newer], published)
    before = dict(published.histories)
    await take(database, [newer, a_statement("S1", seen(case), "more_than_six")], published)
    assert published.histories == before


async def test_the_ledger_ends_the_question_when_the_author_looked_again(database: Database) -> None:
    published, sheet = Published(), a_rap_sheet()
    (own,) = seen(sheet)
    await take(database, [sheet, a_statement("S1", (own.replace(section="HS 11360"),))], published)
    (entry,) = [one for one in published.discrepancies.values() if one.kind == "statement_stale"]
    assert (entry.status, entry.owner) == ("open", "district_attorney")
    revised = a_statement("S1", (own,), revision=2)
    await take(database, [revised], published)
    ended = published.discrepancies[entry.discrepancy_id]
    assert (ended.status, ended.resolved_by) == ("resolved", (revised.key(),))
