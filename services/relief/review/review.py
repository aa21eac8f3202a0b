"""A review: what a determination leaves to people about one conviction, and where that stands."""

import hashlib
import json
from datetime import date, datetime
from enum import StrEnum

from reliefstream_contracts.determinations import RedesignatedTo
from reliefstream_contracts.frozen import Frozen
from reliefstream_contracts.identifiers import CaseNumber, CountKey, CountyName, ReviewId, SubjectId
from reliefstream_contracts.relief import DecidedBy, Referral, ReliefGranted, ReviewDecision, ReviewOffice
from reliefstream_contracts.vocabulary.offense import Level


class ReviewState(StrEnum):
    """Where a review stands. ``closed``: nobody has to decide it any more, ``why`` says what came instead."""

    OPEN = "open"
    PREPARED = "prepared"
    DECIDED = "decided"
    CLOSED = "closed"


WAITING = (ReviewState.OPEN, ReviewState.PREPARED)


class Prepared(Frozen):
    """A decision as it was prepared, and perhaps signed. It stands while the determination has this ``digest``."""

    decision: ReviewDecision
    redesignated_to: RedesignatedTo | None = None
    reason_code: str
    still_serving: bool = False
    digest: str
    prepared_by: DecidedBy
    prepared_at: datetime
    signed_by: DecidedBy | None = None
    signed_at: datetime | None = None
    sequence: int | None = None
    """Of its ``ReviewDecided``; None until it is signed."""

    @property
    def shown(self) -> str:
        """Hexadecimal, of what its signer signs and of who prepared it when: unchanged by the signature."""
        signature = {"signed_by", "signed_at", "sequence"}
        prepared = {name: value for name, value in self.to_dict().items() if name not in signature}
        return hashlib.sha256(json.dumps(prepared).encode()).hexdigest()


class Review(Frozen):
    """One review. ``anchor`` is the count that its id is derived from; the other fields follow the determination.

    ``office`` and ``city`` have it now, in the queue of ``in_county``: by the determination, or by a ``referral``.
    """

    review_id: ReviewId
    anchor: CountKey
    counts: tuple[CountKey, ...]
    county: CountyName
    subject_id: SubjectId
    section: str
    level: Level | None = None
    case_number: CaseNumber | None = None
    court: str | None = None
    conviction_date: date | None = None
    reason: str
    questions: tuple[str, ...] = ()
    digest: str
    at_stake: ReliefGranted
    still_serving: bool | None = None
    routed_to: ReviewOffice
    routed_city: str | None = None
    in_county: CountyName
    office: ReviewOffice
    city: str | None = None
    state: ReviewState
    why: str | None = None
    """Why it was closed, opened again or sent back; None: it is as it was opened."""
    changed: tuple[str, ...] = ()
    """Of one opened again: what of the determination differs from what was decided on."""
    sequence: int = 0
    opened_at: datetime
    due_on: date
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    held_until: date | None = None
    note: str | None = None
    referral: Referral | None = None
    prepared: Prepared | None = None
    traceparent: str | None = None

    @property
    def shown(self) -> str:
        """The digest of what a person acts on: of the determination, followed by that of what is prepared, if it is."""
        return self.digest + (self.prepared.shown if self.prepared else "")

    def as_shown(self) -> "Review":
        """As answers have it: its ``digest`` is what an act sends back as the digest of what was shown."""
        return self.replace(digest=self.shown)
