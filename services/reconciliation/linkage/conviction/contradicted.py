"""A conviction that one source shows while the other's record of the same case says that there was none.

The other's count is of the same section number; a court's case without any conviction speaks of every charge in it.
Relief that follows a conviction (PC 1203.4, HS 11361.8) explains a court's ``dismissed``: it is then that conviction's
relief. Dismissal under PC 1385 ends a charge, too, that led to no conviction: it explains nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reliefstream_contracts.histories import RelievedBy
from reliefstream_contracts.records import SourceRecord
from services.reconciliation.linkage.conviction.agreement import Agreed, Said, agree
from services.reconciliation.linkage.conviction.reported_count import Reported, not_convicted


@dataclass(frozen=True, slots=True)
class ToldOtherwise:
    """What the other source says of a conviction: relief of it, or that there was none."""

    relief: tuple[RelievedBy, ...]
    disposition: Agreed[str]


def told_otherwise(same: Sequence[Reported], others: Sequence[Reported]) -> ToldOtherwise | None:
    """What ``others``, counts that are no convictions, say of a conviction that its counts show.

    None where both sources show the conviction, or nothing is said of it.
    """
    sources = {one.source for one in same}
    if len(sources) > 1:
        return None
    of_case = [
        other
        for other in others
        if other.source not in sources and any(_one_case(one, other) for one in same)
    ]
    sections = {section.section for one in same for section in one.count.offense.sections}
    of_section = [other for other in of_case if sections & _sections(other)]
    relief = tuple(
        RelievedBy(source=other.source, relief=given)
        for other in of_section
        for given in other.count.later_relief
        if given.kind != "pc_1385"
    )
    if relief:
        return ToldOtherwise(relief, Agreed(None))
    denying = of_section or [other for other in of_case if _without_any_conviction(other.record)]
    if not denying:
        return None
    said = [Said(source, "convicted") for source in sources]
    return ToldOtherwise((), agree("disposition", said + [_said(other) for other in denying]))


def counts_without_conviction(records: Collection[SourceRecord]) -> list[Reported]:
    """The counts of one subject's records that ended without a conviction; none where there is one source only."""
    if len(records) < 2 or len({record.source for record in records}) < 2:
        return []
    return not_convicted(records)


def _said(other: Reported) -> Said[str]:
    return Said(other.source, other.count.disposition or "not convicted")


def _sections(one: Reported) -> set[str]:
    return {section.section for section in one.count.offense.sections}


def _one_case(one: Reported, other: Reported) -> bool:
    county = one.count.county
    return county is not None and county == other.count.county and one.is_of_the_case(other)


def _without_any_conviction(record: SourceRecord) -> bool:
    """Whether a court's record tells of every charge that it ended otherwise, and of no relief."""
    return record.source == "court" and all(
        count.outcome == "not_convicted" and not count.juvenile and not count.later_relief
        for count in record.counts
    )
