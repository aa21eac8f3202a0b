"""What happens to relief after its order: acknowledgements, and whether what is determined now still fits it. Pure.

The order stands whatever is determined. Where that no longer gives what was ordered, or where two orders stand on one
conviction, a discrepancy waits for a person: it ends when it fits again, or when somebody settles it with a reason.
What was settled opens again when something else is determined.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import DiscrepancyId, ReliefId, derived
from reliefstream_contracts.relief import ReliefEvent
from services.relief.lifecycle.findings import Finding, fullest
from services.relief.lifecycle.signed_decision import SignedDecision
from services.relief.lifecycle.transitions import NotPossible, Relief, Settled, acknowledged

TWICE: Final = "ordered_twice"
SPLIT: Final = "split"
"""The order's counts are of several convictions now."""


def after_order_entry(relief_id: ReliefId) -> DiscrepancyId:
    """The ledger's entry of what happened to a relief after its order."""
    return DiscrepancyId(derived("determination_changed_after_order", relief_id))


def follow_order(
    relief: Relief,
    findings: Sequence[Finding],
    decision: SignedDecision | None,
    at: datetime,
    events: list[ReliefEvent | DiscrepancyChanged],
    *,
    twice: bool = False,
) -> Relief:
    """An ordered relief by all findings on its conviction. ``twice``: another order on the conviction leads it."""
    for source in sorted(
        {source for each in findings if each.outcome == "already_relieved" for source in each.shown_by}
    ):
        relief, acknowledgement = acknowledged(relief, source, at)
        if acknowledgement:
            events.append(acknowledgement)
    if not findings:
        return relief
    differing = _differing(relief, findings, decision)
    differs = TWICE if twice else _in_which_way(relief, differing) if differing else None
    before = relief
    if differs == before.differs:
        return before
    relief = relief.replace(
        differs=differs,
        differs_since=(before.differs_since or at) if differs else None,
        settled=None,
        discrepancy_open=differs is not None,
        obstacle=TWICE if twice else None,
    )
    if relief.discrepancy_open == before.discrepancy_open and TWICE not in (differs, before.differs):
        return relief
    of_two = twice or (before.differs == TWICE and not relief.discrepancy_open)
    relief, event = _changed(relief, of_two=of_two, about=differing or fullest(findings), at=at)
    events.append(event)
    return relief


def settled(relief: Relief, by: str, reason: str, at: datetime) -> tuple[Relief, DiscrepancyChanged]:
    """Ends what waits for a person, although it still differs. Raises NotPossible where nothing waits."""
    if not relief.discrepancy_open:
        raise NotPossible(relief.state, "settled")
    relief = relief.replace(settled=Settled(by=by, at=at, reason=reason), discrepancy_open=False)
    return _changed(relief, of_two=relief.differs == TWICE, about=None, at=at)


def _changed(
    relief: Relief, *, of_two: bool, about: Finding | None, at: datetime
) -> tuple[Relief, DiscrepancyChanged]:
    """The next version of the entry; ``about`` None: of the conviction as it was ordered."""
    relief = relief.replace(discrepancy_version=relief.discrepancy_version + 1)
    return relief, DiscrepancyChanged(
        discrepancy_id=after_order_entry(relief.relief_id),
        version=relief.discrepancy_version,
        kind="relief_ordered_twice" if of_two else "determination_changed_after_order",
        status="open" if relief.discrepancy_open else "resolved",
        owner="county_court" if of_two else "district_attorney",
        county=relief.conviction.county,
        subject_id=about.conviction.subject_id if about else relief.conviction.subject_id,
        conviction_id=about.conviction_id if about else None,
        counts=about.counts if about else relief.conviction.counts,
        resolved_by=(f"settled by {relief.settled.by}",) if relief.settled else (),
        at=at,
    )


def _in_which_way(relief: Relief, differing: Finding) -> str:
    return SPLIT if differing.outcome == relief.kind else differing.outcome


def _differing(
    relief: Relief, findings: Sequence[Finding], decision: SignedDecision | None
) -> Finding | None:
    main = fullest(findings)
    for each in sorted(findings, key=lambda found: str(found.conviction_id)):
        decided = decision is not None and decision.stands_on(each) and decision.identity == relief.rests_on
        fits = decided or each.outcome in (relief.kind, "already_relieved")
        if not fits or not set(each.counts) & set(main.counts):
            return each
    return None
