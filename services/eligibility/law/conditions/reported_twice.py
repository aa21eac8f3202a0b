"""Which convictions are certainly different, and which may be one that was reported twice (I-13, I-36)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.histories import Conviction, CountRef
from reliefstream_contracts.identifiers import CountyName, record_key_of
from services.eligibility.law.input.facts import Facts
from services.eligibility.law.input.judged_conviction import comparable

STEP = 6
"""Digits of a DOJ count id that name the step: cycle and step, three each; the count follows."""


class _Shown(NamedTuple):
    """The facts that distinguish two convictions. ``case`` is empty without a case number."""

    numbers: tuple[str, ...]
    case: str
    county: CountyName | None
    on: date | None
    reports: frozenset[str]


def surely_different(
    convictions: Sequence[Conviction], facts: Facts, beside: Conviction | None = None
) -> int:
    """The smallest number of convictions that are certainly different. ``beside``, and each that may be the same
    conviction as it, is not counted, unless somebody stated that it was not reported twice.
    """
    own = [one for one in convictions if facts.stated(one, "reported_twice") == "no"]
    shown = [_shown(one) for one in convictions if one not in own]
    if not shown:
        return len(own)
    in_report = Counter(report for one in shown for report in one.reports)
    shown.sort(key=lambda one: -max(in_report[report] for report in one.reports))
    if beside is not None:
        shown.insert(0, _shown(beside))
    of_section: dict[object, list[_Shown]] = defaultdict(list)
    of_case: dict[object, list[_Shown]] = defaultdict(list)
    found = 0
    for one in shown:
        section, case = one.numbers, (one.numbers, one.case)
        # Two numbers tell two cases apart, so that only these can be the same.
        near = (*of_case[case], *of_case[section, ""]) if one.case else of_section[section]
        if not any(_may_be_one(one, other) for other in near):
            of_section[section].append(one)
            of_case[case].append(one)
            found += 1
    return found - (beside is not None) + len(own)


def ask_which_repeat(convictions: Iterable[Conviction], facts: Facts) -> None:
    """Has it asked of each whether it is one that the record shows already."""
    for one in convictions:
        facts.of(one, "reported_twice")


def _may_be_one(one: _Shown, other: _Shown) -> bool:
    """Whether two convictions of one section number may be one that was reported twice.

    They are two where the county or the case number differs, and where one report has both: counts of one step
    of a rap sheet or of one court record. Without two case numbers the day has to differ. What is unknown differs
    from nothing.
    """
    if _differ(one.county, other.county) or not one.reports.isdisjoint(other.reports):
        return False
    if one.case and other.case:
        return one.case == other.case
    return not _differ(one.on, other.on)


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _shown(conviction: Conviction) -> _Shown:
    return _Shown(
        tuple(section.section for section in conviction.offense.sections),
        comparable(conviction.case_number),
        conviction.county,
        conviction.conviction_date,
        frozenset(map(_report, conviction.counts)),
    )


def _report(count: CountRef) -> str:
    """What reports an event once: a step of a rap sheet, or a court's record."""
    record = record_key_of(count.key)
    return count.key[: len(record) + 1 + STEP] if count.source == "doj" else record
