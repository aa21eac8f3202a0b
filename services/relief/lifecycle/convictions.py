"""Which findings and reliefs are about one conviction: those that share source counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reliefstream_contracts.identifiers import CountKey, ReliefId
from services.relief.lifecycle.findings import Finding
from services.relief.lifecycle.transitions import FIXED, Relief


@dataclass(slots=True)
class Group:
    """Everything about one conviction."""

    findings: list[Finding] = field(default_factory=list)
    reliefs: list[Relief] = field(default_factory=list)


def groups(
    findings: Iterable[Finding], reliefs: Iterable[Relief], held: Mapping[CountKey, ReliefId]
) -> list[Group]:
    """The groups, in the order of their smallest count; every finding and every relief is in one of them.

    A relief that the court has seen holds all its counts together. Any other goes with its anchor, or with the
    smallest of its counts that a finding still names.
    """
    findings, reliefs = list(findings), list(reliefs)
    one = _Same()
    for finding in findings:
        one.join(finding.counts)
    judged = set(one.parents)
    counts: dict[ReliefId, list[CountKey]] = defaultdict(list)
    for count in sorted(held):
        counts[held[count]].append(count)
    homes: dict[ReliefId, CountKey] = {}
    for relief in reliefs:
        own = counts[relief.relief_id]
        if relief.state in FIXED:
            one.join([relief.anchor, *own])
        homes[relief.relief_id] = (
            relief.anchor
            if relief.anchor in judged
            else next((each for each in own if each in judged), relief.anchor)
        )
    found: dict[CountKey, Group] = defaultdict(Group)
    for finding in findings:
        found[one.first(finding.counts[0])].findings.append(finding)
    for relief in reliefs:
        found[one.first(homes[relief.relief_id])].reliefs.append(relief)
    return [found[key] for key in sorted(found)]


class _Same:
    """Disjoint sets of counts, each known by its smallest."""

    def __init__(self) -> None:
        self.parents: dict[CountKey, CountKey] = {}

    def first(self, count: CountKey) -> CountKey:
        self.parents.setdefault(count, count)
        while self.parents[count] != count:
            self.parents[count] = self.parents[self.parents[count]]
            count = self.parents[count]
        return count

    def join(self, counts: Iterable[CountKey]) -> None:
        roots = {self.first(count) for count in counts}
        smallest = min(roots)
        for root in roots:
            self.parents[root] = smallest
