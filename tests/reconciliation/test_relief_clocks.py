"""Relief that is not ordered or not shown in time, on a real Postgres: PC 13151(a) and the days of HS 11361.9."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import CaseNumber, CountKey, ReliefId, Source, SubjectId
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.relief import (
    CourtOrder,
    ReliefAcknowledged,
    ReliefChallenged,
    ReliefEvent,
    ReliefOrdered,
    ReliefProposalWithdrawn,
    ReliefProposed,
    ReliefSustained,
    RelievedConviction,
)
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery
from services.reconciliation.relief_clocks import ReliefClocks
from tests.reconciliation.published import Published, feed
from tests.reconciliation.records import LOS_ANGELES, a_case, a_rap_sheet

pytestmark = pytest.mark.servers

# 1 October in UTC, still 30 September in California: the court's 30 days end on 30 October.
ORDERED_AT = datetime(2021, 10, 1, 6, 59, tzinfo=UTC)
PROPOSED_AT = datetime(2020, 6, 1, 18, tzinfo=UTC)
IN_TIME = datetime(2020, 7, 2, 6, 59, tzinfo=UTC)  # still 1 July in California
TOO_LATE = datetime(2020, 7, 2, 7, tzinfo=UTC)
NEVER = date(2035, 1, 1)
RELIEF = ReliefId(UUID(int=7))


def a_conviction(*records: SourceRecord) -> RelievedConviction:
    return RelievedConviction(
        subject_id=SubjectId(UUID(int=1)),
        counts=tuple(CountKey(f"{record.key()}/{record.counts[0].count_id}") for record in records),
        county=LOS_ANGELES,
        case_number=CaseNumber("BA012345"),
        section="HS 11359",
        level="felony",
    )


def a_proposal(*records: SourceRecord, at: datetime = PROPOSED_AT, sequence: int = 1) -> ReliefProposed:
    return ReliefProposed(
        relief_id=RELIEF,
        sequence=sequence,
        at=at,
        kind="dismissal",
        conviction=a_conviction(*records),
        policy="statute",
        reason="legal_minimum",
    )


def an_order(*records: SourceRecord, at: datetime = ORDERED_AT) -> ReliefOrdered:
    return ReliefOrdered(
        relief_id=RELIEF,
        sequence=2,
        at=at,
        kind="dismissal",
        conviction=a_conviction(*records),
        order=CourtOrder(number="SO-1", judge="A. Judge", on=date(2021, 9, 27), standing=True),
    )


def a_challenge(*records: SourceRecord, at: datetime) -> ReliefChallenged:
    return ReliefChallenged(
        relief_id=RELIEF,
        sequence=2,
        at=at,
        kind="dismissal",
        conviction=a_conviction(*records),
        reason_code="ineligible",
        challenged_by="DA",
        after_window=at > IN_TIME,
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


def _discrepancies(emitted: Sequence[tuple[object, ...]]) -> list[DiscrepancyChanged]:
    return [event for event, *_ in emitted if isinstance(event, DiscrepancyChanged)]


async def test_a_court_that_does_not_show_relief_is_asked_on_the_30th_day_and_not_before(
    database: Database,
) -> None:
    sheet, case = a_rap_sheet(), a_case()
    await feed(database, [sheet, case], Published())
    await hear(database, an_order(sheet, case))

    assert await on(database, date(2021, 10, 29)) == []
    (asked,) = await on(database, date(2021, 10, 30))
    assert (asked.kind, asked.owner, asked.status) == ("relief_not_shown", "county_court", "open")
    assert asked.due_by == date(2021, 10, 30)
    assert await on(database, date(2021, 10, 31)) == [], "once is enough"


async def test_doj_is_asked_after_1_july_2023_for_what_a_court_ordered_by_then(database: Database) -> None:
    sheet = a_rap_sheet()
    await feed(database, [sheet], Published())
    await hear(database, an_order(sheet))

    assert await on(database, date(2023, 6, 30)) == []
    assert await on(database, date(2023, 7, 1)) == [], "the last day in time"
    (asked,) = await on(database, date(2023, 7, 2))
    assert (asked.kind, asked.owner, asked.due_by) == ("relief_overdue", "doj", date(2023, 7, 1))
    (resolved,) = await hear(database, shown_by("doj", an_order(sheet)))
    assert (resolved.status, resolved.resolved_by) == ("resolved", ("shown by doj",))


@pytest.mark.parametrize(
    ("ordered_at", "asked_on"),
    [
        (datetime(2023, 6, 30, 18, tzinfo=UTC), date(2023, 7, 2)),
        (datetime(2023, 7, 1, 18, tzinfo=UTC), date(2023, 7, 2)),
        (datetime(2023, 7, 2, 18, tzinfo=UTC), date(2023, 8, 31)),
        (datetime(2026, 11, 1, 18, tzinfo=UTC), date(2026, 12, 31)),
    ],
)
async def test_doj_has_60_days_for_what_a_court_ordered_later(
    database: Database, ordered_at: datetime, asked_on: date
) -> None:
    sheet = a_rap_sheet()
    await feed(database, [sheet], Published())
    await hear(database, an_order(sheet, at=ordered_at))

    assert await on(database, asked_on - timedelta(days=1)) == []
    (asked,) = await on(database, asked_on)
    assert (asked.kind, asked.owner, asked.due_by) == ("relief_overdue", "doj", date(2023, 7, 1))
    ((source, words),) = asked.values
    assert source == "doj"
    assert words.endswith("due by 2023-07-01 (HS 11361.9), overdue since 2023-07-02")


async def test_a_court_is_asked_for_its_order_from_the_day_after_1_march_2023(database: Database) -> None:
    sheet, case = a_rap_sheet(), a_case()
    await feed(database, [sheet, case], Published())
    await hear(database, a_proposal(sheet, case))

    assert await on(database, date(2023, 2, 28)) == []
    assert await on(database, date(2023, 3, 1)) == [], "the last day in time"
    (asked,) = await on(database, date(2023, 3, 2))
    assert (asked.kind, asked.owner, asked.due_by) == ("relief_overdue", "county_court", date(2023, 3, 1))
    assert asked.values == (("court", "no order: due by 2023-03-01 (HS 11361.9), overdue since 2023-03-02"),)
    (resolved,) = await hear(database, an_order(sheet, case))
    assert (resolved.discrepancy_id, resolved.status) == (asked.discrepancy_id, "resolved")
    assert resolved.resolved_by == ("ordered",)


async def test_what_is_proposed_after_its_day_is_overdue_at_once(database: Database) -> None:
    sheet = a_rap_sheet()
    await feed(database, [sheet], Published())
    await hear(database, a_proposal(sheet, at=datetime(2026, 11, 1, 18, tzinfo=UTC)))

    assert [one.due_by for one in await on(database, date(2026, 11, 1))] == [date(2023, 3, 1)]


async def test_what_only_a_court_shows_has_no_day_for_its_order_until_doj_shows_it(
    database: Database,
) -> None:
    case, sheet, published = a_case(), a_rap_sheet(), Published()
    await feed(database, [case], published)
    await hear(database, a_proposal(case))

    assert await on(database, date(2026, 1, 1)) == []
    assert await hear(database, a_proposal(case)) == [], "a repeat does not bring the next look forward"
    await feed(database, [sheet], published)
    assert await on(database, date(2026, 1, 30)) == []
    assert [one.kind for one in await on(database, date(2026, 1, 31))] == ["relief_overdue"]


@pytest.mark.parametrize(("at", "overdue"), [(IN_TIME, False), (TOO_LATE, True)])
async def test_a_challenge_by_1_july_2020_and_no_later_one_ends_what_the_court_owes(
    database: Database, at: datetime, overdue: bool
) -> None:
    sheet = a_rap_sheet()
    await feed(database, [sheet], Published())
    await hear(database, a_proposal(sheet), a_challenge(sheet, at=at))

    assert bool(await on(database, NEVER)) is overdue


@pytest.mark.parametrize("ended", [ReliefSustained, ReliefProposalWithdrawn])
async def test_relief_that_is_not_owed_any_more_resolves_what_was_overdue(
    database: Database, ended: type[ReliefEvent]
) -> None:
    sheet = a_rap_sheet()
    await feed(database, [sheet], Published())
    proposal = a_proposal(sheet)
    await hear(database, proposal)
    await on(database, date(2023, 3, 2))

    facts = proposal.to_dict() | {"sequence": 3, "reason": "determination_changed"}
    (resolved,) = await hear(database, ended.of(facts))

    assert (resolved.kind, resolved.status) == ("relief_overdue", "resolved")
    assert await on(database, NEVER) == []
    await hear(database, proposal)
    assert await on(database, NEVER) == [], "a repeat of an earlier event changes nothing"
    await hear(database, a_proposal(sheet, sequence=4))
    (again,) = await on(database, NEVER)
    assert (again.discrepancy_id, again.status, again.version) == (resolved.discrepancy_id, "open", 3)


@pytest.mark.parametrize("at_once", [True, False])
async def test_it_does_not_matter_in_which_batches_events_come(database: Database, at_once: bool) -> None:
    sheet, case = a_rap_sheet(), a_case()
    await feed(database, [sheet, case], Published())
    events = (a_proposal(sheet, case), an_order(sheet, case), shown_by("doj", an_order(sheet, case)))
    for batch in [events] if at_once else [(each,) for each in events]:
        await hear(database, *batch)

    rows = await database.pool.fetch("SELECT duty, sequence, look_on FROM relief_clocks ORDER BY duty")
    assert [tuple(row) for row in rows] == [
        ("court_record", 2, date(2021, 10, 30)),
        ("doj_record", 3, None),
        ("order", 2, None),
    ]


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

    assert await on(database, date(2023, 7, 2)) == [], "DOJ has nothing to show it in"
    await feed(database, [sheet], published)
    assert await on(database, date(2023, 7, 31)) == []
    assert [one.owner for one in await on(database, date(2023, 8, 1))] == ["doj"]
