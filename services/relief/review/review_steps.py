"""What people do with a review: pure steps, each of which gives the review after it or says why it is not possible."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from reliefstream_contracts.determinations import RedesignatedTo
from reliefstream_contracts.relief import DecidedBy, Referral, ReviewDecided, ReviewDecision
from services.relief.lifecycle.authority import has_authority
from services.relief.review.review import WAITING, Prepared, Review, ReviewState


class Refused(Exception):
    """The step is not possible; ``code`` is stable, the text says why and what to do, without any person's data."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


class Author(NamedTuple):
    """Who acts, by an account without a name, in which role, and whether the grant is a signer's."""

    role: str
    account: str
    signer: bool

    def named(self) -> DecidedBy:
        """As events and decisions carry it."""
        return DecidedBy(role=self.role, account=self.account)


class Step(NamedTuple):
    """``event`` None: nobody outside of relief has to know."""

    review: Review
    event: ReviewDecided | None = None


Act = Callable[[Review, Author, datetime], Step]
"""One act on one review. Raises Refused."""


class Motion(NamedTuple):
    """A decision that somebody else has to sign."""

    decision: ReviewDecision
    reason_code: str
    redesignated_to: RedesignatedTo | None = None
    still_serving: bool = False

    def prepare(self, review: Review, by: Author, at: datetime) -> Step:
        """Prepares it in place of what was prepared before; somebody else has to sign it. Raises Refused."""
        _waits(review)
        if self.decision in ("dismissal", "redesignation") and not has_authority(review.section):
            raise Refused(
                "no_authority",
                "HS 11361.8 gives no authority over this section: leave it to a petition, or refer it.",
            )
        if self.decision == "challenge" and self.reason_code == "unreasonable_risk":
            _serving(review, self.still_serving)
        prepared = Prepared(
            decision=self.decision,
            redesignated_to=self.redesignated_to,
            reason_code=self.reason_code,
            still_serving=self.still_serving,
            digest=review.digest,
            prepared_by=by.named(),
            prepared_at=at,
        )
        update = {"prepared": prepared, "state": ReviewState.PREPARED, "why": None, "changed": ()}
        return Step(review.replace(**update))


def sign(review: Review, by: Author, at: datetime) -> Step:
    """Signs what somebody else prepared; then it follows. Raises Refused."""
    if review.state is not ReviewState.PREPARED or review.prepared is None:
        raise Refused("not_prepared", f"Nothing is prepared to sign: the review is {review.state}.")
    if not by.signer:
        raise Refused("not_a_signer", "Only a signer of the office signs.")
    if by.account == review.prepared.prepared_by.account:
        raise Refused("own_decision", "Who prepared a decision does not sign it: another signer has to.")
    sequence = review.sequence + 1
    signed = review.prepared.replace(signed_by=by.named(), signed_at=at, sequence=sequence)
    update = {"prepared": signed, "state": ReviewState.DECIDED, "sequence": sequence, "note": None}
    after = review.replace(**update)
    event = _event(after, at, signed.decision, signed.reason_code, signed.prepared_by).replace(
        redesignated_to=signed.redesignated_to, signed_by=signed.signed_by
    )
    return Step(after, event)


def send_back(note: str) -> Act:
    """Discards what was prepared, or gives a referral back to the office of the determination, with a note.

    The act raises Refused.
    """

    def act(review: Review, _by: Author, _at: datetime) -> Step:
        _waits(review)
        if review.state is not ReviewState.PREPARED and review.referral is None:
            raise Refused(
                "nothing_to_send_back", "Nothing was prepared, and it was not referred to this office."
            )
        update: dict[str, object] = {
            "prepared": None,
            "state": ReviewState.OPEN,
            "why": "sent_back",
            "note": note,
            "held_until": None,
        }
        if review.state is not ReviewState.PREPARED:
            update |= {
                "office": review.routed_to,
                "city": review.routed_city,
                "in_county": review.county,
                "referral": None,
            }
        return Step(review.replace(**update, claimed_by=None, claimed_at=None))

    return act


def claim(review: Review, by: Author, at: datetime) -> Step:
    """Claims it for its author. Raises Refused where somebody else has claimed it, or it does not wait."""
    _waits(review)
    if review.claimed_by not in (None, by.account):
        raise Refused("claimed", "Somebody else has claimed it: ask a supervisor to release it.")
    return Step(review.replace(claimed_by=by.account, claimed_at=at))


def release(review: Review, _by: Author, _at: datetime) -> Step:
    """Gives a claim back, whoever has it."""
    _waits(review)
    return Step(review.replace(claimed_by=None, claimed_at=None))


def hold(until: date, reason_code: str) -> Act:
    """Puts it off until a day."""

    def act(review: Review, by: Author, at: datetime) -> Step:
        _waits(review)
        after = review.replace(held_until=until, sequence=review.sequence + 1)
        event = _event(after, at, "hold", reason_code, by.named())
        return Step(after, event.replace(held_until=until))

    return act


def refer(to: Referral, reason_code: str, note: str, due_on: date) -> Act:
    """Gives it to another office, or another county, with a note; ``due_on``: the day by which that office decides. The
    act raises Refused."""

    def act(review: Review, by: Author, at: datetime) -> Step:
        _waits(review)
        if (to.office, to.city, to.county) == (review.office, review.city, review.in_county):
            raise Refused("same_office", "That office has it already.")
        after = review.replace(
            office=to.office,
            city=to.city,
            in_county=to.county,
            referral=to,
            due_on=max(due_on, review.due_on),
            note=note,
            prepared=None,
            state=ReviewState.OPEN,
            why=None,
            claimed_by=None,
            claimed_at=None,
            held_until=None,  # what one office waits for keeps nothing from the other
            sequence=review.sequence + 1,
        )
        event = _event(after, at, "refer", reason_code, by.named())
        return Step(after, event.replace(referred_to=to))

    return act


def _event(
    review: Review, at: datetime, decision: ReviewDecision, reason_code: str, by: DecidedBy
) -> ReviewDecided:
    return ReviewDecided(
        review_id=review.review_id,
        sequence=review.sequence,
        at=at,
        county=review.county,
        counts=review.counts,
        decision=decision,
        reason_code=reason_code,
        decided_by=by,
    )


def _waits(review: Review) -> None:
    if review.state not in WAITING:
        why = f": {review.why}" if review.why else ""
        raise Refused("not_waiting", f"It does not wait for a decision any more: it is {review.state}{why}.")


def _serving(review: Review, stated: bool) -> None:
    if review.still_serving is False:
        raise Refused(
            "sentence_completed",
            "An unreasonable risk can be raised only while a sentence runs (HS 11361.8(b)); this one is completed.",
        )
    if review.still_serving is None and not stated:
        raise Refused(
            "serving_not_on_record",
            "An unreasonable risk can be raised only while a sentence runs (HS 11361.8(b)), and our record does not "
            "say that it does: state it with still_serving true, or give another reason.",
        )
