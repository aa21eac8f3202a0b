"""Relief without servers: what the handler and the database do, in memory, for tests of the rules."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import CountKey, ReliefId, ReviewId, derived
from reliefstream_contracts.relief import CourtOrder, ReliefEvent
from services.relief.lifecycle.findings import Finding, findings
from services.relief.lifecycle.from_findings import follow_findings
from services.relief.lifecycle.standing_order_scope import StandingOrderInForce
from services.relief.lifecycle.transitions import Relief, State
from services.relief.review.follow_determinations import follow, standing_decisions
from services.relief.review.review import Review
from services.relief.review.review_steps import Author, Motion, sign
from tests.relief.builders import NOW

PREPARER = Author("district_attorney", "account-1", signer=False)
SIGNER = Author("district_attorney", "account-2", signer=True)


@dataclass
class World:
    """One county's relief. ``standing``: the standing order in force, None for batch mode; ``covers_decisions``: it
    reaches what rests on a decision too."""

    standing: CourtOrder | None = None
    covers_decisions: bool = False
    now: datetime = NOW
    versions: dict[UUID, int] = field(default_factory=dict)
    judged: dict[UUID, list[Finding]] = field(default_factory=dict)
    reliefs: dict[ReliefId, Relief] = field(default_factory=dict)
    held: dict[CountKey, ReliefId] = field(default_factory=dict)
    reviews: dict[UUID, Review] = field(default_factory=dict)
    events: list[ReliefEvent | DiscrepancyChanged] = field(default_factory=list)
    made: int = 0

    def take(self, *snapshots: DeterminationsChanged) -> None:
        """The snapshots as one batch."""
        for snapshot in snapshots:
            if snapshot.version > self.versions.get(snapshot.subject_id, 0):
                self.versions[snapshot.subject_id] = snapshot.version
                self.judged[snapshot.subject_id] = findings(snapshot)
        self.follow_findings()

    def follow_findings(self) -> None:
        """Everything is reviewed each time: what nothing touched must not change."""
        self.now += timedelta(seconds=1)
        standing = (
            {"los-angeles": StandingOrderInForce(order=self.standing, covers_decisions=self.covers_decisions)}
            if self.standing
            else {}
        )
        every = [each for found in self.judged.values() for each in found]
        decisions = standing_decisions(self.reviews.values(), every, day_in=lambda _, at: at.date())
        done = follow_findings(
            every,
            self.reliefs.values(),
            self.held,
            standing,
            decisions=decisions,
            new_id=self.new_id,
            at=self.now,
        )
        self.reliefs |= done.reliefs
        self.held = {count: one for count, one in (self.held | done.held).items() if one}
        self.events += done.events
        for one in follow(
            every,
            self.reliefs,
            self.held,
            self.reviews.values(),
            due_on=lambda _, at: at.date(),
            new_id=lambda: ReviewId(self.new_id()),
            at=self.now,
        ):
            self.reviews[one.review_id] = one

    def new_id(self) -> ReliefId:
        """As good as random here: another one each time."""
        self.made += 1
        return ReliefId(derived("relief", self.made))

    def decide(self, review_id: UUID, motion: Motion) -> None:
        """One prepares it, another signs it."""
        prepared = motion.prepare(self.reviews[review_id], PREPARER, self.now).review
        self.reviews[review_id] = sign(prepared, SIGNER, self.now).review
        self.follow_findings()

    def step(self, taken: tuple[Relief, ReliefEvent | None]) -> None:
        """What a person did."""
        relief, event = taken
        self.reliefs[relief.relief_id] = relief
        self.events += [event] if event else []

    def the_relief(self) -> Relief:
        (relief,) = self.reliefs.values()
        return relief

    def states(self) -> dict[str, State]:
        """By the last part of the anchor."""
        return {each.anchor.rpartition("/")[2]: each.state for each in self.reliefs.values()}

    def names(self) -> list[str]:
        return names(self.events)


def names(events: Iterable[object]) -> list[str]:
    """Class names without their prefix: ``Proposed``, ``Ordered``, ``DiscrepancyChanged``."""
    return [type(each).__name__.removeprefix("Relief") for each in events]
