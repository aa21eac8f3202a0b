"""One act on many reviews: it is done to those that are as their author was shown, and the others are listed.

Each chunk is a transaction of its own, so that memory, locks and statements stay bounded. Sent again with the same
key, what was done before is done no second time.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from reliefstream_contracts.frozen import Frozen
from reliefstream_contracts.identifiers import ReviewId
from services.chassis.audit.act import Act as Audited
from services.chassis.audit.act import audited
from services.chassis.runtime.unit_of_work import Trace, Transaction, Work
from services.county_folders import Counties
from services.relief import store
from services.relief.handlers import Traces, apply_findings
from services.relief.lifecycle.for_review import changed
from services.relief.lifecycle.from_findings import NewId
from services.relief.review import store as reviews
from services.relief.review.review import Review
from services.relief.review.review_steps import Act, Author, Refused, Step

CHUNK = 500
KEY_REUSED = (
    "This Idempotency-Key came before with another act on this review: send a new act with a new key."
)


class Line(NamedTuple):
    """One review, and the digest of what the author was shown (``Review.shown``)."""

    review_id: ReviewId
    digest: str


class Result(NamedTuple):
    """``result``: ``done``, ``done_before``, ``changed``, ``refused`` or ``not_found``."""

    review_id: ReviewId
    result: str
    code: str | None = None
    why: str | None = None
    changed: tuple[str, ...] = ()


class Bulk(NamedTuple):
    """``author``: who acts on a review, None where it is not theirs to see. ``asked``: the same for the same act, said
    of whichever reviews. ``follows``: relief follows from it, with an id of ``new_id`` where it is new."""

    act: Act
    name: str
    author: Callable[[Review], Author | None]
    account: str
    role: str
    new_id: NewId
    asked: str
    key: str | None = None
    note: str | None = None
    follows: bool = False


async def act_on(
    transaction: Transaction, counties: Counties, lines: Sequence[Line], bulk: Bulk
) -> list[Result]:
    """The result of each line, in their order."""
    found: dict[ReviewId, Result] = {}
    wanted = {each.review_id: each for each in lines}
    ordered = sorted(wanted)
    for at in range(0, len(ordered), CHUNK):
        async with transaction() as work:
            for result in await _chunk(
                work, counties, [wanted[each] for each in ordered[at : at + CHUNK]], bulk
            ):
                found[result.review_id] = result
    return [found[each.review_id] for each in lines]


async def _chunk(work: Work, counties: Counties, lines: Sequence[Line], bulk: Bulk) -> list[Result]:
    ids = [each.review_id for each in lines]
    known = None
    if bulk.follows:
        locked = await store.lock_around(work.db, await reviews.counts_of(work.db, ids))
        known = await store.known_around(work.db, locked)
    before = await reviews.lock(work.db, ids)
    again = await reviews.done_before(work.db, ids, bulk.account, bulk.key)
    results: list[Result] = []
    done: list[reviews.Done] = []
    after: dict[ReviewId, Review] = {}
    for line in lines:
        result, step, by = _on(line, before.get(line.review_id), again, bulk, work)
        results.append(result)
        if step:
            after[line.review_id] = step.review
            detail = (
                _parts(step.event, "decision", "redesignated_to", "reason_code", "held_until", "referred_to")
                if step.event
                else {}
            )
            if bulk.name == "prepare" and step.review.prepared:
                detail = _parts(step.review.prepared, "decision", "redesignated_to", "reason_code")
            done.append(reviews.Done(step.review, bulk.name, by, detail, bulk.note, bulk.key, bulk.asked))
            if step.event:
                trace = Trace(step.review.traceparent) if step.review.traceparent else None
                work.emit(step.event, trace)
    await reviews.save(work.db, after.values())
    await reviews.record(work.db, done, work.now)
    await audited(
        work,
        *(
            Audited(bulk.account, bulk.role, f"review_{bulk.name}", f"review/{each.review.review_id}")
            for each in done
        ),
    )
    if known and after:
        known.reviews.update(after)
        traces: Traces = {
            each.subject_id: Trace(each.traceparent) for each in after.values() if each.traceparent
        }
        await apply_findings(known, counties, work, bulk.new_id, traces)
    return results


def _on(
    line: Line, review: Review | None, again: Mapping[ReviewId, str], bulk: Bulk, work: Work
) -> tuple[Result, Step | None, Author | None]:
    by = bulk.author(review) if review else None
    if review is None or by is None:
        return (
            Result(line.review_id, "not_found", "not_found", "There is no such review in your queue."),
            None,
            None,
        )
    if again.get(line.review_id, bulk.asked) != bulk.asked:
        return Result(line.review_id, "refused", "key_reused", KEY_REUSED), None, None
    if line.review_id in again:
        return Result(line.review_id, "done_before"), None, None
    if line.digest != review.shown:
        return _changed(line, review), None, None
    try:
        return Result(line.review_id, "done"), bulk.act(review, by, work.now), by
    except Refused as refused:
        return Result(line.review_id, "refused", refused.code, refused.detail), None, None


def _changed(line: Line, review: Review) -> Result:
    """What differs from what was shown: the determination, else what is prepared on it."""
    of_determination = line.digest[: len(review.digest)]
    if of_determination != review.digest:
        what = changed(of_determination, review.digest)
        why = f"The determination changed since it was shown ({', '.join(what)}): look at it again."
        return Result(line.review_id, "changed", "determination_changed", why, what)
    why = "What was prepared for a signature changed since it was shown: look at what is prepared now."
    return Result(line.review_id, "changed", "prepared_anew", why, ("prepared",))


def _parts(value: Frozen, *names: str) -> dict[str, Any]:
    return {name: found for name, found in value.to_dict().items() if name in names}
