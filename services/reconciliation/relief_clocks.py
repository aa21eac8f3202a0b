"""Whether relief is ordered and shown in time: a clock for each duty, and a discrepancy when it expires."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from reliefstream_contracts.county_file import CALIFORNIA_TIME
from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.event import Event
from reliefstream_contracts.identifiers import CountKey, DiscrepancyId, ReliefId, Source, derived
from reliefstream_contracts.relief import ReliefEvent, RelievedConviction
from services.chassis.runtime.tombstones import ids_in
from services.chassis.runtime.unit_of_work import Database, Delivery, Work
from services.reconciliation import ledger
from services.reconciliation.http.queries import live_records_beside
from services.reconciliation.linkage.conviction.convictions import convictions_of
from services.reconciliation.referrals import stages
from services.reconciliation.relief_duties import DUTIES, DutyName, Move, asked_on, due_by, in_words, moves

CALIFORNIA = ZoneInfo(CALIFORNIA_TIME)
FOUND_BY = "relief clocks"
KINDS = frozenset(duty.kind for duty in DUTIES.values())
CHUNK = 100
LOOK_AGAIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ReliefClocks:
    """The handlers, with the day as their input."""

    today: Callable[[], date]

    async def on_relief(self, deliveries: Sequence[Delivery[Event]], work: Work) -> None:
        """Starts and stops the clocks that each event moves, keeps where relief stands. A repeat changes nothing."""
        await stages.follow(work.db, (delivery.event for delivery in deliveries))
        newest: dict[tuple[ReliefId, DutyName], tuple[ReliefEvent, Move]] = {}
        for delivery in deliveries:
            event = delivery.event
            if not isinstance(
                event, ReliefEvent
            ):  # a review's decision: no court and no DOJ owes anything yet
                continue
            for move in moves(event, _day(event)):
                before = newest.get((event.relief_id, move.duty))
                if before is None or before[0].sequence < event.sequence:
                    newest[event.relief_id, move.duty] = event, move
        moved = await _move(work.db, newest.values())
        ended = {entry_id(*key): newest[key][1].ended_by for key in moved}
        await ledger.resolve(work, {entry: by for entry, by in ended.items() if by is not None})

    async def erased(self, keys: Sequence[str], work: Work) -> None:
        """Of tombstones: forgets the clocks that these steps moved last, and where their convictions stand. Of a relief
        that goes on, a later step has moved them."""
        last: dict[UUID, int] = {}
        for relief, _, sequence in (key.partition("/") for key in keys):
            for relief_id in ids_in([relief]):
                last[relief_id] = max(last.get(relief_id, 0), int(sequence))
        rows = await work.db.fetch(
            """DELETE FROM relief_clocks USING unnest($1::uuid[], $2::int[]) AS erased (relief_id, last)
               WHERE relief_clocks.relief_id = erased.relief_id AND sequence <= last RETURNING conviction""",
            list(last),
            list(last.values()),
        )
        counts = {count for row in rows for count in RelievedConviction.from_json(row["conviction"]).counts}
        await work.db.execute("DELETE FROM relief_stages WHERE count_key = ANY ($1)", sorted(counts))

    async def ring(self, work: Work) -> bool:
        """Opens a discrepancy for each duty whose time is over; True when there may be more.

        A source that has no record of the conviction has nothing to show relief in, which is a discrepancy of its
        own (``only_in_doj``, ``only_in_court``); a conviction without a DOJ record is not on DOJ's list. It is
        looked at again after 30 days.
        """
        today = self.today()
        due = await work.db.fetch(
            """SELECT relief_id, duty, conviction, moved_on FROM relief_clocks
               WHERE look_on <= $1 ORDER BY look_on LIMIT $2 FOR UPDATE SKIP LOCKED""",
            today,
            CHUNK,
        )
        late: list[DiscrepancyChanged] = []
        again: list[date | None] = []
        for clock in due:
            conviction = RelievedConviction.from_json(clock["conviction"])
            rings = DUTIES[clock["duty"]].owed_with in await _sources_now(work.db, conviction.counts)
            again.append(None if rings else today + LOOK_AGAIN)
            if rings:
                late.append(_late(clock, conviction, work))
        await look_on(work.db, due, again)
        await ledger.open_found(work, late, FOUND_BY)
        return len(due) == CHUNK


async def look_on(db: Database, clocks: Sequence[Mapping[str, Any]], days: Sequence[date | None]) -> None:
    """Sets the day on which each of these running clocks is checked next; None: not again."""
    await db.execute(
        """UPDATE relief_clocks SET look_on = new.look_on
           FROM unnest($1::uuid[], $2::text[], $3::date[]) AS new (relief_id, duty, look_on)
           WHERE relief_clocks.relief_id = new.relief_id AND relief_clocks.duty = new.duty
             AND relief_clocks.look_on IS NOT NULL""",
        [clock["relief_id"] for clock in clocks],
        [clock["duty"] for clock in clocks],
        list(days),
    )


async def _move(db: Database, newest: Iterable[tuple[ReliefEvent, Move]]) -> list[tuple[ReliefId, DutyName]]:
    """The clocks that changed; one that a later event moved before stays."""
    bodies: dict[tuple[ReliefId, int], bytes] = {}  # an order moves three clocks
    rows = []
    for event, move in newest:
        step, day = (event.relief_id, event.sequence), _day(event)
        body = bodies.get(step) or bodies.setdefault(step, event.conviction.to_json())
        look = asked_on(move.duty, day) if move.ended_by is None else None
        rows.append((event.relief_id, move.duty, event.sequence, body, day, look))
    if not rows:
        return []
    moved = await db.fetch(
        """INSERT INTO relief_clocks (relief_id, duty, sequence, conviction, moved_on, look_on)
           SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::bytea[], $5::date[], $6::date[])
           ON CONFLICT (relief_id, duty) DO UPDATE SET sequence = excluded.sequence,
               conviction = excluded.conviction, moved_on = excluded.moved_on, look_on = excluded.look_on
           WHERE relief_clocks.sequence < excluded.sequence
           RETURNING relief_id, duty""",
        *map(list, zip(*rows, strict=True)),
    )
    return [(row["relief_id"], row["duty"]) for row in moved]


def _day(event: ReliefEvent) -> date:
    return event.at.astimezone(CALIFORNIA).date()


async def _sources_now(db: Database, counts: Iterable[CountKey]) -> set[Source]:
    """The sources that have the conviction now, whatever was known of it when the clock started."""
    asked = set(counts)
    convictions = (joined.conviction for joined in convictions_of(await live_records_beside(db, asked)))
    return {
        count.source
        for conviction in convictions
        if not asked.isdisjoint(one.key for one in conviction.counts)
        for count in conviction.counts
    }


def entry_id(relief_id: ReliefId, duty: DutyName) -> DiscrepancyId:
    return DiscrepancyId(derived(DUTIES[duty].kind, relief_id, duty))


def _late(clock: Mapping[str, Any], conviction: RelievedConviction, work: Work) -> DiscrepancyChanged:
    name: DutyName = clock["duty"]
    duty, started_on = DUTIES[name], clock["moved_on"]
    return DiscrepancyChanged(
        discrepancy_id=entry_id(clock["relief_id"], name),
        version=1,
        kind=duty.kind,
        status="open",
        owner=duty.owner,
        county=conviction.county,
        subject_id=conviction.subject_id,
        counts=conviction.counts,
        field="later_relief",
        values=(("doj" if duty.owner == "doj" else "court", in_words(name, started_on)),),
        due_by=due_by(name, started_on),
        first_seen=work.now,
        at=work.now,
    )
