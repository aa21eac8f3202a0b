"""A count as one record reports it, with what is compared across records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reliefstream_contracts.case_numbers import comparable, with_and_without_defendant, without_run_on
from reliefstream_contracts.histories import CountRef
from reliefstream_contracts.identifiers import CaseNumber, CountKey, Source, count_key
from reliefstream_contracts.records import CaseRecorded, Count, SourceRecord
from reliefstream_contracts.vocabulary.offense import CodeSection

Charge = tuple[tuple[CodeSection, ...], bool, bool, bool, bool]
"""Exact sections, and whether it is an attempt, a conspiracy, an accessory's, a juvenile court's."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One convicted count, or a juvenile court's adjudication; of ``not_convicted`` one that ended otherwise.

    ``case``: its case number, comparable, or None. ``charge``: what it was for, compared exactly; None when the text
    could not be read. A section that is written without its code has the code that another count of the person names
    with it.
    """

    key: CountKey
    source: Source
    record: SourceRecord
    count: Count
    case: str | None
    charge: Charge | None

    @property
    def base_cases(self) -> tuple[str, ...]:
        """The case number, comparable, without a defendant's suffixes; empty where it has none."""
        return _base_cases(self.count.case_number)

    def is_of_the_case(self, other: "Reported") -> bool:
        """Whether both name one case, which one of them may write with a defendant's suffix."""
        return self.case is not None and (self.case == other.case or self.has_suffix_beside(other))

    def has_suffix_beside(self, other: "Reported") -> bool:
        """Whether the one number is the other without a defendant's suffix."""
        return self.case in other.base_cases or other.case in self.base_cases

    @property
    def report(self) -> str:
        """What reports an event once: a court's record, or one step of a rap sheet.

        Counts of one report are separate counts. A DOJ count id is cycle, step and count, three digits each.
        """
        step = self.count.count_id[:6] if self.source == "doj" else ""
        return f"{self.record.key()}/{step}"

    @property
    def record_status(self) -> Literal["active", "sealed", "destroyed"]:
        """What has become of the record in its source; DOJ does not say."""
        if self.source == "doj" or not isinstance(self.record, CaseRecorded):
            return "active"
        return self.record.record_status

    def reference(self) -> CountRef:
        """How the contract points to this count."""
        person, count = self.record.person, self.count
        return CountRef(
            key=self.key,
            source=self.source,
            sent_by=self.record.county,
            case_number=count.case_number,
            section=count.offense.shown,
            disposed_on=count.disposition_date or count.conviction_date,
            source_subject_id=person.source_subject_id,
            # Two numbers on one record: which of them the count came under is not known.
            cii_number=person.cii_numbers[0] if len(person.cii_numbers) == 1 else None,
            file_sha256=count.file_sha256,
            file_row=count.file_row,
        )


def convicted_counts(records: Iterable[SourceRecord]) -> list[Reported]:
    """Every count with a convicted disposition, or a juvenile adjudication, in these records, sorted by key."""
    records = list(records)
    codes = _codes(records)
    found = [
        _reported(record, count, codes)
        for record in records
        for count in record.counts
        if count.outcome == "convicted" or count.juvenile
    ]
    return sorted(found, key=lambda reported: reported.key)


def not_convicted(records: Iterable[SourceRecord]) -> list[Reported]:
    """Every count that ended without a conviction and without an adjudication, sorted by key."""
    found = [
        _reported(record, count, {})
        for record in records
        for count in record.counts
        if count.outcome == "not_convicted" and not count.juvenile
    ]
    return sorted(found, key=lambda reported: reported.key)


def _reported(record: SourceRecord, count: Count, codes: Mapping[CodeSection, str]) -> Reported:
    return Reported(
        key=count_key(record.source, record.county, record.record_id, count.count_id),
        source=record.source,
        record=record,
        count=count,
        case=comparable(count.case_number),
        charge=_charge(count, codes),
    )


@lru_cache(maxsize=10_000)
def _base_cases(written: CaseNumber | None) -> tuple[str, ...]:
    numbers = with_and_without_defendant(written)
    run_on = (without_run_on(number) for number in numbers)
    return (*numbers[1:], *(number for number in run_on if number))


def _charge(count: Count, codes: Mapping[CodeSection, str]) -> Charge | None:
    offense = count.offense
    if not offense.sections:
        return None
    sections = offense.sections
    if codes:
        sections = tuple(
            section if section.code or section not in codes else section.replace(code=codes[section])
            for section in sections
        )
    return sections, offense.attempt, offense.conspiracy, offense.accessory, count.juvenile


def _codes(records: Iterable[SourceRecord]) -> dict[CodeSection, str]:
    """The code of each section that one count writes without it, where the other counts name one code with it."""
    named: dict[CodeSection, set[str]] = {
        section: set()
        for record in records
        for count in record.counts
        for section in count.offense.sections
        if not section.code
    }
    if not named:
        return {}
    written = {section for record in records for count in record.counts for section in count.offense.sections}
    for section in written:
        bare = section.replace(code="")
        if section.code and bare in named:
            named[bare].add(section.code)
    return {section: codes.pop() for section, codes in named.items() if len(codes) == 1}
