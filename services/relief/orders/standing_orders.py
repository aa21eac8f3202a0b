"""Standing orders: a court's order, entered by one person and confirmed by another, under which relief is ordered as it
arrives.

Without one in force a county in standing mode orders nothing: its proposals wait, and the status says why.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime
from typing import Annotated

from asyncpg import UniqueViolationError
from msgspec.structs import force_setattr

from reliefstream_contracts.frozen import Frozen, derived
from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.relief import CourtOrder
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.unit_of_work import Database, Work
from services.county_folders import Counties
from services.relief import store
from services.relief.lifecycle.standing_order_scope import StandingOrderInForce
from services.relief.lifecycle.transitions import WAITING, ordered
from services.relief.orders.two_persons import confirmed_as_shown, digest_of
from services.relief.set_aside import TRIED_AGAIN_AFTER, Rows, all_or_each

CHUNK = 500
LOCK = "hashtextextended('standing order of ' || county, 0)"


class StandingOrder(Frozen):
    """A standing order as entered: in force from ``confirmed_at`` to ``ended_at``.

    ``confirmed_at`` None: it waits for a second person, or was discarded (``ended_at``). ``entered_by`` and
    ``confirmed_by`` are accounts.
    """

    county: CountyName
    number: str
    judge: str
    on: date
    scope: str
    covers_decisions: bool = False
    """Whether its scope reaches what rests on a person's decision."""
    entered_at: datetime
    entered_by: str
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    ended_on: date | None = None
    ended_at: datetime | None = None

    digest: Annotated[str, derived("Of what was entered, by whom and when: a confirmation names it.")] = ""

    def __post_init__(self) -> None:
        made = digest_of(*_facts(self), self.entered_at.isoformat(), self.entered_by)
        force_setattr(self, "digest", made)

    @property
    def in_force(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None


class InForceAlready(Exception):
    """The county has another standing order in force or waiting, or had one of this number."""


async def in_force(db: Database, counties: Iterable[str]) -> dict[CountyName, StandingOrderInForce]:
    """The standing order of each of these counties that has one in force and is not halted; none ends, and no county is
    halted, before the commit.

    A caller that orders must first lock all rows that it may wait for: otherwise it would block an ``end``, and every
    transaction behind that, while it waits.
    """
    asked = list(counties)
    # FOR SHARE would let batches that overlap starve the clerk; this lock is granted in the order of asking.
    await db.execute(
        f"SELECT pg_advisory_xact_lock_shared({LOCK}) FROM unnest($1::text[]) AS county",  # noqa: S608
        asked,
    )
    rows = await db.fetch(
        """SELECT * FROM standing_orders
           WHERE confirmed_at IS NOT NULL AND ended_at IS NULL AND county = ANY ($1)
           AND county NOT IN (SELECT county FROM ordering_halts)""",
        asked,
    )
    return {
        row["county"]: StandingOrderInForce(
            order=CourtOrder(number=row["number"], judge=row["judge"], on=row["on_date"], standing=True),
            covers_decisions=row["covers_decisions"],
        )
        for row in rows
    }


async def enter(db: Database, order: StandingOrder) -> StandingOrder:
    """Enters a standing order, which waits for ``confirm``; the same again changes nothing. Raises InForceAlready."""
    try:
        async with db.transaction():
            await db.execute(
                """INSERT INTO standing_orders
                       (county, number, judge, on_date, scope, entered_at, entered_by, covers_decisions)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
                order.county,
                order.number,
                order.judge,
                order.on,
                order.scope,
                order.entered_at,
                order.entered_by,
                order.covers_decisions,
            )
    except UniqueViolationError:
        for each in await of_county(db, order.county):
            if each.ended_at is None and _facts(each) == _facts(order):
                return each
        raise InForceAlready from None
    return order


async def confirm(work: Work, county: str, number: str, account: str, shown: str) -> StandingOrder | None:
    """Puts the entered standing order of this number in force; one that is in force stays as it is.

    ``shown``: the digest of the entry that the account was shown. None when there is none that waits or is in force.
    Raises SamePerson, EntryChanged.
    """
    found = await _not_ended(work.db, county, number)
    if found is None:
        return None
    confirmed_as_shown(found.entered_by, found.digest, account, shown)
    if found.confirmed_at:
        return found
    row = await work.db.fetchrow(
        """UPDATE standing_orders SET confirmed_at = $3, confirmed_by = $4
           WHERE county = $1 AND number = $2 AND ended_at IS NULL RETURNING *""",
        county,
        number,
        work.now,
        account,
    )
    return _read(row)


async def discard(work: Work, county: str, number: str, today: date) -> StandingOrder | None:
    """Discards the entered standing order of this number; its number is free again.

    None when none waits for its confirmation.
    """
    row = await work.db.fetchrow(
        """UPDATE standing_orders SET ended_on = $3, ended_at = $4
           WHERE county = $1 AND number = $2 AND confirmed_at IS NULL AND ended_at IS NULL RETURNING *""",
        county,
        number,
        today,
        work.now,
    )
    return _read(row) if row else None


async def end(db: Database, county: str, number: str, on: date, clock: Clock) -> StandingOrder | None:
    """Ends a standing order; what was ordered under it stays. None when there is none of that number in force.

    Waits for transactions that order under it: nothing is ordered under it after ``ended_at``.
    """
    await db.execute(
        f"SELECT pg_advisory_xact_lock({LOCK}) FROM (SELECT $1::text AS county)",  # noqa: S608
        county,
    )
    row = await db.fetchrow(
        """UPDATE standing_orders SET ended_on = $3, ended_at = $4
           WHERE county = $1 AND number = $2 AND confirmed_at IS NOT NULL AND ended_at IS NULL RETURNING *""",
        county,
        number,
        on,
        clock.now(),
    )
    return _read(row) if row else None


async def of_county(db: Database, county: str) -> list[StandingOrder]:
    """All that were ever entered for the county, the latest first."""
    rows = await db.fetch(
        "SELECT * FROM standing_orders WHERE county = $1 ORDER BY entered_at DESC, number", county
    )
    return [_read(row) for row in rows]


def still_to_order(counties: Counties) -> str:
    """The SQL that counts the reliefs that the job has still to order, for ``/status``."""
    names = ", ".join(f"'{each.county}'" for each in counties.values() if each.order_mode == "standing")
    states = ", ".join(f"'{state}'" for state in WAITING)
    return (
        "SELECT count(*) FROM reliefs JOIN standing_orders USING (county) "  # noqa: S608 - names of our own
        "WHERE confirmed_at IS NOT NULL AND ended_at IS NULL "
        f"AND state IN ({states}) AND county IN ({names or 'NULL'}) "
        "AND (rests_on IS NULL OR covers_decisions) AND county NOT IN (SELECT county FROM ordering_halts) "
        "AND NOT EXISTS (SELECT FROM set_aside WHERE set_aside.relief_id = reliefs.relief_id)"
    )


def order_what_waits(counties: Counties) -> Callable[[Work], Awaitable[bool]]:
    """A job: orders what waits in counties with a standing order in force, some hundred at a time."""
    standing_mode = [each.county for each in counties.values() if each.order_mode == "standing"]

    async def job(work: Work) -> bool:
        # Before the reliefs, out of the usual order: it never waits for them.
        orders = await in_force(work.db, standing_mode)
        rows = await work.db.fetch(
            """SELECT * FROM reliefs
               WHERE county = ANY ($1) AND state = ANY ($2) AND obstacle IS NULL
                 AND (rests_on IS NULL OR county = ANY ($5)) AND NOT EXISTS (
                   SELECT FROM set_aside WHERE set_aside.relief_id = reliefs.relief_id AND at > $4)
               ORDER BY relief_id LIMIT $3 FOR UPDATE SKIP LOCKED""",
            list(orders),
            list(WAITING),
            CHUNK,
            work.now - TRIED_AGAIN_AFTER,
            [county for county, order in orders.items() if order.covers_decisions],
        )

        async def order(some: Rows) -> None:
            done = []
            for row in some:
                relief, event = ordered(store.relief_of(row), orders[row["county"]].order, work.now)
                done.append(relief)
                work.emit(event, store.carried(relief))
            await store.save(work.db, done)

        if rows:
            await all_or_each(work, "standing orders", rows, order)
        return len(rows) == CHUNK

    return job


async def _not_ended(db: Database, county: str, number: str) -> StandingOrder | None:
    row = await db.fetchrow(
        "SELECT * FROM standing_orders WHERE county = $1 AND number = $2 AND ended_at IS NULL FOR UPDATE",
        county,
        number,
    )
    return _read(row) if row else None


def _facts(order: StandingOrder) -> tuple[object, ...]:
    return order.county, order.number, order.judge, order.on, order.scope, order.covers_decisions


def _read(row: object) -> StandingOrder:
    values = dict(row)  # type: ignore[call-overload]
    return StandingOrder.of({**values, "on": values["on_date"]})
