"""Eligibility forgets with the history, and says so; on a real Postgres."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.event import Event
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import ReliefId
from reliefstream_contracts.relief import CourtOrder, ReliefSealDue, RelievedConviction
from reliefstream_contracts.sealing import ConvictionForgotten, SealRemoved
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery, Tombstone
from services.eligibility import store
from services.eligibility.files.statute_files import load_statute
from services.eligibility.sealing import Sealing, on_erased, on_seal_removed, report
from services.eligibility.statistics import sealed
from services.eligibility.statistics.counting import Release, release
from services.statistics.tables import Cell, Tables
from tests.eligibility.builders import LOS_ANGELES, a_conviction, a_history
from tests.eligibility.test_service import World
from tests.standing_texts import tables_with

pytestmark = pytest.mark.servers
RELIEF = ReliefId(UUID(int=7))
STATUTE, TODAY = load_statute(), date(2026, 11, 2)
HISTORY = a_history(a_conviction(), a_conviction("VC 10851", name="2"))


def due(history: HistoryChanged) -> ReliefSealDue:
    return ReliefSealDue(
        relief_id=RELIEF,
        sequence=4,
        at=datetime(2026, 10, 1, tzinfo=UTC),
        kind="dismissal",
        conviction=RelievedConviction(
            subject_id=history.subject_id,
            counts=tuple(one.key for one in history.convictions[0].counts),
            county=LOS_ANGELES.name,
            section="HS 11359",
            level="felony",
        ),
        order=CourtOrder(number="SO-1", judge="A. Judge", on=date(2021, 9, 27), standing=True),
    )


async def reported(database: Database) -> list[Event | Tombstone]:
    async with database.transaction() as work:
        await report(work)
        return [event for event, *_ in work.emitted]


async def seal(database: Database) -> None:
    async with database.transaction() as work:
        await Sealing(STATUTE, lambda: TODAY).on_relief([Delivery(due(HISTORY))], work)


async def test_it_is_reported_once_the_history_has_the_conviction_no_more(database: Database) -> None:
    world = World(database)
    await world.receive(HISTORY)
    await seal(database)
    assert await reported(database) == []
    await world.receive(HISTORY.replace(version=2, convictions=HISTORY.convictions[1:]))
    assert await reported(database) == [ConvictionForgotten(relief_id=RELIEF, service="eligibility")]
    assert await reported(database) == []


async def test_a_count_that_relief_asks_no_more_to_forget_is_not_waited_for(database: Database) -> None:
    await World(database).receive(HISTORY)
    await seal(database)
    asked_again = due(HISTORY).replace(sequence=5)
    nothing = asked_again.replace(conviction=asked_again.conviction.replace(counts=()))
    async with database.transaction() as work:
        await Sealing(STATUTE, lambda: TODAY).on_relief([Delivery(nothing), Delivery(due(HISTORY))], work)
    assert await reported(database) == [ConvictionForgotten(relief_id=RELIEF, service="eligibility")]


async def test_the_history_of_a_survivor_is_looked_at_too(database: Database) -> None:
    world, survivor = World(database), HISTORY.replace(subject_id=UUID(int=9))
    gone = HistoryChanged(subject_id=HISTORY.subject_id, version=2, retired_into=survivor.subject_id)
    await world.receive(HISTORY, survivor)
    await world.receive(gone)
    await seal(database)
    assert await reported(database) == []
    await world.receive(survivor.replace(version=2, convictions=()))
    assert await reported(database) == [ConvictionForgotten(relief_id=RELIEF, service="eligibility")]


async def test_a_subject_that_was_erased_takes_its_determinations_along(database: Database) -> None:
    world = World(database)
    await world.receive(HISTORY)
    await seal(database)
    key = str(HISTORY.subject_id)
    async with database.transaction() as work:
        await on_erased([key, "heartbeat"], work)
        assert [event for event, *_ in work.emitted] == [Tombstone(DeterminationsChanged.TOPIC, key, key)]
    assert await reported(database) == [ConvictionForgotten(relief_id=RELIEF, service="eligibility")]
    assert await world.stored() == []


async def test_a_subject_that_comes_anew_counts_on_from_above_what_was_erased(database: Database) -> None:
    """Relief may have missed the tombstone: it keeps the highest version."""
    world, other = World(database), HISTORY.replace(subject_id=UUID(int=9), version=3)
    await world.receive(HISTORY)
    await world.receive(HISTORY.replace(version=2, convictions=HISTORY.convictions[1:]))
    async with database.transaction() as work:
        await on_erased([str(HISTORY.subject_id)], work)
    published = [*await world.receive(HISTORY.replace(version=3)), *await world.receive(other)]
    assert [each.version for each in published] == [3, 3]
    await world.receive(other.replace(version=4, convictions=()))
    assert {row.subject_id: row.version for row in await world.stored()} == {
        HISTORY.subject_id: 3,
        other.subject_id: 4,
    }


async def counted(database: Database) -> Tables:
    async with database.transaction() as work:
        found = await release(work, STATUTE, TODAY)
    assert isinstance(found, Release)
    return found.tables


async def by_outcome(database: Database) -> object:
    async with database.pool.acquire() as db:
        return (await store.counts(db, await sealed.outcomes(db)))["determinations"]


WITHOUT = HISTORY.replace(version=2, convictions=HISTORY.convictions[1:])


async def test_the_statistics_count_a_sealed_conviction_and_its_person_as_before(database: Database) -> None:
    world = World(database)
    await world.receive(HISTORY)
    before, outcomes = await counted(database), await by_outcome(database)
    await seal(database)
    assert (await counted(database)).convictions == before.convictions
    await world.receive(WITHOUT)
    await reported(database)
    after = await counted(database)
    assert (after.convictions, await by_outcome(database)) == (before.convictions, outcomes)
    of_persons = {cell: number for cell, number in before.persons.items() if cell.by != "record"}
    assert {cell: number for cell, number in after.persons.items() if cell.by != "record"} == of_persons


async def test_a_conviction_that_is_sent_again_after_its_seal_was_taken_away_counts_once(
    database: Database,
) -> None:
    world = World(database)
    await world.receive(HISTORY)
    before, outcomes = await counted(database), await by_outcome(database)
    await seal(database)
    await world.receive(WITHOUT)
    await reported(database)
    async with database.transaction() as work:
        await on_seal_removed([Delivery(SealRemoved(relief_id=RELIEF))], work)
    await world.receive(HISTORY.replace(version=3))
    after = await counted(database)
    assert (after.convictions, after.persons) == (before.convictions, before.persons)
    assert await by_outcome(database) == outcomes


async def test_they_count_it_also_when_nothing_else_of_the_person_is_left(database: Database) -> None:
    world = World(database)
    alone = HISTORY.replace(convictions=HISTORY.convictions[:1])
    await world.receive(alone)
    before = await counted(database)
    await seal(database)
    async with database.transaction() as work:
        await on_erased([str(HISTORY.subject_id)], work)
    await reported(database)
    assert (await counted(database)).convictions == before.convictions
    assert await tables_with(database.pool, str(HISTORY.subject_id)) == []


async def test_what_reached_it_after_the_history_without_the_conviction_is_counted_without_an_age(
    database: Database,
) -> None:
    world = World(database)
    await world.receive(HISTORY)
    before = await counted(database)
    await world.receive(WITHOUT)
    await seal(database)
    await reported(database)
    after = await counted(database)
    assert after.convictions[Cell(LOS_ANGELES.name)] == before.convictions[Cell(LOS_ANGELES.name)] == 1
    assert after.convictions[Cell(LOS_ANGELES.name, "age", "unknown", "dismissal")] == 1


async def test_persons_who_turn_out_to_be_one_count_as_one(database: Database) -> None:
    world, survivor = World(database), HISTORY.replace(subject_id=UUID(int=9))
    await world.receive(HISTORY)
    await seal(database)
    await world.receive(WITHOUT)
    await reported(database)
    gone = HistoryChanged(subject_id=HISTORY.subject_id, version=3, retired_into=survivor.subject_id)
    await world.receive(gone, survivor)
    assert (await counted(database)).persons[Cell(LOS_ANGELES.name)] == 1
