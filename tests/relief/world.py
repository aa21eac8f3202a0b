"""Relief without servers: what the handler and the database do, in memory, for tests of the rules."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import CountKey, ReliefId
from reliefstream_contracts.relief import CourtOrder, ReliefEvent
from services.relief.lifecycle.findings import Finding, findings
from services.relief.lifecycle.review import review
from services.relief.lifecycle.transitions import Relief, State
from tests.relief.builders import NOW


@dataclass
class World:
    """One county's relief. ``standing``: the standing order in force, None for batch mode."""

    standing: CourtOrder | None = None
    now: datetime = NOW
    versions: dict[UUID, int] = field(default_factory=dict)
    judged: dict[UUID, list[Finding]] = field(default_factory=dict)
    reliefs: dict[ReliefId, Relief] = field(default_factory=dict)
    held: dict[CountKey, ReliefId] = field(default_factory=dict)
    events: list[ReliefEvent | DiscrepancyChanged] = field(default_factory=list)

    def take(self, *snapshots: DeterminationsChanged) -> None:
        """The snapshots as one batch."""
        for snapshot in snapshots:
            if snapshot.version > self.versions.get(snapshot.subject_id, 0):
                self.versions[snapshot.subject_id] = snapshot.version
                self.judged[snapshot.subject_id] = findings(snapshot)
        self.review()

    def review(self) -> None:
        """Everything is reviewed each time: what nothing touched must not change."""
        self.now += timedelta(seconds=1)
        standing = {"los-angeles": self.standing} if self.standing else {}
        every = [each for found in self.judged.values() for each in found]
        done = review(every, self.reliefs.values(), self.held, standing, self.now)
        self.reliefs |= done.reliefs
        self.held = {count: one for count, one in (self.held | done.held).items() if one}
        self.events += done.events

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
