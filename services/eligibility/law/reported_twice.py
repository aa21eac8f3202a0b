"""Which convictions are surely two, and which may be one that was reported twice (INTERPRETATIONS I-13, I-36)."""

import re
from collections import Counter
from collections.abc import Sequence

from reliefstream_contracts.histories import Conviction, CountRef
from reliefstream_contracts.identifiers import record_key_of

NO_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
STEP = 6
"""Digits of a DOJ count id that name the step: cycle and step, three each; the count follows."""


def surely_different(convictions: Sequence[Conviction], beside: Conviction | None = None) -> int:
    """How many convictions there are at least, of which no two may be one; not counting ``beside``, nor what may
    be that."""
    in_report = Counter(report for one in convictions for report in _reports(one))
    largest_first = sorted(convictions, key=lambda one: -max(in_report[report] for report in _reports(one)))
    found: dict[tuple[str, ...], list[Conviction]] = {}
    if beside is not None:
        found[_numbers(beside)] = [beside]
    for one in largest_first:
        same_section = found.setdefault(_numbers(one), [])
        if not any(may_be_one(one, other) for other in same_section):
            same_section.append(one)
    return sum(map(len, found.values())) - (beside is not None)


def may_be_one(one: Conviction, other: Conviction) -> bool:
    """Whether two convictions on record may be one that was reported twice.

    They are two where the section number, the county or the case number differs, and where one report has both:
    counts of one step of a rap sheet or of one court record. Without two case numbers the day has to differ.
    What is unknown differs from nothing.
    """
    if _numbers(one) != _numbers(other) or _differ(one.county, other.county):
        return False
    if not _reports(one).isdisjoint(_reports(other)):
        return False
    case, other_case = _case(one), _case(other)
    if case and other_case:
        return case == other_case
    return not _differ(one.conviction_date, other.conviction_date)


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _numbers(conviction: Conviction) -> tuple[str, ...]:
    return tuple(section.section for section in conviction.offense.sections)


def _case(conviction: Conviction) -> str:
    """The case number as sources write it differently: without case, dashes, spaces and leading zeros."""
    return LEADING_ZEROS.sub("", NO_LETTER_OR_DIGIT.sub("", (conviction.case_number or "").upper()))


def _reports(conviction: Conviction) -> set[str]:
    return {_report(count) for count in conviction.counts}


def _report(count: CountRef) -> str:
    """What reports an event once: a step of a rap sheet, or a court's record."""
    record = record_key_of(count.key)
    count_id = count.key[len(record) + 1 :]
    return f"{record}/{count_id[:STEP]}" if count.source == "doj" else record
