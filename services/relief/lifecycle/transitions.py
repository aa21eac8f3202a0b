"""The state machine of relief on one conviction: which transition may follow which, and its event.

    proposed -> challenged -> sustained (the end)
                           -> overruled        \
                           -> proposed again    } -> ordered -> acknowledged by the court, by DOJ
             --------------------------------- /
    ordered (dismissal) -> seal due -> sealed: nothing of the relief is left but its id (sealing/)
    proposed, overruled -> withdrawn (the determination changed) -> proposed anew

- A challenge is pending before the court: a changed determination does not end it. If the determination still gives no
  relief when the challenge is resolved, the proposal is withdrawn then. So a conviction that moves from one subject to
  another keeps its challenge.
- An overruled challenge cannot be entered again, unless the proposal was withdrawn and made again.
- Nothing follows an order but acknowledgements and, of a dismissal, sealing. Nothing changes what is to be sealed.
"""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, TypeVar

from msgspec.structs import asdict

from reliefstream_contracts.determinations import RedesignatedTo
from reliefstream_contracts.frozen import Frozen
from reliefstream_contracts.identifiers import CountKey, ReliefId, Source
from reliefstream_contracts.relief import (
    CourtOrder,
    ReliefAcknowledged,
    ReliefChallenged,
    ReliefChallengeWithdrawn,
    ReliefEvent,
    ReliefGranted,
    ReliefOrdered,
    ReliefOverruled,
    ReliefProposalWithdrawn,
    ReliefProposed,
    ReliefSealDue,
    ReliefSustained,
    RelievedConviction,
)
from services.relief.lifecycle.challenge_window import after_window
from services.relief.lifecycle.findings import Finding, Given, Obstacle


class State(StrEnum):
    """Where relief on a conviction stands."""

    PROPOSED = "proposed"
    CHALLENGED = "challenged"
    OVERRULED = "overruled"
    SUSTAINED = "sustained"
    WITHDRAWN = "withdrawn"
    ORDERED = "ordered"
    SEAL_DUE = "seal_due"


WAITING = (State.PROPOSED, State.OVERRULED)
FIXED = (State.CHALLENGED, State.SUSTAINED, State.ORDERED, State.SEAL_DUE)
"""The court has it, or has spoken: its counts stay with it for good."""
ORDERED = (State.ORDERED, State.SEAL_DUE)

Ruling = Literal["sustained", "overruled", "withdrawn"]


class NotPossible(Exception):
    """A transition that the state, or what ``why`` says, does not allow; the text names transition and cause."""

    def __init__(self, state: State, asked: str, why: str | None = None) -> None:
        is_now = "being sealed already" if state is State.SEAL_DUE else state
        super().__init__(f"cannot be {asked}: it is {why or is_now}")
        self.state, self.asked = state, asked


class Challenge(Frozen):
    """The prosecution's objection, and how it ended (None: open). ``after_window``: see ``challenge_window``."""

    reason_code: str
    by: str
    at: datetime
    after_window: bool
    ruling: Ruling | None = None
    ruled_at: datetime | None = None


class LegalHold(Frozen):
    """Why nothing of this conviction may be erased: a litigation, an audit of the court."""

    by: str
    at: datetime
    reason: str


class Seal(Frozen):
    """Who had it sealed, and why before its time; ``by`` None: it was due."""

    at: datetime
    by: str | None = None
    reason: str | None = None


class Settled(Frozen):
    """Who ended what waited for a person after an order, although it still differs."""

    by: str
    at: datetime
    reason: str


class Relief(Frozen):
    """Relief on one conviction as it stands. ``anchor`` is the smallest count that it was first proposed on.

    ``conviction`` follows the determination until an order, and stays as ordered from then on.
    ``obstacle``: why the determination does not give this relief now; None when it does.
    """

    relief_id: ReliefId
    anchor: CountKey
    kind: ReliefGranted
    redesignated_to: RedesignatedTo | None = None
    rests_on: str | None = None
    state: State
    sequence: int
    conviction: RelievedConviction
    policy: str
    reason: str
    still_serving: bool | None = None
    obstacle: Obstacle | None = None
    proposed_at: datetime
    challenge: Challenge | None = None
    court_order: CourtOrder | None = None
    ordered_at: datetime | None = None
    acknowledged_by_court_at: datetime | None = None
    acknowledged_by_doj_at: datetime | None = None
    discrepancy_version: int = 0
    discrepancy_open: bool = False
    differs: str | None = None
    """Of an order, what is determined now where it no longer fits: an outcome, ``split`` or ``ordered_twice``."""
    differs_since: datetime | None = None
    settled: Settled | None = None
    told_on: date | None = None
    """The day on which the person was told of it; None: not as far as anybody said."""
    legal_hold: LegalHold | None = None
    seal: Seal | None = None
    """None: it is not to be sealed yet."""
    traceparent: str | None = None
    """Of the record that last changed it; what people decide on it carries it on."""

    @property
    def gives(self) -> Given:
        """The relief that was proposed, and perhaps ordered."""
        return Given(kind=self.kind, redesignated_to=self.redesignated_to, rests_on=self.rests_on)

    @property
    def acknowledged_by(self) -> tuple[Source, ...]:
        found: list[Source] = []
        if self.acknowledged_by_court_at:
            found.append("court")
        if self.acknowledged_by_doj_at:
            found.append("doj")
        return tuple(found)


