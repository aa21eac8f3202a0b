"""People who are easily taken for each other, streamed: any order, batch, repeat and time of a decision ends alike."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reliefstream_contracts.records import SourceRecord
from services.chassis.identity.caller import Caller, Grant
from services.chassis.runtime.database import Database
from services.reconciliation.handlers import Linker
from services.reconciliation.http.identity_decisions import NotDecidable, Told, decide
from services.reconciliation.linkage.conviction.histories import build_histories, reconcile
from services.reconciliation.linkage.identity import components
from services.reconciliation.linkage.identity.components import oversized_keys
from services.reconciliation.linkage.identity.decisions import Decided, IdentityDecision
from services.reconciliation.linkage.resemblance import blocking
from services.reconciliation.weights_file import load_model
from tests.effort import tries
from tests.reconciliation.linkage.test_any_order import latest
from tests.reconciliation.published import Published, contents, emptied, feed
from tests.reconciliation.records import a_case, a_person, a_rap_sheet
from tests.reconciliation.resembling import DECISIONS, SETS

pytestmark = pytest.mark.servers

MODEL = load_model()
LINKER = Linker(MODEL)
TABLES = """records, oversized_keys, key_locks, record_identifiers, subjects, discrepancies, link_decisions,
    erased_numbers"""
RECORDS_UNIT = Caller("a1", "person", (Grant("records_unit"),))
STREAMED = settings(
    deadline=None,
    max_examples=tries(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def emptied_database(database: Database) -> None:
    async with database.pool.acquire() as db:
        await db.execute(f"TRUNCATE {TABLES}")


async def say(database: Database, decision: IdentityDecision, published: Published) -> None:
    """The decision of a person; one that nothing can be decided about changes nothing."""
    try:
        async with database.transaction() as work:
            await decide(
                work, LINKER, Told(decision.one, decision.other, decision.same, "clerk", "seen"), RECORDS_UNIT
            )
            published.take(work)
    except NotDecidable:
        pass


def assert_as_one_batch(published: Published, records: list[SourceRecord], decided: Decided) -> None:
    """What was published is what the pure core says of the whole set."""
    expected = [one for one in build_histories(records, MODEL, decided) if one != emptied(one)]
    assert published.contents() == contents(expected)
    found = {
        (str(entry.discrepancy_id), tuple(map(str, entry.values)))
        for subject in reconcile(latest(records), oversized_keys(latest(records)), MODEL, decided)
        for entry in subject.discrepancies
    }
    assert published.open() == found


async def assert_streamed_as_one_batch(
    database: Database,
    records: list[SourceRecord],
    sizes: list[int],
    decisions: list[IdentityDecision],
    after: list[int],
) -> None:
    """Feeds the records in batches of these sizes, says each decision after its batch, and holds the end against
    one batch."""
    await emptied_database(database)
    published, at = Published(), 0
    for batch, size in enumerate(sizes):
        if records[at : at + size]:
            await feed(database, records[at : at + size], published, LINKER)
        at += size
        for decision, when in zip(decisions, after, strict=False):
            if when == batch:
                await say(database, decision, published)
    if records[at:]:
        await feed(database, records[at:], published, LINKER)
    assert_as_one_batch(published, records, await stored_decisions(database))


async def stored_decisions(database: Database) -> Decided:
    async with database.pool.acquire() as db:
        rows = await db.fetch("SELECT one, other, same FROM link_decisions")
    return Decided(IdentityDecision(row["one"], row["other"], row["same"]) for row in rows)


@given(
    drawn=SETS.flatmap(
        lambda drawn: st.tuples(
            st.permutations([*drawn, *drawn[:2]]), st.lists(st.integers(1, 4), min_size=12, max_size=12)
        )
    ),
    decisions=DECISIONS,
    after=st.lists(st.integers(0, 6), min_size=3, max_size=3),
)
@STREAMED
async def test_any_order_batching_and_time_of_a_decision_ends_as_one_batch(
    fresh_database: Database,
    drawn: tuple[list[SourceRecord], list[int]],
    decisions: list[IdentityDecision],
    after: list[int],
) -> None:
    await assert_streamed_as_one_batch(fresh_database, *drawn, decisions, after)


@pytest.fixture
async def small_blocks(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(components, "LARGEST_BLOCK", 3)
    monkeypatch.setattr(blocking, "LARGEST_BLOCK", 3)
    yield 3


@given(drawn=SETS.flatmap(st.permutations), size=st.integers(1, 4))
@STREAMED
async def test_blocks_that_grow_oversized_and_thin_out_again_end_as_one_batch(
    fresh_database: Database, small_blocks: int, drawn: list[SourceRecord], size: int
) -> None:
    await emptied_database(fresh_database)
    published = Published()
    for at in range(0, len(drawn), size):
        await feed(fresh_database, drawn[at : at + size], published, LINKER)
    assert_as_one_batch(published, drawn, Decided())


async def test_a_corrected_birth_date_is_what_later_records_are_compared_with(database: Database) -> None:
    """It stands beside each block too, where a stale one would keep the two apart unread."""
    await emptied_database(database)
    published = Published()
    first, corrected, slipped = (
        a_person("OCAMPO VARGAS", date(year, 9, 4), (), "ESTEBAN", sex="M", race="HISPANIC")
        for year in (1985, 1971, 1972)
    )
    given = [
        a_case("C1", person=first),
        a_case("C1", person=corrected, sequence=2),
        a_case("C2", person=slipped),
    ]
    for record in given:
        await feed(database, [record], published, LINKER)
    assert {one.kind for one in published.discrepancies.values()} >= {"identity_in_doubt"}
    assert_as_one_batch(published, given, Decided())


async def test_what_a_person_decided_outlives_corrections(database: Database) -> None:
    await emptied_database(database)
    published = Published()
    one = a_rap_sheet("R1")
    other = a_case("C1", person=a_person("MONSTER", cii=("1000009",)))
    await feed(database, [one, other], published, LINKER)
    assert len(published.contents()) == 2
    await say(database, IdentityDecision(other.key(), one.key(), True), published)
    assert len(published.contents()) == 1
    corrected = a_case("C1", person=a_person("MONSTER", None, cii=()), sequence=2)
    await feed(database, [corrected], published, LINKER)
    assert len(published.contents()) == 1
    await say(database, IdentityDecision(other.key(), one.key(), False), published)
    assert len(published.contents()) == 2
    assert_as_one_batch(published, [one, corrected], await stored_decisions(database))
