"""How reviews follow the determinations. Pure: the same findings, reliefs and reviews give the same reviews.

- A review is open while the determination needs one and no court has the conviction.
- It closes by itself when the determination needs none any more, and says what was found instead.
- A decision stands while the determination is what its author was shown; otherwise the review is open again and says
  what changed. So the end depends on the last snapshots and decisions only, not on how they were batched.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from reliefstream_contracts.identifiers import CountKey, CountyName, ReliefId, ReviewId
from services.relief.lifecycle.convictions import groups
from services.relief.lifecycle.findings import Finding, Given, fullest
from services.relief.lifecycle.for_review import ForReview, changed
from services.relief.lifecycle.signed_decision import Objection, SignedDecision
from services.relief.lifecycle.transitions import FIXED, Relief
from services.relief.review.review import Prepared, Review, ReviewState

DueOn = Callable[[CountyName, datetime], date]
"""The day by which a county's offices decide what is opened at that moment."""


NewReviewId = Callable[[], ReviewId]
"""A random id: one that is derived could be guessed from a case number, also after sealing."""
DayIn = Callable[[CountyName, datetime], date]
"""The day in a county at that moment."""


def standing_decisions(
    reviews: Iterable[Review], findings: Iterable[Finding], *, day_in: DayIn
) -> dict[CountKey, SignedDecision]:
    """The signed decisions, each by the count at which its conviction is found; none is said to stand by this."""
    judged = {count for each in findings for count in each.counts}
    ranked = sorted(reviews, key=lambda one: (_signed_at(one), one.anchor), reverse=True)
    found: dict[CountKey, SignedDecision] = {}
    for review in ranked:
        decision = _decision(review, day_in)
        home = _home(review, judged)
        if decision and home:
            found.setdefault(home, decision)
    return found


def follow(
    findings: Sequence[Finding],
    reliefs: Mapping[ReliefId, Relief],
    held: Mapping[CountKey, ReliefId],
    reviews: Iterable[Review],
    *,
    due_on: DueOn,
    new_id: NewReviewId,
    at: datetime,
) -> list[Review]:
    """The reviews that are new or changed, after the reliefs have followed."""
    judged = {count for each in findings for count in each.counts}
    at_home: dict[CountKey | None, list[Review]] = {}
    for review in reviews:
        at_home.setdefault(_home(review, judged), []).append(review)
    out = [_closed(each, "not_on_record") for each in at_home.pop(None, [])]
    before = [*at_home.values()]
    for group in groups(findings, reliefs.values(), held):
        counts = {count for each in group.findings for count in each.counts}
        here = [each for home, some in at_home.items() if home in counts for each in some]
        fixed = any(each.state in FIXED for each in group.reliefs)
        leader = max(here, key=lambda one: (_signed_at(one), one.anchor), default=None)
        out += [_closed(each, "joined") for each in here if each is not leader]
        one = _followed(group.findings, leader, fixed=fixed, due_on=due_on, new_id=new_id, at=at)
        out += [one] if one else []
    known = {each.review_id: each for some in before for each in some}
    return [each for each in out if known.get(each.review_id) != each]


def _followed(
    findings: Sequence[Finding],
    before: Review | None,
    *,
    fixed: bool,
    due_on: DueOn,
    new_id: NewReviewId,
    at: datetime,
) -> Review | None:
    needing = [each for each in findings if each.review is not None]
    if not needing:
        found = fullest(findings).outcome if findings else "not_on_record"
        return _closed(before, found) if before else None
    shown = fullest(needing)
    if before is None:
        return None if fixed else _opened(shown, due_on, new_id, at)
    now = _as_shown(before, shown)
    prepared = now.prepared
    if fixed:
        if prepared and prepared.sequence:
            return now.replace(state=ReviewState.DECIDED, why=None)
        return _closed(now, "before_the_court")
    if prepared and prepared.digest == now.digest:
        state = ReviewState.DECIDED if prepared.sequence else ReviewState.PREPARED
        return now.replace(state=state, changed=(), why=None)
    if prepared:
        differing = changed(prepared.digest, now.digest)
        now = now.replace(why="determination_changed", changed=differing)
    if before.state in (ReviewState.CLOSED, ReviewState.DECIDED):
        update = {
            "opened_at": at,
            "due_on": due_on(now.in_county, at),
            "claimed_by": None,
            "claimed_at": None,
        }
        now = now.replace(why=now.why if prepared else "needs_review_again", **update)
    return now.replace(state=ReviewState.OPEN)


