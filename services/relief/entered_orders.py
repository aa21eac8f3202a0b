"""The entry of a court's blanket order on a proposed order.

The entry is one short transaction. The lines follow in bounded chunks, so that an order over a whole county holds
nothing up; a job goes on with what a crash left. A line that cannot be ordered any more keeps the reason.
"""

from reliefstream_contracts.identifiers import ReliefId
from reliefstream_contracts.relief import CourtOrder
from services.chassis.work import Work
from services.relief import store
from services.relief.proposed_orders import NotOpen, ProposedOrder
from services.relief.transitions import NotPossible, Relief, State, ordered

CHUNK = 500
LINES_TO_ORDER = "SELECT count(*) FROM proposed_order_lines WHERE result = 'pending'"


class UnknownExceptions(Exception):
    """Entries of the list of exceptions that name no line; ``positions`` counts them from 1."""

    def __init__(self, positions: list[int]) -> None:
        super().__init__("exceptions name no line")
        self.positions = positions


async def enter(
    work: Work, proposed: ProposedOrder, order: CourtOrder, exceptions: list[str]
) -> ProposedOrder:
    """Enters the court's order on a locked proposed order; its lines, but for the exceptions, are to be ordered.

    ``exceptions`` are case numbers as printed, or relief ids. The same entry again changes nothing. Raises
    NotOpen, UnknownExceptions.
    """
    if proposed.state == "entered" and proposed.court_order == order:
        return proposed
    if proposed.state != "open":
        raise NotOpen
    rows = await work.db.fetch(
        """UPDATE proposed_order_lines SET result =
               CASE WHEN btrim(case_number) = ANY ($2) OR relief_id::text = ANY ($2)
                    THEN 'excepted' ELSE 'pending' END
           WHERE proposed_order_id = $1 RETURNING btrim(case_number) AS case_number, relief_id::text, result""",
        proposed.proposed_order_id,
        exceptions,
    )
    named = {
        name for row in rows if row["result"] == "excepted" for name in (row["case_number"], row["relief_id"])
    }
    unknown = [position for position, each in enumerate(exceptions, 1) if each not in named]
    if unknown:
        raise UnknownExceptions(unknown)
    await work.db.execute(
        """UPDATE proposed_orders SET state = 'entered', court_order = $2, entered_at = $3
           WHERE proposed_order_id = $1""",
        proposed.proposed_order_id,
        order.model_dump_json(),
        work.now,
    )
    return proposed.model_copy(update={"state": "entered", "court_order": order, "entered_at": work.now})


async def order_lines(work: Work) -> bool:
    """A job: orders some of the lines of entered orders; True when there may be more."""
    rows = await work.db.fetch(
        """SELECT proposed_order_id, line, relief_id, kind, court_order
           FROM proposed_order_lines JOIN proposed_orders USING (proposed_order_id)
           WHERE result = 'pending' ORDER BY relief_id LIMIT $1
           FOR UPDATE OF proposed_order_lines SKIP LOCKED""",
        CHUNK,
    )
    if not rows:
        return False
    reliefs = await store.lock_reliefs(work.db, [row["relief_id"] for row in rows])
    results: list[str] = []
    changed: dict[ReliefId, Relief] = {}
    for row in rows:
        relief = changed.get(row["relief_id"], reliefs[row["relief_id"]])
        if relief.kind != row["kind"]:
            results.append(
                "kind_changed"
            )  # the court ordered what the list said, and that is not proposed now
            continue
        try:
            relief, event = ordered(relief, CourtOrder.model_validate(row["court_order"]), work.now)
        except NotPossible as refused:
            results.append("ordered_before" if refused.state is State.ORDERED else refused.state.value)
            continue
        work.emit(event)
        changed[relief.relief_id] = relief
        results.append("ordered")
    await store.save(work.db, changed.values())
    await work.db.execute(
        """UPDATE proposed_order_lines AS done SET result = new.result
           FROM unnest($1::text[], $2::int[], $3::text[]) AS new (proposed_order_id, line, result)
           WHERE done.proposed_order_id = new.proposed_order_id AND done.line = new.line""",
        [row["proposed_order_id"] for row in rows],
        [row["line"] for row in rows],
        results,
    )
    return len(rows) == CHUNK
