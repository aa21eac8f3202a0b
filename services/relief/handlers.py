"""What relief does with determinations."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TypeVar

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.identifiers import ReviewId, SubjectId
from reliefstream_contracts.relief import ReliefEvent
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.tombstones import ids_in
from services.chassis.runtime.unit_of_work import Delivery, Trace, Work
from services.county_folders import Counties
from services.relief import store
from services.relief.county_days import day_in, due_on
from services.relief.lifecycle.findings import findings
from services.relief.lifecycle.from_findings import Followed, NewId, follow_findings
from services.relief.lifecycle.transitions import Relief
from services.relief.orders.standing_orders import in_force
from services.relief.review import store as review_store
from services.relief.review.follow_determinations import follow, standing_decisions
from services.relief.review.review import Review
from services.relief.sealing.copies import without_copies
from services.relief.store import Known

Traces = dict[SubjectId, Trace | None]
T = TypeVar("T", Relief, Review)


class Handlers:
    """The events that come in, and what they change."""

    def __init__(self, counties: Counties, new_id: NewId, keyed_hash: KeyedHash) -> None:
        """``keyed_hash``: by which a copy of what is sealed is recognised."""
        self._counties, self._new_id, self._keyed_hash = counties, new_id, keyed_hash

    async def determinations_changed(
        self, deliveries: Sequence[Delivery[DeterminationsChanged]], work: Work
    ) -> None:
        """Stores the newest snapshot of each subject and reviews the convictions in it.

        A snapshot whose version is not higher than the stored one is dropped. Of several snapshots of one subject in a
        batch only the last counts: nothing can have been ordered on the others, as nobody has seen them.
        """
        newest: dict[SubjectId, Delivery[DeterminationsChanged]] = {}
        for delivery in deliveries:
            subject = delivery.event.subject_id
            if subject not in newest or delivery.event.version > newest[subject].event.version:
                newest[subject] = delivery
        into = {each.event.retired_into for each in newest.values() if each.event.retired_into}
        versions = await store.lock_subjects(work.db, {*newest, *into})
        snapshots = [
            each.event for each in newest.values() if each.event.version > versions[each.event.subject_id]
        ]
        if not snapshots:
            return
        found = [finding for snapshot in snapshots for finding in findings(snapshot)]
        found = await without_copies(work.db, found, self._keyed_hash)
        counts = await store.counts_judged(work.db, [each.subject_id for each in snapshots])
        counts |= {count for each in found for count in each.counts}
        locked = await store.lock_around(work.db, counts)
        await store.replace_findings(work.db, snapshots, found)
        await store.count_as_one(
            work.db, [one.subject_id for one in snapshots if one.retired_into is not None]
        )
        known = await store.known_around(work.db, locked, snapshots, found)
        traces = {subject: each.trace for subject, each in newest.items()}
        await apply_findings(known, self._counties, work, self._new_id, traces)

    async def erased(self, keys: Sequence[str], work: Work) -> None:
        """Takes subjects that were erased as if nothing were determined on them any more, and forgets them."""
        known = await work.db.fetch(
            "SELECT subject_id, version FROM subjects WHERE subject_id = ANY ($1)", ids_in(keys)
        )
        empty = [
            DeterminationsChanged(subject_id=row["subject_id"], version=row["version"] + 1, determinations=())
            for row in known
        ]
        await self.determinations_changed([Delivery(each) for each in empty], work)
        gone = [row["subject_id"] for row in known]
        await work.db.execute("UPDATE subjects SET gone = true WHERE subject_id = ANY ($1)", gone)
        await store.forget_subjects(work.db, gone)


async def apply_findings(
    known: Known, counties: Counties, work: Work, new_id: NewId, traces: Traces | None = None
) -> None:
    """Reviews what is known, saves what changed and emits its events."""
    standing = await in_force(work.db, standing_counties(counties))
    decisions = standing_decisions(known.reviews.values(), known.findings, day_in=partial(day_in, counties))
    done = follow_findings(
        known.findings,
        known.reliefs.values(),
        known.held,
        standing,
        decisions=decisions,
        new_id=new_id,
        at=work.now,
    )
    by_subject = traces or {}
    reliefs = [_traced(each, by_subject) for each in done.reliefs.values()]
    await store.save(work.db, reliefs, done.held)
    by_relief = {each.relief_id: each for each in reliefs}
    for event in done.events:
        if isinstance(event, ReliefEvent):
            trace = by_subject.get(event.conviction.subject_id) or store.carried(by_relief[event.relief_id])
        else:
            trace = by_subject.get(event.subject_id) if event.subject_id else None
        work.emit(event, trace)
    await _follow(known, done, counties, work, new_id=new_id, traces=by_subject)


async def _follow(
    known: Known, done: Followed, counties: Counties, work: Work, *, new_id: NewId, traces: Traces
) -> None:
    held = {count: relief for count, relief in {**known.held, **done.held}.items() if relief is not None}
    after = follow(
        known.findings,
        {**known.reliefs, **done.reliefs},
        held,
        known.reviews.values(),
        due_on=partial(due_on, counties),
        new_id=lambda: ReviewId(new_id()),
        at=work.now,
    )
    changed = [_traced(each, traces) for each in after]
    await review_store.save(work.db, changed)
    await review_store.record(work.db, review_store.followed(known.reviews, changed), work.now)


def _traced(one: T, traces: Traces) -> T:
    trace = traces.get(one.conviction.subject_id if isinstance(one, Relief) else one.subject_id)
    return one.replace(traceparent=trace.parent) if trace else one


def standing_counties(counties: Counties) -> Iterable[str]:
    """The counties whose court orders as proposals arrive, once it has a standing order."""
    return [each.county for each in counties.values() if each.order_mode == "standing"]
