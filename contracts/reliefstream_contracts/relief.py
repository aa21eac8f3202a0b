"""Each transition of relief on one conviction. Topic ``relief-v1``, which is internal: it shows challenges."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from msgspec import field

from reliefstream_contracts.determinations import RedesignatedTo
from reliefstream_contracts.event import Event
from reliefstream_contracts.frozen import Frozen, at_least
from reliefstream_contracts.identifiers import (
    CaseNumber,
    CountKey,
    CountyName,
    ReliefId,
    ReviewId,
    Source,
    SubjectId,
)
from reliefstream_contracts.vocabulary.offense import Level

ReliefGranted = Literal["dismissal", "redesignation"]


class RelievedConviction(Frozen):
    """The conviction that relief is on, as it was known when relief was proposed."""

    subject_id: SubjectId
    counts: tuple[CountKey, ...]
    county: CountyName
    city: str | None = None
    """Whose attorney the determination routes to; None: to no city's."""
    court: str | None = None
    case_number: CaseNumber | None = None
    source_case_numbers: dict[Source, CaseNumber] = field(default_factory=dict)
    section: str
    level: Level | None
    conviction_date: date | None = None
    disposition_date: date | None = None
    sex: str | None = None
    race: str | None = None


class CourtOrder(Frozen):
    """A court's act: a blanket order over a list, or the standing order under which relief is ordered."""

    number: str
    judge: str
    on: date
    standing: bool = False


class ReliefStep(Event):
    """What stands on ``relief-v1`` of one relief. ``sequence`` counts from 1 per relief, without gaps."""

    TOPIC: ClassVar[str] = "relief-v1"
    PRODUCERS: ClassVar[tuple[str, ...]] = ("relief",)

    relief_id: ReliefId
    sequence: Annotated[int, *at_least(1)]

    def key(self) -> str:
        return f"{self.relief_id}/{self.sequence}"

    def partition_key(self) -> str:
        return str(self.relief_id)

    def identity(self) -> str:
        return self.key()


class ReliefEvent(ReliefStep):
    """One transition of one relief. ``sequence`` counts from 1 per relief, without gaps."""

    at: datetime
    kind: ReliefGranted
    redesignated_to: RedesignatedTo | None = None
    """Of a redesignation: to which level; None: the court's order says."""
    conviction: RelievedConviction


class ReliefProposed(ReliefEvent):
    """A determination gives relief, or a person's decision does; it waits for a court's order."""

    TYPE: ClassVar[str] = "reliefstream.relief.proposed.v1"
    policy: str
    reason: str
    rests_on: str | None = None
    """The ``ReviewDecided`` that it rests on, as ``review_id/sequence``; None: on the determination alone."""


class ReliefChallenged(ReliefEvent):
    """The prosecution objects (HS 11361.9).

    ``after_window``: a DOJ record shows the conviction, and the challenge was entered after 1 July 2020 (I-66).
    """

    TYPE: ClassVar[str] = "reliefstream.relief.challenged.v1"
    reason_code: str
    challenged_by: str
    """Role and opaque account."""
    after_window: bool


class ReliefSustained(ReliefEvent):
    """The court sustained the challenge: there is no relief. This is the last transition."""

    TYPE: ClassVar[str] = "reliefstream.relief.challenge-sustained.v1"


class ReliefOverruled(ReliefEvent):
    """The court overruled the challenge: relief goes on."""

    TYPE: ClassVar[str] = "reliefstream.relief.challenge-overruled.v1"


class ReliefChallengeWithdrawn(ReliefEvent):
    """The prosecution withdrew its challenge: relief goes on."""

    TYPE: ClassVar[str] = "reliefstream.relief.challenge-withdrawn.v1"


class ReliefProposalWithdrawn(ReliefEvent):
    """The determination changed before any order: the proposal is withdrawn. It may be proposed again."""

    TYPE: ClassVar[str] = "reliefstream.relief.proposal-withdrawn.v1"
    reason: str


class ReliefOrdered(ReliefEvent):
    """A court ordered relief; this becomes the dismissal event."""

    TYPE: ClassVar[str] = "reliefstream.relief.ordered.v1"
    order: CourtOrder


class ReliefAcknowledged(ReliefEvent):
    """The court or DOJ shows the relief in its own record."""

    TYPE: ClassVar[str] = "reliefstream.relief.acknowledged.v1"
    by: Source


class ReliefSealDue(ReliefEvent):
    """Each service forgets the conviction, and reports it by ``ConvictionForgotten``. A tombstone removes this event
    once all have."""

    TYPE: ClassVar[str] = "reliefstream.relief.seal-due.v1"
    order: CourtOrder


class ReliefSealed(ReliefStep):
    """Every service has forgotten the conviction: all that stays of this relief. It names no person and no case."""

    TYPE: ClassVar[str] = "reliefstream.relief.sealed.v1"

    county: CountyName
    order_number: str
    sealed_on: date


ReviewDecision = Literal["dismissal", "redesignation", "petition", "challenge", "refer", "hold"]
ReviewOffice = Literal["district_attorney", "city_attorney", "clerk", "records_unit"]


class DecidedBy(Frozen):
    """Who acted: the role, and an account that names nobody."""

    role: str
    account: str


class Referral(Frozen):
    """The office that is to decide instead. ``city`` of a city attorney, ``county`` of another county."""

    office: ReviewOffice
    city: str | None = None
    county: CountyName


class ReviewDecided(Event):
    """A person decided what a determination left to people. It precedes relief: a motion becomes a ``ReliefProposed``.

    The conviction is named by its counts. ``sequence`` grows per review.
    """

    TYPE: ClassVar[str] = "reliefstream.review.decided.v1"
    TOPIC: ClassVar[str] = "relief-v1"
    PRODUCERS: ClassVar[tuple[str, ...]] = ("relief",)

    review_id: ReviewId
    sequence: Annotated[int, *at_least(1)]
    at: datetime
    county: CountyName
    counts: tuple[CountKey, ...]
    decision: ReviewDecision
    redesignated_to: RedesignatedTo | None = None
    reason_code: str
    decided_by: DecidedBy
    signed_by: DecidedBy | None = None
    """None: of a referral or a hold, which nobody has to sign."""
    referred_to: Referral | None = None
    held_until: date | None = None

    def key(self) -> str:
        return f"{self.review_id}/{self.sequence}"

    def partition_key(self) -> str:
        return str(self.review_id)

    def identity(self) -> str:
        return self.key()


RELIEF_EVENTS: tuple[type[ReliefEvent], ...] = (
    ReliefProposed,
    ReliefChallenged,
    ReliefSustained,
    ReliefOverruled,
    ReliefChallengeWithdrawn,
    ReliefProposalWithdrawn,
    ReliefOrdered,
    ReliefAcknowledged,
    ReliefSealDue,
)
"""Each step of one relief."""
RELIEF_TOPIC_EVENTS: tuple[type[Event], ...] = (*RELIEF_EVENTS, ReliefSealed, ReviewDecided)
"""All that stands on ``relief-v1``."""
