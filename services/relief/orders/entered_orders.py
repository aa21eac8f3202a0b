"""The entry of a court's blanket order on a proposed order, and its confirmation.

One person enters the order, another confirms it, each in one short transaction. The lines follow in bounded chunks, so
that an order over a whole county blocks nothing; after a crash a job continues with the remaining lines. A line that
cannot be ordered any more stores the reason.
"""

import json
from functools import partial

from reliefstream_contracts.identifiers import ReliefId
from reliefstream_contracts.relief import CourtOrder, RelievedConviction
from services.chassis.runtime.unit_of_work import Work
from services.relief import store
from services.relief.lifecycle.transitions import ORDERED, NotPossible, Relief, ordered
from services.relief.orders.halts import halted_among
from services.relief.orders.proposed_orders import NotOpen, ProposedOrder
from services.relief.orders.two_persons import confirmed_as_shown
from services.relief.set_aside import TRIED_AGAIN_AFTER, Rows, all_or_each

CHUNK = 500
LINES_TO_ORDER = """SELECT count(*) FROM proposed_order_lines JOIN proposed_orders USING (proposed_order_id)
    WHERE result = 'pending' AND county NOT IN (SELECT county FROM ordering_halts)"""


class UnknownExceptions(Exception):
    """Entries of the list of exceptions that name no line; ``positions`` counts them from 1."""

    def __init__(self, positions: list[int]) -> None:
        super().__init__("exceptions name no line")
        self.positions = positions


async def enter(
    work: Work, proposed: ProposedOrder, order: CourtOrder, exceptions: list[str], account: str
) -> ProposedOrder:
    """Enters the court's order on a locked proposed order, which waits for ``confirm``; nothing is ordered yet.

    ``exceptions`` are relief ids or counts: a case number alone would name co-defendants, too. The same entry again
    changes nothing. Raises NotOpen, UnknownExceptions.
    """
    if proposed.state in ("waiting", "entered") and proposed.court_order == order:
        return proposed
    if proposed.state != "open":
        raise NotOpen
    rows = await work.db.fetch(
        """UPDATE proposed_order_lines SET result =
               CASE WHEN relief_id::text = ANY ($2) OR conviction -> 'counts' ?| $2
                    THEN 'excepted' ELSE 'unconfirmed' END
           WHERE proposed_order_id = $1
           RETURNING line, relief_id::text, CASE WHEN result = 'excepted' THEN conviction ->> 'counts' END AS counts""",
        proposed.proposed_order_id,
        exceptions,
    )
    named = {name for row in rows if row["counts"] for name in (row["relief_id"], *json.loads(row["counts"]))}
    unknown = [position for position, each in enumerate(exceptions, 1) if each not in named]
    if unknown:
        raise UnknownExceptions(unknown)
    excepted = tuple(sorted(row["line"] for row in rows if row["counts"]))
    await work.db.execute(
        """UPDATE proposed_orders SET state = 'waiting', court_order = $2, entered_at = $3, entered_by = $4,
               excepted = $5
           WHERE proposed_order_id = $1""",
        proposed.proposed_order_id,
        order.to_json().decode(),
        work.now,
        account,
        excepted,
    )
    entered = {"court_order": order, "entered_at": work.now, "entered_by": account, "excepted": excepted}
    return proposed.replace(state="waiting", **entered)


async def confirm(
    work: Work, proposed: ProposedOrder, number: str, account: str, shown: str
) -> ProposedOrder:
    """Confirms the order of this number on a locked proposed order; its lines but the exceptions are to be ordered.

    ``shown``: the digest of the entry that the account was shown. The same confirmation again changes nothing. Raises
    NotOpen where no order of this number was entered, SamePerson, EntryChanged.
    """
    if proposed.court_order is None or proposed.court_order.number != number:
        raise NotOpen
    confirmed_as_shown(proposed.entered_by, proposed.digest, account, shown)
    if proposed.state == "entered":
        return proposed
    await work.db.execute(
        """UPDATE proposed_order_lines SET result = 'pending'
           WHERE proposed_order_id = $1 AND result = 'unconfirmed'""",
        proposed.proposed_order_id,
    )
    await work.db.execute(
        """UPDATE proposed_orders SET state = 'entered', confirmed_at = $2, confirmed_by = $3
           WHERE proposed_order_id = $1""",
        proposed.proposed_order_id,
        work.now,
        account,
    )
    made = {"state": "entered", "confirmed_at": work.now, "confirmed_by": account}
    return proposed.replace(**made)