E = TypeVar("E", bound=ReliefEvent)


def first_proposed(
    finding: Finding, gives: Given, relief_id: ReliefId, at: datetime
) -> tuple[Relief, ReliefProposed]:
    """Proposes relief on a conviction that had none, under a new id; its anchor is the finding's smallest count."""
    relief = Relief(
        relief_id=relief_id,
        anchor=min(finding.counts),
        kind=gives.kind,
        state=State.WITHDRAWN,
        sequence=0,
        conviction=finding.conviction,
        policy=finding.policy,
        reason=finding.reason,
        proposed_at=at,
    )
    return proposed(relief, finding, gives, at)


def proposed(relief: Relief, finding: Finding, gives: Given, at: datetime) -> tuple[Relief, ReliefProposed]:
    """Proposes relief again after a withdrawal; a challenge stays resolved on the decision that it rested on before."""
    _only_from(relief, "proposed", State.WITHDRAWN)
    same_decision = gives.rests_on is not None and gives.rests_on == relief.rests_on
    changes = {
        **asdict(gives),
        "conviction": finding.conviction,
        "policy": finding.policy,
        "reason": finding.reason,
        "still_serving": finding.still_serving,
        "obstacle": None,
        "proposed_at": at,
        "challenge": relief.challenge if same_decision else None,
    }
    said = {"policy": finding.policy, "reason": finding.reason, "rests_on": gives.rests_on}
    return _step(relief, changes, State.PROPOSED, ReliefProposed, at, **said)


def withdrawn(relief: Relief, obstacle: Obstacle, at: datetime) -> tuple[Relief, ReliefProposalWithdrawn]:
    """Withdraws a proposal: the determination no longer gives the relief, and no court has ordered it."""
    _only_from(relief, "withdrawn", *WAITING)
    changes = {"obstacle": obstacle}
    return _step(relief, changes, State.WITHDRAWN, ReliefProposalWithdrawn, at, reason=obstacle)


def told_anew(relief: Relief, finding: Finding) -> tuple[Relief, ReliefProposalWithdrawn]:
    """Says again that a proposal is withdrawn, of what its conviction is now: the steps before it named another one.
    It is as old as the proposal, so that nothing later on the conviction is undone by it."""
    _only_from(relief, "told anew", State.WITHDRAWN)
    changes = {"conviction": finding.conviction, "anchor": min(finding.counts)}
    reason = relief.obstacle or "conviction_changed"
    return _step(relief, changes, State.WITHDRAWN, ReliefProposalWithdrawn, relief.proposed_at, reason=reason)


def challenged(
    relief: Relief, reason_code: str, by: str, at: datetime, entered_on: date
) -> tuple[Relief, ReliefChallenged]:
    """Records the prosecution's challenge; ``entered_on`` is the day in the county."""
    _only_from(relief, "challenged", State.PROPOSED)
    late = after_window(relief.conviction.counts, entered_on)
    changes = {"challenge": Challenge(reason_code=reason_code, by=by, at=at, after_window=late)}
    said = {"reason_code": reason_code, "challenged_by": by, "after_window": late}
    return _step(relief, changes, State.CHALLENGED, ReliefChallenged, at, **said)


def resolved(relief: Relief, ruling: Ruling, at: datetime) -> tuple[Relief, ReliefEvent]:
    """Records the court's ruling on the challenge, or its withdrawal by the prosecution."""
    _only_from(relief, "resolved", State.CHALLENGED)
    if relief.challenge is None:
        raise ValueError("a challenged relief without its challenge")
    changes = {"challenge": relief.challenge.replace(ruling=ruling, ruled_at=at)}
    if ruling == "sustained":
        return _step(relief, changes, State.SUSTAINED, ReliefSustained, at)
    if ruling == "overruled":
        return _step(relief, changes, State.OVERRULED, ReliefOverruled, at)
    return _step(relief, changes, State.PROPOSED, ReliefChallengeWithdrawn, at)


