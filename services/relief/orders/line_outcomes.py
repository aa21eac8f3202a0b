"""What the court's clerk found when the lines of an order were carried out, and whom the court told."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from services.chassis.runtime.unit_of_work import Database, Work
from services.relief import store
from services.relief.lifecycle.transitions import State, acknowledged
from services.relief.orders.proposed_orders import NotOpen, ProposedOrder

LineOutcome = Literal["done", "not_found", "destroyed", "duplicate"]
"""``done``: the court's record shows the relief. ``duplicate``: another line of the order is on the same count."""
Told = Literal["doj", "arresting_agencies"]


async def tell(
    work: Work, proposed: ProposedOrder, outcomes: Mapping[int, LineOutcome], account: str
) -> list[int]:
    """Keeps each line's outcome on a locked order; what is done is acknowledged by the court.

    Returns the lines that the order does not have, or that were not ordered. Raises NotOpen before it is confirmed.
    """
    if proposed.state != "entered":
        raise NotOpen
    rows = await work.db.fetch(
        """UPDATE proposed_order_lines AS line SET outcome = told.outcome, outcome_at = $4, outcome_by = $5
           FROM unnest($2::int[], $3::text[]) AS told (line, outcome)
           WHERE proposed_order_id = $1 AND line.line = told.line AND result IN ('ordered', 'ordered_before')
           RETURNING line.line, relief_id, line.outcome""",
        proposed.proposed_order_id,
        list(outcomes.keys()),
        list(outcomes.values()),
        work.now,
        account,
    )
    done = await store.lock_reliefs(work.db, [row["relief_id"] for row in rows if row["outcome"] == "done"])
    changed = []
    for relief in done.values():
        if relief.state is not State.ORDERED:
            continue
        now, event = acknowledged(relief, "court", work.now)
        if event:
            changed.append(now)
            work.emit(event, store.carried(now))
    await store.save(work.db, changed)
    return sorted(outcomes.keys() - {row["line"] for row in rows})


async def counted(db: Database, proposed_order_id: str) -> dict[str, int]:
    """How many lines had each outcome."""
    rows = await db.fetch(
        """SELECT outcome, count(*) AS lines FROM proposed_order_lines
           WHERE proposed_order_id = $1 AND outcome IS NOT NULL GROUP BY 1 ORDER BY 1""",
        proposed_order_id,
    )
    return {row["outcome"]: row["lines"] for row in rows}


async def was_told(db: Database, proposed: ProposedOrder, to: Told, on: date) -> ProposedOrder:
    """The day on which the court told DOJ, or sent the copies. Raises NotOpen before the order is confirmed."""
    if proposed.state != "entered":
        raise NotOpen
    column = "reported_on" if to == "doj" else "copied_on"
    await db.execute(
        f"UPDATE proposed_orders SET {column} = $2 WHERE proposed_order_id = $1",  # noqa: S608 - one of two
        proposed.proposed_order_id,
        on,
    )
    return proposed.replace(**{column: on})