def _opened(shown: Finding, due_on: DueOn, new_id: NewReviewId, at: datetime) -> Review:
    anchor, conviction, asked = min(shown.counts), shown.conviction, _asked(shown)
    review = Review(
        review_id=new_id(),
        anchor=anchor,
        counts=shown.counts,
        county=conviction.county,
        subject_id=conviction.subject_id,
        section=conviction.section,
        reason=shown.reason,
        digest=asked.digest,
        at_stake=asked.at_stake,
        routed_to=asked.office,
        routed_city=asked.city,
        in_county=conviction.county,
        office=asked.office,
        city=asked.city,
        state=ReviewState.OPEN,
        opened_at=at,
        due_on=due_on(conviction.county, at),
    )
    return _as_shown(review, shown)


def _as_shown(review: Review, shown: Finding) -> Review:
    conviction, asked = shown.conviction, _asked(shown)
    facts = {
        "counts": tuple(sorted({*shown.counts, review.anchor})),
        "county": conviction.county,
        "subject_id": conviction.subject_id,
        "section": conviction.section,
        "level": conviction.level,
        "case_number": conviction.source_case_numbers.get("court") or conviction.case_number,
        "court": conviction.court,
        "conviction_date": conviction.conviction_date,
        "reason": shown.reason,
        "questions": tuple(sorted({each.code for each in asked.questions})),
        "digest": asked.digest,
        "at_stake": asked.at_stake,
        "still_serving": shown.still_serving,
        "routed_to": asked.office,
        "routed_city": asked.city,
    }
    if review.referral is None or (review.routed_to, review.routed_city) != (asked.office, asked.city):
        facts |= {
            "office": asked.office,
            "city": asked.city,
            "in_county": conviction.county,
            "referral": None,
        }
    return review.replace(**facts)


def _asked(shown: Finding) -> ForReview:
    if shown.review is None:
        raise ValueError("a finding that needs no review")
    return shown.review


def _closed(review: Review, why: str) -> Review:
    return review.replace(state=ReviewState.CLOSED, why=why, changed=())


def _home(review: Review, judged: set[CountKey]) -> CountKey | None:
    return next((count for count in (review.anchor, *review.counts) if count in judged), None)


def _signed_at(review: Review) -> tuple[bool, datetime]:
    signed = review.prepared.signed_at if review.prepared else None
    return (signed is not None, signed or review.opened_at)


def _decision(review: Review, day_in: DayIn) -> SignedDecision | None:
    prepared = review.prepared
    if prepared is None or prepared.sequence is None or prepared.signed_at is None:
        return None
    identity = f"{review.review_id}/{prepared.sequence}"
    by = prepared.prepared_by
    return SignedDecision(
        identity=identity,
        digest=prepared.digest,
        signed_at=prepared.signed_at,
        gives=_gives(review, prepared, identity),
        objection=Objection(
            reason_code=prepared.reason_code,
            by=f"{by.role} {by.account}",
            entered_on=day_in(review.county, prepared.signed_at),
        )
        if prepared.decision == "challenge"
        else None,
    )


def _gives(review: Review, prepared: Prepared, identity: str) -> Given | None:
    if prepared.decision == "challenge":
        return Given(kind=review.at_stake, rests_on=identity)
    if prepared.decision == "dismissal":
        return Given(kind="dismissal", rests_on=identity)
    if prepared.decision == "redesignation":
        return Given(kind="redesignation", redesignated_to=prepared.redesignated_to, rests_on=identity)
    return None