def ordered(relief: Relief, order: CourtOrder, at: datetime) -> tuple[Relief, ReliefOrdered]:
    """Records a court's order."""
    _only_from(relief, "ordered", *WAITING)
    changes = {"court_order": order, "ordered_at": at}
    return _step(relief, changes, State.ORDERED, ReliefOrdered, at, order=order)


def acknowledged(relief: Relief, by: Source, at: datetime) -> tuple[Relief, ReliefAcknowledged | None]:
    """Records that the court's or DOJ's own record shows the relief; the event is None for a repeat."""
    _only_from(relief, "acknowledged", State.ORDERED)
    if by in relief.acknowledged_by:
        return relief, None
    changes = {f"acknowledged_by_{by}_at": at}
    return _step(relief, changes, State.ORDERED, ReliefAcknowledged, at, by=by)


def held(relief: Relief, hold: LegalHold) -> Relief:
    """Keeps a relief from being sealed; too late once every service is forgetting it."""
    if relief.state is State.SEAL_DUE:
        raise NotPossible(relief.state, "held")
    return relief.replace(legal_hold=hold)


def told(relief: Relief, on: date) -> Relief:
    """Notes that the person was told of what was ordered; the first day stays."""
    _only_from(relief, "noted as told", State.ORDERED)
    return relief.replace(told_on=relief.told_on or on)


def sealed(relief: Relief, seal: Seal, counts: Collection[CountKey]) -> tuple[Relief, ReliefSealDue]:
    """Lets every service forget the conviction: a court dismissed it and had it sealed (HS 11361.8(b), (f)).

    ``counts``: all that belong to the relief by now; some may have come after the order. A redesignation is not sealed,
    nor what is under a legal hold, nor what is open with the district attorney: it may hold another conviction's count.
    A second order on the conviction is open with the court, and is sealed with the first.
    """
    _only_from(relief, "sealed", State.ORDERED)
    if relief.kind != "dismissal" or relief.court_order is None:
        raise NotPossible(relief.state, "sealed", "no dismissal")
    if relief.legal_hold is not None:
        raise NotPossible(relief.state, "sealed", "under a legal hold, which has to be ended first")
    if relief.discrepancy_open and relief.obstacle != "ordered_twice":
        raise NotPossible(relief.state, "sealed", "in an open difference with the district attorney")
    return _seal(relief, seal, counts, relief.court_order)


def sealed_again(relief: Relief, counts: Collection[CountKey], at: datetime) -> tuple[Relief, ReliefSealDue]:
    """Lets every service forget counts of the conviction that came while it was being sealed."""
    _only_from(relief, "sealed", State.SEAL_DUE)
    if relief.seal is None or relief.court_order is None:
        raise NotPossible(relief.state, "sealed")
    return _seal(relief, relief.seal.replace(at=at), counts, relief.court_order)


def sealed_without(
    relief: Relief, others: Collection[CountKey], at: datetime
) -> tuple[Relief, ReliefSealDue]:
    """Asks every service to forget the conviction alone, and not these counts: they are other convictions by now."""
    own = tuple(count for count in relief.conviction.counts if count not in others)
    anchor = relief.anchor
    if anchor in others:  # it would tie the other conviction to this relief
        anchor = min(own, default=CountKey(f"relief/{relief.relief_id}"))
    return sealed_again(
        relief.replace(anchor=anchor, conviction=relief.conviction.replace(counts=own)), (), at
    )


def _seal(
    relief: Relief, seal: Seal, counts: Collection[CountKey], order: CourtOrder
) -> tuple[Relief, ReliefSealDue]:
    every = tuple(sorted({*relief.conviction.counts, *counts}))
    conviction = relief.conviction.replace(counts=every)
    changes = {"seal": seal, "conviction": conviction}
    return _step(relief, changes, State.SEAL_DUE, ReliefSealDue, seal.at, order=order)


def _only_from(relief: Relief, asked: str, *states: State) -> None:
    if relief.state not in states:
        raise NotPossible(relief.state, asked)


def _step(
    relief: Relief, changes: dict[str, Any], state: State, event: type[E], at: datetime, **said: Any
) -> tuple[Relief, E]:
    relief = relief.replace(**changes, state=state, sequence=relief.sequence + 1)
    return relief, event(
        relief_id=relief.relief_id,
        sequence=relief.sequence,
        at=at,
        kind=relief.kind,
        redesignated_to=relief.redesignated_to,
        conviction=relief.conviction,
        **said,
    )
