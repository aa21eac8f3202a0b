"""Relief that a court ordered and a source does not show, on a real Postgres: 30 days for the court (PC 13151)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import CaseNumber, CountKey, ReliefId, Source, SubjectId
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.relief import (
    CourtOrder,
    ReliefAcknowledged,
    ReliefEvent,
    ReliefOrdered,
    RelievedConviction,
)
from services.chassis.runtime.database import Database
from services.chassis.runtime.work import Delivery
from services.reconciliation.relief_clocks import ReliefClocks
from tests.reconciliation.published import Published, feed
from tests.reconciliation.records import LOS_ANGELES, a_case, a_rap_sheet

pytestmark = pytest.mark.servers

# 1 October in UTC, still 30 September in California: the court's 30 days end on 30 October.
ORDERED_AT = datetime(2021, 10, 1, 6, 59, tzinfo=UTC)
RELIEF = ReliefId(UUID(int=7))


def an_order(*records: SourceRecord) -> ReliefOrdered:
    counts = tuple(CountKey(f"{record.key()}/{record.counts[0].count_id}") for record in records)
    return ReliefOrdered(
        relief_id=RELIEF,
        sequence=2,
        at=ORDERED_AT,
        kind="dismissal",
        conviction=RelievedConviction(
            subject_id=SubjectId(UUID(int=1)),
            counts=counts,
            county=LOS_ANGELES,
            case_number=CaseNumber("BA012345"),
            section="HS 11359",
            level="felony",
        ),
        order=CourtOrder(number="SO-1", judge="A. Judge", on=date(2021, 9, 27), standing=True),
    )


def shown_by(source: Source, order: ReliefOrdered) -> ReliefAcknowledged:
    return ReliefAcknowledged(
        relief_id=RELIEF, sequence=3, at=ORDERED_AT, kind="dismissal", conviction=order.conviction, by=source
    )


async def hear(database: Database, *events: ReliefEvent) -> list[DiscrepancyChanged]:
    async with database.transaction() as work:
        await ReliefClocks(lambda: date.max).on_relief([Delivery(event) for event in events], work)
        return _discrepancies(work.emitted)


async def on(database: Database, day: date) -> list[DiscrepancyChanged]:
    async with database.transaction() as work:
        assert not await ReliefClocks(lambda: day).ring(work)
        return _discrepancies(work.emitted)


def _discrepancies(emitted: Sequence[tuple[object, object]]) -> list[DiscrepancyChanged]:
    return [event for event, _ in emitted if isinstance(event, DiscrepancyChanged)]


async def test_a_court_that_does_not_show_relief_is_asked_on_the_30th_day_and_not_before(
    database: Database,
) -> None:
    sheet, case = a_rap_sheet(), a_case()
    await feed(database, [sheet, case], Published())
    await hear(database, an_order(sheet, case))

    assert await on(database, date(2021, 10, 29)) == []
    (asked,) = await on(database, date(2021, 10, 30))
    assert (asked.kind, asked.owner, asked.status) == ("relief_not_shown", "county_court", "open")
    assert await on(database, date(2021, 10, 31)) == [], "once is enough"
    assert [one.owner for one in await on(database, date(2021, 11, 29))] == ["doj"]


async def test_what_a_source_shows_in_time_is_never_asked_for(database: Database) -> None:
    sheet, case = a_rap_sheet(), a_case()
    await feed(database, [sheet, case], Published())
    order = an_order(sheet, case)
    await hear(database, order, shown_by("court", order), shown_by("doj", order))

    assert await on(database, date(2030, 1, 1)) == []


async def test_relief_that_is_shown_late_resolves_the_discrepancy_by_itself(database: Database) -> None:
    case = a_case()
    await feed(database, [case], Published())
    order = an_order(case)
    await hear(database, order)
    (asked,) = await on(database, date(2021, 10, 30))

    (resolved,) = await hear(database, shown_by("court", order))

    assert (resolved.discrepancy_id, resolved.status) == (asked.discrepancy_id, "resolved")
    assert (resolved.version, resolved.resolved_by) == (2, ("shown by court",))
    assert await hear(database, order, shown_by("court", order)) == [], "a repeat changes nothing"


async def test_records_that_come_later_do_not_resolve_what_a_clock_found(database: Database) -> None:
    case, published = a_case(), Published()
    await feed(database, [case], published)
    await hear(database, an_order(case))
    await on(database, date(2021, 10, 30))

    emitted = await feed(database, [a_case(revision=2, sequence=2, record_status="active")], published)

    assert not [one for one in emitted if isinstance(one, DiscrepancyChanged)]


async def test_doj_is_asked_only_once_it_has_a_record_of_the_conviction(database: Database) -> None:
    case, sheet, published = a_case(), a_rap_sheet(), Published()
    await feed(database, [case], published)
    await hear(database, an_order(case), shown_by("court", an_order(case)))

    assert await on(database, date(2021, 12, 1)) == [], "DOJ has nothing to show it in"
    await feed(database, [sheet], published)
    assert [one.owner for one in await on(database, date(2022, 2, 1))] == ["doj"]
