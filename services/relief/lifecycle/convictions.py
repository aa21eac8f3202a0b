"""Groups findings and reliefs by conviction: those that share source counts are about the same one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from reliefstream_contracts.identifiers import CountKey, ReliefId
from services.disjoint_sets import DisjointSets
from services.relief.lifecycle.findings import Finding
from services.relief.lifecycle.transitions import FIXED, ORDERED, Relief


@dataclass(slots=True)
class Group:
    """Everything about one conviction."""

    findings: list[Finding] = field(default_factory=list)
    reliefs: list[Relief] = field(default_factory=list)


def groups(
    findings: Iterable[Finding], reliefs: Iterable[Relief], held: Mapping[CountKey, ReliefId]
) -> list[Group]:
    """The groups, in the order of their smallest count; every finding and every relief is in one of them.

    A relief that the court has seen keeps all its counts together; once it is ordered also those that it was ordered
    on and that another relief is named after. Any other is grouped with its anchor, or with the
    smallest of its counts that a finding still names.
    """
    findings, reliefs = list(findings), list(reliefs)
    counts: dict[ReliefId, list[CountKey]] = defaultdict(list)
    for count in sorted(held):
        counts[held[count]].append(count)
    judged = {count for finding in findings for count in finding.counts}
    ordered_on = {one.relief_id: one.conviction.counts for one in reliefs if one.state in ORDERED}
    same = DisjointSets(
        {*judged, *held, *chain(*ordered_on.values()), *(relief.anchor for relief in reliefs)}
    )
    for finding in findings:
        for count in finding.counts[1:]:
            same.join(finding.counts[0], count)
    for relief in reliefs:
        together = (*counts[relief.relief_id], *ordered_on.get(relief.relief_id, ()))
        for count in together if relief.state in FIXED else ():
            same.join(relief.anchor, count)
    smallest = {count: min(group) for group in same.groups() for count in group}
    found: dict[CountKey, Group] = defaultdict(Group)
    for finding in findings:
        found[smallest[finding.counts[0]]].findings.append(finding)
    for relief in reliefs:
        own = (relief.anchor, *counts[relief.relief_id])
        home = next((count for count in own if count in judged), relief.anchor)
        found[smallest[home]].reliefs.append(relief)
    return [found[count] for count in sorted(found)]
