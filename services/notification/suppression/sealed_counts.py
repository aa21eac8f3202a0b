"""Sealed counts as keyed hashes: whether a given count is one of them can be told, and nothing else. Pure.

What agrees with a dismissal that is known (``counts.suppressed``) agrees with its hashes once it is sealed.
"""

from collections.abc import Iterator, Sequence

from reliefstream_contracts.dismissals import ConvictionDismissed
from services.chassis.runtime.keyed_hash import KeyedHash
from services.notification.suppression.counts import Count, Section, case_numbers_of, sections_of

ANY_DAY = ""
ANY_CODE = "*"


def hashes_of(dismissed: ConvictionDismissed, hashing: KeyedHash) -> list[str]:
    """What to keep of a dismissal: a hash for each way in which one of its counts may be asked about; sorted."""
    days = [day.isoformat() for day in (dismissed.conviction_date, dismissed.disposition_date) if day]
    return sorted(
        {
            hashing.of(dismissed.county, number, day, *writing)
            for number in case_numbers_of(dismissed)
            for day in days or [ANY_DAY]
            for section in sections_of(dismissed.code_section)
            for writing in _kept(section)
        }
    )


def asked_hashes(count: Count, hashing: KeyedHash) -> list[str]:
    """The hashes of which one is kept where the count is sealed, by each key."""
    return [
        one
        for day in (count.on.isoformat(), ANY_DAY)
        for writing in _asked(count.section)
        for one in hashing.by_each_key(count.county, count.case_number, day, *writing)
    ]


def _kept(section: Section) -> Iterator[tuple[str, ...]]:
    """Written with fewer subdivisions it agrees too, and without its code."""
    for code in {section.code, ANY_CODE}:
        for length in range(len(section.below) + 1):
            yield _writing("begins", code, section, section.below[:length])
        yield _writing("whole", code, section, section.below)


def _asked(section: Section) -> Iterator[tuple[str, ...]]:
    """As it is asked, or a section of which it is a subdivision; a code agrees with itself and with none."""
    for code in {section.code, ""} if section.code else {ANY_CODE}:
        yield _writing("begins", code, section, section.below)
        for length in range(len(section.below)):
            yield _writing("whole", code, section, section.below[:length])


def _writing(kind: str, code: str, section: Section, below: Sequence[str]) -> tuple[str, ...]:
    return kind, code, section.number, *below
