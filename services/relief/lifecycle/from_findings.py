"""The transitions of relief that follow from findings. Pure: the same findings and reliefs give the same events.

Relief is keyed by the conviction's source counts. Findings and reliefs that share counts are reviewed together,
as one conviction. The rules, and why:

- **All findings on a count must agree** before anything is proposed. A count that moves from subject A to
  subject B stands in both snapshots for a while, or in neither: A and B are on different partitions, and no
  order between them is known. In both: the stricter one holds until A's next snapshot no longer has the count. In
  neither: a proposal is withdrawn, and proposed again when B's snapshot arrives. It is the same relief, found by its
  counts, so it is never ordered twice, and an order stays. The result depends on the last snapshots only, not on the
  order in which they arrived.
- **A conviction that is missing from all snapshots changes nothing** about an order: a court record may lawfully be
  destroyed (HS 11361.5), and a move between subjects looks the same for a while.
- **Joined**: two reliefs whose counts turn out to be one conviction both stay, as history, and one of them leads:
  what the court has ordered before what it refused, before what it is considering, before what waits. Proposals
  of the others are withdrawn (``joined``); a second order is a discrepancy for the court.
- **Decided**: where all findings on a conviction need a review, a signed decision takes the place of what they give,
  for as long as they are what its author was shown. A standing order reaches it only where its scope says so.
- **Objected**: what a decision held against the person is challenged as soon as it is proposed, so that no order
  reaches it before the court has ruled; once a decision.
- **Split**: counts that turn out to be another conviction leave a relief that no court has seen, for one of
  their own. They stay with one that a court has seen; if it was ordered, a discrepancy asks the district attorney.
  A waiting relief that keeps none of its original counts is withdrawn (``conviction_changed``) and proposed again: the
  conviction that was listed, challenged or ruled on was another one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import CountKey, CountyName, ReliefId
from reliefstream_contracts.relief import ReliefEvent
from services.relief.lifecycle.after_order import follow_order
from services.relief.lifecycle.convictions import Group, groups
from services.relief.lifecycle.findings import Finding, fullest, given
from services.relief.lifecycle.signed_decision import SignedDecision
from services.relief.lifecycle.standing_order_scope import StandingOrderInForce
from services.relief.lifecycle.transitions import (
    WAITING,
    Relief,
    State,
    challenged,
    first_proposed,
    ordered,
    proposed,
    withdrawn,
)

LEADS = (
    State.SEAL_DUE,
    State.ORDERED,
    State.SUSTAINED,
    State.CHALLENGED,
    State.OVERRULED,
    State.PROPOSED,
    State.WITHDRAWN,
)

NewId = Callable[[], ReliefId]


@dataclass(slots=True)
class Followed:
    """What changed: reliefs, which of them each count belongs to (None: to none), and the events that say so."""

    reliefs: dict[ReliefId, Relief] = field(default_factory=dict)
    held: dict[CountKey, ReliefId | None] = field(default_factory=dict)
    events: list[ReliefEvent | DiscrepancyChanged] = field(default_factory=list)


def follow_findings(
    findings: Iterable[Finding],
    reliefs: Iterable[Relief],
    held: Mapping[CountKey, ReliefId],
    standing: Mapping[CountyName, StandingOrderInForce],
    *,
    decisions: Mapping[CountKey, SignedDecision],
    new_id: NewId,
    at: datetime,
) -> Followed:
    """Takes each conviction through what follows for it, among the findings and reliefs given.

    ``findings`` must be all current ones on the counts that ``held`` names and on their own counts;
    ``standing``: the standing order of each county that orders as proposals arrive and has one in force;
    ``new_id`` gives a relief that is new its id, which nobody can guess.
    ``decisions``: signed decisions of reviews by a count of their conviction.
    """
    out = Followed()
    for group in groups(findings, reliefs, held):
        before = {each.relief_id: each for each in group.reliefs}
        signed = (decisions[count] for count in _counts(group.findings) if count in decisions)
        decision = max(signed, key=lambda one: (one.signed_at, one.identity), default=None)
        for each in _follow_group(group, standing, decision, at, out.events, new_id=new_id):
            if before.get(each.relief_id) != each:
                out.reliefs[each.relief_id] = each
            before[each.relief_id] = each
        if before:
            leader = min(before.values(), key=_rank)
            out.held |= {
                count: leader.relief_id
                for finding in group.findings
                for count in finding.counts
                if held.get(count) not in before
            }
        else:
            # They left a relief that no court has seen: its order must not reach them.
            out.held |= dict.fromkeys(
                count for each in group.findings for count in each.counts if count in held
            )
    return out


def _rank(relief: Relief) -> tuple[int, CountKey]:
    return LEADS.index(relief.state), relief.anchor


def _follow_group(
    group: Group,
    standing: Mapping[CountyName, StandingOrderInForce],
    decision: SignedDecision | None,
    at: datetime,
    events: list[ReliefEvent | DiscrepancyChanged],
    *,
    new_id: NewId,
) -> Iterable[Relief]:
    ranked = sorted(group.reliefs, key=_rank)
    for relief in ranked[1:]:
        yield _joined(relief, group.findings, decision, at, events)
    leader = _led(ranked[0] if ranked else None, group.findings, decision, at, events, new_id=new_id)
    if leader is None:
        return
    order = standing.get(leader.conviction.county)
    if order and order.reaches(leader):
        leader, event = ordered(leader, order.order, at)
        events.append(event)
    yield leader


def _joined(
    relief: Relief,
    findings: Sequence[Finding],
    decision: SignedDecision | None,
    at: datetime,
    events: list[ReliefEvent | DiscrepancyChanged],
) -> Relief:
    if relief.state is State.SEAL_DUE:
        return relief
    if relief.state is State.ORDERED:
        # Only an ordered relief leads an ordered one: two orders stand on one conviction.
        return follow_order(relief, findings, decision, at, events, twice=True)
    if relief.state in WAITING:
        relief, event = withdrawn(relief, "joined", at)
        events.append(event)
    return relief.replace(obstacle="joined")


def _led(
    relief: Relief | None,
    findings: Sequence[Finding],
    decision: SignedDecision | None,
    at: datetime,
    events: list[ReliefEvent | DiscrepancyChanged],
    *,
    new_id: NewId,
) -> Relief | None:
    gives, obstacle = given(findings)
    if decision and findings and all(decision.stands_on(each) for each in findings):
        gives, obstacle = decision.gives, None
    if relief is None:
        if gives is None:
            return None
        relief, first = first_proposed(fullest(findings), gives, new_id(), at)
        events.append(first)
        return _objected(relief, decision, at, events)
    if relief.state is State.ORDERED:
        return follow_order(relief, findings, decision, at, events)
    if relief.state in (State.SUSTAINED, State.SEAL_DUE):
        return relief
    about = [each for each in findings if set(each.counts) & set(relief.conviction.counts)]
    if gives != relief.gives:
        obstacle = obstacle or "determination_changed"
    elif relief.state in WAITING and not about:
        obstacle = "conviction_changed"
    if obstacle and relief.state in WAITING:
        relief, taken_back = withdrawn(relief, obstacle, at)
        events.append(taken_back)
    if gives and relief.state is State.WITHDRAWN:
        relief, anew = proposed(relief, fullest(findings), gives, at)
        events.append(anew)
        return _objected(relief, decision, at, events)
    followed = about if relief.state is State.CHALLENGED else findings
    known = fullest(followed) if followed else None
    update = {"conviction": known.conviction, "still_serving": known.still_serving} if known else {}
    return relief.replace(**update, obstacle=obstacle)


def _objected(
    relief: Relief,
    decision: SignedDecision | None,
    at: datetime,
    events: list[ReliefEvent | DiscrepancyChanged],
) -> Relief:
    """Challenged, where the decision that it rests on held against the person and no court has heard that."""
    objection = decision.objection if decision and decision.identity == relief.rests_on else None
    if objection is None or relief.challenge is not None:
        return relief
    relief, event = challenged(relief, objection.reason_code, objection.by, at, objection.entered_on)
    events.append(event)
    return relief


def _counts(findings: Iterable[Finding]) -> Iterable[CountKey]:
    return (count for each in findings for count in each.counts)
