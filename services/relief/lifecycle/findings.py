"""The part of a determination that relief stores."""

from collections.abc import Sequence
from typing import Literal

from reliefstream_contracts.determinations import (
    Determination,
    DeterminationsChanged,
    Outcome,
    RedesignatedTo,
)
from reliefstream_contracts.frozen import Frozen
from reliefstream_contracts.identifiers import ConvictionId, CountKey, Source
from reliefstream_contracts.relief import ReliefGranted, RelievedConviction
from services.relief.lifecycle.authority import has_authority
from services.relief.lifecycle.for_review import ForReview, for_review
from services.relief.lifecycle.sentence_running import still_serving

Obstacle = Literal[
    "not_on_record",
    "already_relieved",
    "determination_changed",
    "determinations_differ",
    "joined",
    "conviction_changed",
    "ordered_twice",
]
"""Why relief cannot go on now; each but the last is the reason of the ``ReliefProposalWithdrawn`` that it
leads to; ``ordered_twice`` says that another relief on the same conviction was ordered as well."""

Withheld = Literal["city_attorney", "no_authority"]
"""Why relief that a determination gives is not proposed here: who else must act, or no law lets a list do it."""


class Given(Frozen):
    """Relief that is given on a conviction. ``redesignated_to`` None: the court's order says to which level."""

    kind: ReliefGranted
    redesignated_to: RedesignatedTo | None = None
    rests_on: str | None = None
    """The decision of a review, as ``review_id/sequence``; None: the determination itself."""


class Finding(Frozen):
    """One subject's determination on one conviction, as relief needs it."""

    conviction_id: ConvictionId
    outcome: Outcome
    gives: Given | None
    """The relief to propose; None when there is none or it is withheld."""
    withheld: Withheld | None = None
    policy: str
    reason: str
    shown_by: tuple[Source, ...] = ()
    review: ForReview | None = None
    """None: nobody has to review it."""
    still_serving: bool | None = None
    """None: the determination does not say."""
    conviction: RelievedConviction

    @property
    def counts(self) -> tuple[CountKey, ...]:
        return self.conviction.counts


LAW = "hs-11361.8"
"""The one law that relief is ordered under here; what another finds (PC 1203.425: DOJ's own act) is none of ours."""


def findings(event: DeterminationsChanged) -> list[Finding]:
    """The findings of a snapshot under HS 11361.8 and 11361.9, one a conviction.

    A conviction of unknown county has a determination in each county that sent it (I-03); it gets only the relief that
    all of them give. Raises ValueError for a determination without a count to key relief by.
    """
    found: dict[ConvictionId, Finding] = {}
    for each in event.determinations:
        if each.law_name == LAW:
            finding = _finding(each, event)
            found[each.conviction_id] = _least(found.get(each.conviction_id, finding), finding)
    return list(found.values())


def _least(one: Finding, other: Finding) -> Finding:
    if one.gives == other.gives or one.gives is None:
        return one
    return other if other.gives is None else one.replace(gives=None)


def given(all_findings: Sequence[Finding]) -> tuple[Given | None, Obstacle | None]:
    """The relief that all findings agree on, as unknown is never eligible, and the obstacle where they do not.

    The relief is None when they give none; the obstacle is None where they agree on giving none. One conviction has
    several findings while it moves from one subject to another, or after it was split.
    """
    if not all_findings:
        return None, "not_on_record"
    if any(each.outcome == "already_relieved" for each in all_findings):
        return None, "already_relieved"
    found = {each.gives for each in all_findings}
    if len(found) > 1:
        return None, "determinations_differ"
    return found.pop(), None


def fullest(all_findings: Sequence[Finding]) -> Finding:
    """The finding with the most counts; independent of their order."""
    if len(all_findings) == 1:  # as nearly always
        return all_findings[0]
    return min(
        all_findings, key=lambda each: (-len(each.counts), each.counts, str(each.conviction.subject_id))
    )


def _finding(determination: Determination, event: DeterminationsChanged) -> Finding:
    if not determination.counts:
        raise ValueError("a determination without counts: relief is keyed by them")
    outcome = determination.outcome
    relief = (
        Given(kind=outcome, redesignated_to=determination.redesignated_to)
        if outcome in ("dismissal", "redesignation")
        else None
    )
    withheld = _withheld(determination) if relief else None
    return Finding(
        conviction_id=determination.conviction_id,
        outcome=outcome,
        gives=None if withheld else relief,
        withheld=withheld,
        policy=determination.policy,
        reason=determination.reason,
        shown_by=determination.shown_by,
        review=for_review(determination),
        still_serving=still_serving(determination.grounds),
        conviction=RelievedConviction(
            subject_id=event.subject_id,
            counts=tuple(sorted(set(determination.counts))),
            county=determination.county,
            city=determination.city,
            court=determination.court,
            case_number=determination.case_number,
            source_case_numbers=determination.source_case_numbers,
            section=determination.section,
            level=determination.level,
            conviction_date=determination.conviction_date,
            disposition_date=determination.disposition_date,
            sex=event.sex,
            race=event.race,
        ),
    )


def _withheld(determination: Determination) -> Withheld | None:
    if determination.route == "city_attorney":
        return "city_attorney"
    return None if has_authority(determination.section) else "no_authority"