async def discard_entry(work: Work, proposed: ProposedOrder, number: str) -> ProposedOrder:
    """Discards the order that was entered on a locked proposed order: the list is before the court as it was.

    Raises NotOpen where no order of this number waits for its confirmation.
    """
    if proposed.state != "waiting" or proposed.court_order is None or proposed.court_order.number != number:
        raise NotOpen
    await work.db.execute(
        "UPDATE proposed_order_lines SET result = NULL WHERE proposed_order_id = $1",
        proposed.proposed_order_id,
    )
    await work.db.execute(
        """UPDATE proposed_orders SET state = 'open', court_order = NULL, entered_at = NULL, entered_by = NULL,
               excepted = '{}'
           WHERE proposed_order_id = $1""",
        proposed.proposed_order_id,
    )
    nothing = {"state": "open", "court_order": None, "entered_at": None, "entered_by": None}
    return proposed.replace(**nothing, excepted=())


async def order_lines(work: Work) -> bool:
    """A job: orders some of the lines of entered orders; True when there may be more."""
    await work.db.execute(
        """UPDATE proposed_order_lines AS line SET result = 'pending'
           WHERE result = 'set_aside' AND NOT EXISTS (
               SELECT FROM set_aside WHERE set_aside.relief_id = line.relief_id AND at > $1)""",
        work.now - TRIED_AGAIN_AFTER,
    )
    rows = await work.db.fetch(
        """SELECT proposed_order_id, line, relief_id, kind, redesignated_to, conviction, court_order,
               county
           FROM proposed_order_lines JOIN proposed_orders USING (proposed_order_id)
           WHERE result = 'pending' AND county NOT IN (SELECT county FROM ordering_halts)
           ORDER BY relief_id LIMIT $1
           FOR UPDATE OF proposed_order_lines SKIP LOCKED""",
        CHUNK,
    )
    if not rows:
        return False
    failed = await all_or_each(work, "entered orders", rows, partial(_order, work))
    await _save_results(work, failed, ["set_aside"] * len(failed))
    return len(rows) == CHUNK


async def _order(work: Work, rows: Rows) -> None:
    reliefs = await store.lock_reliefs(work.db, [row["relief_id"] for row in rows])
    halted = await halted_among(work, [row["county"] for row in rows])
    rows = [row for row in rows if row["county"] not in halted]
    results: list[str] = []
    changed: dict[ReliefId, Relief] = {}
    for row in rows:
        relief = changed.get(row["relief_id"], reliefs.get(row["relief_id"]))
        if relief is None:  # ordered under another order, and sealed since
            results.append("ordered_before")
            continue
        # The court ordered what the list said, and that is not proposed now.
        if (relief.kind, relief.redesignated_to) != (row["kind"], row["redesignated_to"]):
            results.append("kind_changed")
            continue
        if not same_conviction(RelievedConviction.of(row["conviction"]), relief.conviction):
            results.append("conviction_changed")
            continue
        try:
            relief, event = ordered(relief, CourtOrder.of(row["court_order"]), work.now)
        except NotPossible as refused:
            results.append("ordered_before" if refused.state in ORDERED else refused.state.value)
            continue
        work.emit(event, store.carried(relief))
        changed[relief.relief_id] = relief
        results.append("ordered")
    await store.save(work.db, changed.values())
    await _save_results(work, rows, results)


async def _save_results(work: Work, rows: Rows, results: list[str]) -> None:
    await work.db.execute(
        """UPDATE proposed_order_lines AS done SET result = new.result
           FROM unnest($1::text[], $2::int[], $3::text[]) AS new (proposed_order_id, line, result)
           WHERE done.proposed_order_id = new.proposed_order_id AND done.line = new.line""",
        [row["proposed_order_id"] for row in rows],
        [row["line"] for row in rows],
        results,
    )


def same_conviction(listed: RelievedConviction, now: RelievedConviction) -> bool:
    """Whether a printed line is about the conviction that its relief is on now: they share a count.

    Where the conviction has lost counts of the line, by a split or a withdrawn record, the case number must also be the
    printed one, as it is all that the court saw.
    """
    before, after = set(listed.counts), set(now.counts)
    return bool(before & after) and (before <= after or _as_printed(listed) == _as_printed(now))


def _as_printed(conviction: RelievedConviction) -> str | None:
    written = conviction.source_case_numbers
    return written.get("court") or conviction.case_number or written.get("doj")
