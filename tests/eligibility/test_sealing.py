"""Eligibility forgets with the history, and says so; on a real Postgres."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.event import Event
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import ReliefId
from reliefstream_contracts.relief import CourtOrder, ReliefSealDue, RelievedConviction
from reliefstream_contracts.sealing import ConvictionForgotten
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery, Tombstone
from services.eligibility.sealing import on_erased, on_relief, report
from tests.eligibility.builders import LOS_ANGELES, a_conviction, a_history
from tests.eligibility.test_service import World

pytestmark = pytest.mark.servers
RELIEF = ReliefId(UUID(int=7))
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
        await on_relief([Delivery(due(HISTORY))], work)


async def test_it_is_reported_once_the_history_has_the_conviction_no_more(database: Database) -> None:
    world = World(database)
    await world.receive(HISTORY)
    await seal(database)
    assert await reported(database) == []
    await world.receive(HISTORY.model_copy(update={"version": 2, "convictions": HISTORY.convictions[1:]}))
    assert await reported(database) == [ConvictionForgotten(relief_id=RELIEF, service="eligibility")]
    assert await reported(database) == []


async def test_the_history_of_a_survivor_is_looked_at_too(database: Database) -> None:
    world, survivor = World(database), HISTORY.model_copy(update={"subject_id": UUID(int=9)})
    gone = HistoryChanged(subject_id=HISTORY.subject_id, version=2, retired_into=survivor.subject_id)
    await world.receive(HISTORY, survivor)
    await world.receive(gone)
    await seal(database)
    assert await reported(database) == []
    await world.receive(survivor.model_copy(update={"version": 2, "convictions": ()}))
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
