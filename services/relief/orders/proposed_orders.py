"""Proposed blanket orders: a numbered list for the court.

A relief stands on at most one open proposed order, so that two lists before the court never ask for the same
twice. Its lines are as the court got them, whatever the records say later.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec.structs import force_setattr

from reliefstream_contracts.frozen import Frozen, derived
from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.relief import CourtOrder
from services.chassis.runtime.unit_of_work import Database, Work
from services.relief.lifecycle.transitions import WAITING
from services.relief.orders.two_persons import digest_of


class ProposedOrder(Frozen):
    """A list that was made for the court.

    ``waiting``: one person entered the court's order, and another has still to confirm it. ``entered_by`` and
    ``confirmed_by`` are accounts. ``excepted``: the lines that the court left out.
    """

    proposed_order_id: str
    county: CountyName
    number: int
    state: Literal["open", "waiting", "entered", "discarded"]
    made_at: datetime
    court_order: CourtOrder | None = None
    entered_at: datetime | None = None
    entered_by: str | None = None
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    reported_on: date | None = None
    """When the clerk reported the dispositions to DOJ (PC 13151); None: not yet."""
    copied_on: date | None = None
    """When the copy went to the arresting agencies; None: not yet."""
    excepted: tuple[int, ...] = ()

    digest: Annotated[
        str | None,
        derived("Of what was entered, by whom and when: a confirmation names it. None: nothing is entered."),
    ] = None

    def __post_init__(self) -> None:
        made = None
        if self.court_order is not None and self.entered_at is not None:
            order = self.court_order.to_json().decode()
            entered_at = self.entered_at.isoformat()
            made = digest_of(self.proposed_order_id, order, self.excepted, entered_at, self.entered_by)
        force_setattr(self, "digest", made)


class NotOpen(Exception):
    """The state of the proposed order does not allow it."""


async def propose(work: Work, county: CountyName) -> tuple[ProposedOrder | None, bool]:
    """Puts waiting reliefs of the county that are on no open list on a new proposed order, and returns it with True.

    When no new relief waits it returns the latest open proposed order (None: there is none) with False.
    """
    await work.db.execute("SELECT pg_advisory_xact_lock(hashtextextended('propose ' || $1, 0))", county)
    rows = await work.db.fetch(
        """SELECT relief_id FROM reliefs
           WHERE county = $1 AND state = ANY ($2) AND obstacle IS NULL AND NOT EXISTS (
               SELECT FROM proposed_order_lines JOIN proposed_orders USING (proposed_order_id)
               WHERE proposed_order_lines.relief_id = reliefs.relief_id
                 AND proposed_orders.state IN ('open', 'waiting'))
           ORDER BY case_number NULLS LAST, relief_id""",
        county,
        list(WAITING),
    )
    if not rows:
        row = await work.db.fetchrow(
            "SELECT * FROM proposed_orders WHERE county = $1 AND state = 'open' ORDER BY number DESC LIMIT 1",
            county,
        )
        return (ProposedOrder.of(dict(row)) if row else None), False
    number: int = await work.db.fetchval(
        "SELECT coalesce(max(number), 0) + 1 FROM proposed_orders WHERE county = $1", county
    )
    made = ProposedOrder(
        proposed_order_id=f"{county}-{number}", county=county, number=number, state="open", made_at=work.now
    )
    await work.db.execute(
        """INSERT INTO proposed_orders (proposed_order_id, county, number, state, made_at)
           VALUES ($1, $2, $3, 'open', $4)""",
        made.proposed_order_id,
        county,
        number,
        work.now,
    )
    await work.db.execute(
        """INSERT INTO proposed_order_lines
               (proposed_order_id, line, relief_id, kind, redesignated_to, case_number, conviction)
           SELECT $1, wanted.line, relief_id, kind, redesignated_to, case_number, conviction
           FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted (relief_id, line) JOIN reliefs USING (relief_id)""",
        made.proposed_order_id,
        [row["relief_id"] for row in rows],
    )
    return made, True


async def find(db: Database, proposed_order_id: str, lock: bool = False) -> ProposedOrder | None:
    """The proposed order of this id, None when there is none; ``lock`` keeps others from changing it."""
    row = await db.fetchrow(
        "SELECT * FROM proposed_orders WHERE proposed_order_id = $1" + (" FOR UPDATE" if lock else ""),  # noqa: S608
        proposed_order_id,
    )
    return ProposedOrder.of(dict(row)) if row else None


async def of_county(db: Database, county: str) -> list[ProposedOrder]:
    """All of the county, the latest first."""
    rows = await db.fetch("SELECT * FROM proposed_orders WHERE county = $1 ORDER BY number DESC", county)
    return [ProposedOrder.of(dict(row)) for row in rows]


async def lines(db: Database, proposed_order_id: str, but_ordered: bool = False) -> list[dict[str, Any]]:
    """Its lines in order: by case number, those without one last; ``but_ordered`` leaves out what was ordered.

    Of a line whose conviction was sealed nothing is left to show.

    ``result`` is None until the order is entered, ``unconfirmed`` or ``excepted`` until it is confirmed, ``pending``
    for a moment, then ``ordered``, ``excepted``,
    ``ordered_before`` (under another order), ``kind_changed``, ``conviction_changed`` (its relief is on another
    conviction than the list says), ``set_aside`` (a defect of ours; it is tried again), or the state that kept it
    from being ordered. ``outcome``: what the clerk found when the line was carried out; None: not told.
    ``still_serving``: whether the sentence runs, as it is known now; None: not known.
    """
    rows = await db.fetch(
        """SELECT line, case_number, conviction ->> 'county' AS county, conviction ->> 'court' AS court,
               conviction ->> 'section' AS code_section, conviction ->> 'level' AS level,
               conviction ->> 'conviction_date' AS conviction_date, kind AS relief, redesignated_to,
               conviction -> 'counts' AS counts, relief_id::text AS relief_id, result, outcome,
               conviction ->> 'subject_id' AS subject_id, still_serving
           FROM proposed_order_lines AS line
           LEFT JOIN (SELECT relief_id, still_serving FROM reliefs) AS now USING (relief_id)
           WHERE proposed_order_id = $1 AND NOT ($2 AND result IS NOT DISTINCT FROM 'ordered')
             AND conviction -> 'counts' IS NOT NULL
           ORDER BY line""",
        proposed_order_id,
        but_ordered,
    )
    return [dict(row) for row in rows]


async def results(db: Database, proposed_order_id: str) -> dict[str, int]:
    """How many lines had each result; empty before the order is entered."""
    rows = await db.fetch(
        """SELECT result, count(*) AS lines FROM proposed_order_lines
           WHERE proposed_order_id = $1 AND result IS NOT NULL GROUP BY 1 ORDER BY 1""",
        proposed_order_id,
    )
    return {row["result"]: row["lines"] for row in rows}


async def discard(db: Database, proposed: ProposedOrder) -> ProposedOrder:
    """Discards a list that the court declined; its reliefs go on the next one. Raises NotOpen where it has an order."""
    if proposed.state in ("waiting", "entered"):
        raise NotOpen
    await db.execute(
        "UPDATE proposed_orders SET state = 'discarded' WHERE proposed_order_id = $1",
        proposed.proposed_order_id,
    )
    return proposed.replace(state="discarded")
