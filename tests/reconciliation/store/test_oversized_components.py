"""Components that grow past all measure: cut by the same rule in any order, and never dearer to a batch."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from reliefstream_contracts.records import SourceRecord
from services.chassis.runtime.database import Database
from services.reconciliation import handlers
from services.reconciliation.ledger_metrics import measure
from services.reconciliation.linkage.conviction.histories import reconcile
from services.reconciliation.linkage.identity import oversized_components
from services.reconciliation.linkage.identity.decisions import IdentityDecision
from services.reconciliation.linkage.identity.oversized_components import BY_DECISIONS, BY_IDENTIFIERS
from services.reconciliation.store.locked_records import LockedRecords
from tests.effort import tries
from tests.reconciliation.linkage.test_any_order import latest
from tests.reconciliation.published import Published, feed
from tests.reconciliation.records import a_case, a_count, a_person
from tests.reconciliation.resembling import DECISIONS, SETS
from tests.reconciliation.store.test_streaming import (
    LINKER,
    MODEL,
    STREAMED,
    assert_as_one_batch,
    assert_streamed_as_one_batch,
    emptied_database,
    stored_decisions,
)

SURNAMES = ["GARCIA", "MONSTER", "SKYWALKER"]


def chained(number: int, **given: Any) -> SourceRecord:
    """One of a chain: it holds the number of the one before and its own, and the name of neither."""
    person = a_person(SURNAMES[number % 3], cii=(f"1{number:06}", f"1{number + 1:06}"))
    count = a_count("1", case_number=f"BA{number:07}", section="459")
    return a_case(f"C{number:05}", count, person=person, **given)


@pytest.fixture(params=[(3, 100), (100, 2)], ids=["of records", "of names"])
async def small_limits(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    most, most_different = request.param
    monkeypatch.setattr(oversized_components, "MOST", most)
    monkeypatch.setattr(oversized_components, "MOST_DIFFERENT", most_different)
    yield


async def test_a_chain_of_identifiers_is_an_oversized_component_in_which_nobody_is_linked_and_all_are_in_doubt(
    small_limits: None,
) -> None:
    chain = [chained(number) for number in range(4)]
    assert set(oversized_components.component_levels(chain).values()) == {BY_DECISIONS}
    subjects = reconcile(chain)
    assert [len(subject.records) for subject in subjects] == [1] * len(chain)
    assert all(subject.in_doubt for subject in subjects)
    told = [
        one for subject in subjects for one in subject.discrepancies if one.field == "oversized_component"
    ]
    assert {one.owner for one in told} == {"district_attorney"}
    assert len(told) == len(chain)
    as_long_as_can_be = reconcile(chain[:2])
    assert not any(
        one.field == "oversized_component" for subject in as_long_as_can_be for one in subject.discrepancies
    )


async def test_in_an_oversized_component_by_resemblance_identifiers_still_link(small_limits: None) -> None:
    spelt = ["SKYWALKER", "SKYWALKER LOPEZ", "SKYWALKER GARCIA", "SKYWALKER"]
    alike = [a_case(f"C{n}", person=a_person(spelt[n], cii=(f"100000{n // 2}",))) for n in range(4)]
    assert set(oversized_components.component_levels(alike, model=MODEL).values()) == {BY_IDENTIFIERS}
    assert [len(subject.records) for subject in reconcile(alike, model=MODEL)] == [2, 2]


@pytest.mark.servers
@given(
    drawn=SETS.flatmap(
        lambda drawn: st.tuples(
            st.permutations([*drawn, *drawn[:2]]), st.lists(st.integers(1, 4), min_size=12, max_size=12)
        )
    ),
    decisions=DECISIONS,
    after=st.lists(st.integers(0, 6), min_size=3, max_size=3),
)
@settings(STREAMED, max_examples=tries(150))
async def test_any_order_batching_and_time_of_a_decision_cuts_the_same_components(
    fresh_database: Database,
    small_limits: None,
    drawn: tuple[list[SourceRecord], list[int]],
    decisions: list[IdentityDecision],
    after: list[int],
) -> None:
    await assert_streamed_as_one_batch(fresh_database, *drawn, decisions, after)


@pytest.mark.servers
@given(
    links=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=14),
    taken_back=st.lists(st.integers(0, 13), max_size=6),
    size=st.integers(1, 3),
)
@settings(
    deadline=None,
    max_examples=tries(100),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_an_oversized_component_that_comes_apart_ends_as_if_it_never_was(
    fresh_database: Database,
    small_limits: None,
    links: list[tuple[int, int]],
    taken_back: list[int],
    size: int,
) -> None:
    def record(number: int, **given: Any) -> SourceRecord:
        ciis = tuple(sorted({f"10000{cii:02}" for cii in links[number]}))
        return a_case(f"C{number:02}", person=a_person(SURNAMES[number % 2], cii=ciis), **given)

    records = [record(number) for number in range(len(links))]
    records += [record(n, sequence=2, withdrawn=True) for n in dict.fromkeys(taken_back) if n < len(links)]
    await emptied_database(fresh_database)
    published = Published()
    for at in range(0, len(records), size):
        await feed(fresh_database, records[at : at + size], published, LINKER)
    assert_as_one_batch(published, latest(records), await stored_decisions(fresh_database))


@pytest.mark.servers
async def test_two_thousand_chained_records_never_make_a_batch_read_more_than_one_component_may_have(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    async def counted(*given: Any) -> LockedRecords:
        locked = await lock_records(*given)
        read.append(len(locked.records))
        return locked

    lock_records = handlers.lock_records
    monkeypatch.setattr(handlers, "lock_records", counted)
    published = Published()
    # The longest chain that is not oversized yet, then as much again, from both ends at once.
    await stream(database, [chained(n) for n in range(2000, 2000 + oversized_components.MOST)], published)
    assert in_oversized_components() == 0
    outside = [n for pair in zip(range(1999, 1499, -1), range(3000, 3500), strict=True) for n in pair]
    await stream(database, [chained(n) for n in outside], published)
    assert len(published.histories) == 2000
    assert max(read) <= oversized_components.MOST
    assert max(read[-3:]) <= 10, "what is in the oversized component already is not read for what comes to it"
    async with database.transaction() as work:
        await measure(work)
    assert in_oversized_components() == 2000
    # One end is taken off: what hangs on it is not oversized any more, and all the rest still is.
    await feed(database, [chained(1750, sequence=2, withdrawn=True)], published, LINKER)
    async with database.transaction() as work:
        await measure(work)
    assert in_oversized_components() == 2000 - 251
    assert max(read) <= 2 * oversized_components.MOST


def in_oversized_components() -> float:
    return sum(
        REGISTRY.get_sample_value("reliefstream_records_in_oversized_components", {"links": links}) or 0
        for links in ("identifiers", "decisions")
    )


async def stream(database: Database, records: Sequence[SourceRecord], published: Published) -> None:
    for at in range(0, len(records), 200):
        await feed(database, records[at : at + 200], published, LINKER)
