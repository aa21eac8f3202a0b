"""Records through the handler on a real Postgres: what is published, and what stays."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reliefstream_contracts.event import Event
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.vocabulary.offense import Doubt
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery
from services.reconciliation.linkage.conviction import histories
from services.reconciliation.linkage.conviction.histories import build_histories, reconcile
from services.reconciliation.linkage.identity import components
from tests.effort import tries
from tests.reconciliation.linkage.test_any_order import SETS, latest
from tests.reconciliation.published import BY_IDENTIFIERS, Published, contents, emptied, feed
from tests.reconciliation.records import a_case, a_count, a_person, a_rap_sheet

pytestmark = pytest.mark.servers

SON_BORN = date(1985, 3, 14)


def histories_in(events: list[Event]) -> list[HistoryChanged]:
    return [event for event in events if isinstance(event, HistoryChanged)]


@pytest.fixture
def published() -> Published:
    return Published()


async def test_a_court_case_joins_the_rap_sheet_that_came_before(
    database: Database, published: Published
) -> None:
    (first,) = histories_in(await feed(database, [a_rap_sheet()], published))
    (second,) = histories_in(await feed(database, [a_case()], published))
    assert (second.subject_id, second.version) == (first.subject_id, 2)
    assert len(second.convictions[0].counts) == 2
    assert [one.status for one in published.discrepancies.values()] == ["resolved"]


async def test_a_repeat_and_an_older_sequence_change_nothing(
    database: Database, published: Published
) -> None:
    newer = a_rap_sheet("R1", a_count(section="11357"), sequence=2)
    await feed(database, [newer], published)
    assert await feed(database, [newer, a_rap_sheet("R1", sequence=1)], published) == []


async def test_a_revision_that_changes_nothing_of_a_history_publishes_nothing(
    database: Database, published: Published
) -> None:
    await feed(database, [a_case()], published)
    assert await feed(database, [a_case(revision=2, sequence=2)], published) == []


async def test_a_merge_retires_one_id_with_a_pointer(database: Database, published: Published) -> None:
    one, other = (
        a_case("C1", person=a_person(cii=("1000001",))),
        a_case("C2", person=a_person(cii=("1000002",))),
    )
    first, second = histories_in(await feed(database, [one, other], published))
    both = a_rap_sheet("R1", person=a_person(cii=("1000001", "1000002")))
    await feed(database, [both], published)
    kept, gone = sorted(
        (first.subject_id, second.subject_id), key=lambda i: bool(published.histories[i].retired_into)
    )
    assert published.histories[gone] == HistoryChanged(subject_id=gone, version=2, retired_into=kept)
    assert published.contents() == contents(build_histories([one, other, both]))


async def test_a_split_after_a_merge_gives_an_id_that_was_never_used(
    database: Database, published: Published
) -> None:
    one, other = (
        a_case("C1", person=a_person(cii=("1000001",))),
        a_case("C2", person=a_person(cii=("1000002",))),
    )
    both = a_rap_sheet("R1", person=a_person(cii=("1000001", "1000002")))
    for record in (one, other, both):
        await feed(database, [record], published)
    retired = {i for i, history in published.histories.items() if history.retired_into}
    await feed(database, [a_rap_sheet("R1", person=a_person(cii=("1000001",)), sequence=2)], published)
    current = {i for i, history in published.histories.items() if not history.retired_into}
    assert len(retired) == 1
    assert len(current) == 2
    assert not current & retired


async def test_a_withdrawn_record_empties_its_subject_which_returns_with_it(
    database: Database, published: Published
) -> None:
    (first,) = histories_in(await feed(database, [a_rap_sheet()], published))
    (gone,) = histories_in(await feed(database, [a_rap_sheet(sequence=2, withdrawn=True)], published))
    assert gone == emptied(gone)
    assert [one.status for one in published.discrepancies.values()] == ["resolved"]
    (back,) = histories_in(await feed(database, [a_rap_sheet(sequence=3)], published))
    assert (back.subject_id, back.version) == (first.subject_id, 3)
    assert [(one.status, one.version) for one in published.discrepancies.values()] == [("open", 3)]


async def test_a_corrected_identifier_resolves_the_doubt_it_opened(
    database: Database, published: Published
) -> None:
    await feed(database, [a_rap_sheet("R1"), a_rap_sheet("R2", person=a_person("MONSTER"))], published)
    assert "identity_in_doubt" in {one.kind for one in published.discrepancies.values()}
    corrected = a_rap_sheet("R2", person=a_person("MONSTER", cii=("1000002",)), sequence=2)
    await feed(database, [corrected], published)
    doubts = [one for one in published.discrepancies.values() if one.kind == "identity_in_doubt"]
    assert [one.status for one in doubts] == ["resolved"]


async def test_two_transactions_that_link_one_person_at_once_make_one_subject(database: Database) -> None:
    sheet = a_rap_sheet("R1", person=a_person(cii=("1000001", "1000002")))
    cases = [a_case(f"C{n}", person=a_person(cii=(f"100000{n}",))) for n in (1, 2)]
    published = Published()
    started = asyncio.Event()

    async def slow() -> None:
        async with database.transaction() as work:
            await BY_IDENTIFIERS.on_records([Delivery(sheet)], work)
            started.set()
            await asyncio.sleep(0.2)
            published.take(work)

    async def meanwhile(case: SourceRecord) -> None:
        await started.wait()
        async with database.transaction() as work:
            await BY_IDENTIFIERS.on_records([Delivery(case)], work)
            published.take(work)

    await asyncio.gather(slow(), *map(meanwhile, cases))
    assert len(published.histories) == 1
    assert published.contents() == contents(build_histories([sheet, *cases]))


async def test_many_writers_on_a_few_persons_end_as_one_batch_would(database: Database) -> None:
    ciis = [f"10000{n:02}" for n in range(8)]
    records = [
        a_case(
            f"C{n}", person=a_person(cii=(ciis[n % 8], ciis[(n * 3 + 1) % 8]), source_subject_id=f"P{n % 5}")
        )
        for n in range(40)
    ]
    published = Published()

    async def writer(mine: Sequence[SourceRecord]) -> None:
        for at in range(0, len(mine), 2):
            async with database.transaction() as work:
                await BY_IDENTIFIERS.on_records([Delivery(record) for record in mine[at : at + 2]], work)
                published.take(work)

    await asyncio.gather(*(writer(records[at::4]) for at in range(4)))
    assert published.contents() == contents(build_histories(records))


@pytest.fixture
async def few_holders(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    for module in (components, histories):
        monkeypatch.setattr(module, "MOST_HOLDERS", 3)
    yield 3


async def test_an_identifier_that_grows_oversized_and_thins_out_again_ends_as_if_it_never_was(
    database: Database, few_holders: int
) -> None:
    published = Published()
    crowd = [a_case(f"C{n}", a_count("1", section="459")) for n in range(few_holders + 2)]
    for record in crowd:
        await feed(database, [record], published)
    assert published.contents() == contents(build_histories(crowd))
    assert len(published.open()) == len(crowd)
    crowd[0] = crowd[0].replace(sequence=2, withdrawn=True)
    crowd[1] = crowd[1].replace(sequence=2, person=a_person(cii=("1000009",)))
    for record in crowd[:2]:
        await feed(database, [record], published)
    assert published.contents() == contents(build_histories(crowd))
    assert len(published.contents()) == 2
    assert published.open() == set()


@given(
    drawn=SETS.flatmap(
        lambda drawn: st.tuples(
            st.permutations([*drawn, *drawn[:2]]), st.lists(st.integers(1, 4), min_size=10, max_size=10)
        )
    )
)
@settings(
    deadline=None,
    max_examples=tries(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_any_order_and_batching_ends_as_the_pure_core_says(
    fresh_database: Database, drawn: tuple[list[SourceRecord], list[int]]
) -> None:
    records, sizes = drawn
    async with fresh_database.pool.acquire() as db:
        await db.execute(
            "TRUNCATE records, oversized_keys, key_locks, record_identifiers, subjects, discrepancies"
        )
    published = Published()
    at = 0
    for size in sizes:
        if records[at : at + size]:
            await feed(fresh_database, records[at : at + size], published)
        at += size
    if records[at:]:
        await feed(fresh_database, records[at:], published)
    expected = [one for one in build_histories(records) if one != emptied(one)]
    assert published.contents() == contents(expected)
    found = {
        (str(entry.discrepancy_id), tuple(map(str, entry.values)))
        for subject in reconcile(latest(records))
        for entry in subject.discrepancies
    }
    assert published.open() == found


async def test_two_records_withdrawn_together_that_return_as_two_persons_have_two_subjects(
    database: Database,
) -> None:
    def sheet(sequence: int, cii: str = "1008675309", withdrawn: bool = False) -> SourceRecord:
        return a_rap_sheet("R1", sequence=sequence, withdrawn=withdrawn, person=a_person(cii=(cii,)))

    def case(sequence: int, cii: str = "1008675309", withdrawn: bool = False) -> SourceRecord:
        return a_case("C1", sequence=sequence, withdrawn=withdrawn, person=a_person(cii=(cii,)))

    published = Published()
    await feed(database, [sheet(1), case(1)], published)
    await feed(database, [sheet(2, withdrawn=True), case(2, withdrawn=True)], published)
    await feed(database, [sheet(3, "1000000001")], published)
    await feed(database, [case(3, withdrawn=True)], published)
    live = [history for history in published.histories.values() if history.convictions]
    assert len(live) == 1, "a withdrawal that is sent again empties nobody who is back"
    await feed(database, [case(4, "1000000002")], published)
    live = [history for history in published.histories.values() if history.convictions]
    assert len(live) == 2


async def test_a_resolved_discrepancy_names_the_record_that_ended_it_and_when_it_began(
    database: Database, published: Published
) -> None:
    await feed(database, [a_rap_sheet()], published)
    (opened,) = published.discrepancies.values()
    case = a_case()
    await feed(database, [case], published)

    (resolved,) = published.discrepancies.values()
    assert (opened.kind, resolved.status) == ("only_in_doj", "resolved")
    assert resolved.resolved_by == (case.key(),)
    assert resolved.first_seen == opened.first_seen == opened.at < resolved.at


async def test_an_impossible_date_and_a_destroyed_court_record_are_in_the_ledger(
    database: Database, published: Published
) -> None:
    impossible = Doubt(field="conviction_date", kind="impossible", as_written=("1950-01-01",))
    sheet = a_rap_sheet("R1", a_count(conviction_date=None, doubts=(impossible,)))
    other = a_count("1", event="case", case_number="BA999999", section="11357")
    await feed(database, [sheet, a_case("C1", other, record_status="destroyed")], published)

    found = {(one.kind, one.owner, one.field) for one in published.discrepancies.values()}
    assert ("impossible_date", "doj", "conviction_date") in found
    assert ("court_record_destroyed", "doj", None) in found
    assert "1950" not in " ".join(map(str, published.discrepancies.values()))
