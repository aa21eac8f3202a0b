"""Whether court and DOJ show the relief that was ordered: a clock for each, and a discrepancy when it rings.

A court reports a disposition to DOJ within 30 days (PC 13151(a)). The statute sets DOJ no day: 30 more (I-60).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from reliefstream_contracts.county_file import CALIFORNIA_TIME
from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import CountKey, DiscrepancyId, ReliefId, Source, derived
from reliefstream_contracts.relief import ReliefAcknowledged, ReliefEvent, ReliefOrdered, RelievedConviction
from services.chassis.runtime.work import Database, Delivery, Work
from services.reconciliation import ledger
from services.reconciliation.http.queries import live_records_beside
from services.reconciliation.linkage.conviction.convictions import convictions_of

DAYS: Mapping[Source, int] = {"court": 30, "doj": 60}
OWNERS: Mapping[Source, Literal["county_court", "doj"]] = {"court": "county_court", "doj": "doj"}
CALIFORNIA = ZoneInfo(CALIFORNIA_TIME)
FOUND_BY = "relief clocks"
CHUNK = 100


@dataclass(frozen=True, slots=True)
class ReliefClocks:
    """The handlers, with the day as their input."""

    today: Callable[[], date]

    async def on_relief(self, deliveries: Sequence[Delivery[ReliefEvent]], work: Work) -> None:
        """Starts both clocks of an order, stops one when its source shows the relief. A repeat changes nothing."""
        await _start(work.db, [one.event for one in deliveries if isinstance(one.event, ReliefOrdered)])
        for delivery in deliveries:
            if isinstance(delivery.event, ReliefAcknowledged):
                await _stop(work, delivery.event)

    async def ring(self, work: Work) -> bool:
        """Opens a discrepancy for each source whose time is over; True when there may be more.

        A source that has no record of the conviction has nothing to show it in, which is a discrepancy of its
        own (``only_in_doj``, ``only_in_court``): it is looked at again when as many days have passed.
        """
        today = self.today()
        due = await work.db.fetch(
            """SELECT relief_id, source, conviction, ordered_on FROM relief_clocks
               WHERE due_on <= $1 AND shown_on IS NULL AND NOT rung
               ORDER BY due_on LIMIT $2 FOR UPDATE SKIP LOCKED""",
            today,
            CHUNK,
        )
        for clock in due:
            conviction = RelievedConviction.model_validate_json(clock["conviction"])
            rings = clock["source"] in await _sources_now(work.db, conviction.counts)
            await work.db.execute(
                "UPDATE relief_clocks SET rung = $3, due_on = $4 WHERE relief_id = $1 AND source = $2",
                clock["relief_id"],
                clock["source"],
                rings,
                today + timedelta(days=DAYS[clock["source"]]),
            )
            if rings:
                await ledger.open_one(work, _not_shown(clock, conviction, work), FOUND_BY)
        return len(due) == CHUNK


async def _start(db: Database, orders: Sequence[ReliefOrdered]) -> None:
    if not orders:
        return
    for source, days in DAYS.items():
        await db.execute(
            """INSERT INTO relief_clocks (relief_id, source, conviction, ordered_on, due_on)
               SELECT relief_id, $1, conviction, ordered_on, ordered_on + $2::int
               FROM unnest($3::uuid[], $4::bytea[], $5::date[]) AS new (relief_id, conviction, ordered_on)
               ON CONFLICT DO NOTHING""",
            source,
            days,
            [order.relief_id for order in orders],
            [order.conviction.model_dump_json().encode() for order in orders],
            [order.at.astimezone(CALIFORNIA).date() for order in orders],
        )


async def _stop(work: Work, event: ReliefAcknowledged) -> None:
    await work.db.execute(
        "UPDATE relief_clocks SET shown_on = $3 WHERE relief_id = $1 AND source = $2 AND shown_on IS NULL",
        event.relief_id,
        event.by,
        event.at.astimezone(CALIFORNIA).date(),
    )
    await ledger.resolve_one(work, entry_id(event.relief_id, event.by), f"shown by {event.by}")


async def _sources_now(db: Database, counts: Iterable[CountKey]) -> set[Source]:
    """The sources that have the conviction now, whatever was known of it when relief was ordered."""
    asked = set(counts)
    convictions = (joined.conviction for joined in convictions_of(await live_records_beside(db, asked)))
    return {
        count.source
        for conviction in convictions
        if not asked.isdisjoint(one.key for one in conviction.counts)
        for count in conviction.counts
    }


def entry_id(relief_id: ReliefId, source: Source) -> DiscrepancyId:
    return DiscrepancyId(derived("relief_not_shown", relief_id, source))


def _not_shown(clock: Mapping[str, Any], conviction: RelievedConviction, work: Work) -> DiscrepancyChanged:
    source: Source = clock["source"]
    return DiscrepancyChanged(
        discrepancy_id=entry_id(clock["relief_id"], source),
        version=1,
        kind="relief_not_shown",
        status="open",
        owner=OWNERS[source],
        county=conviction.county,
        subject_id=conviction.subject_id,
        counts=conviction.counts,
        field="later_relief",
        values=((source, f"not shown {DAYS[source]} days after the order of {clock['ordered_on']}"),),
        first_seen=work.now,
        at=work.now,
    )
