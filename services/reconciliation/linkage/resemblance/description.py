"""What a record says of its person that can resemble another's: names, birth date, numbers, cases."""

from functools import lru_cache
from typing import NamedTuple

from reliefstream_contracts.case_numbers import with_and_without_defendant
from reliefstream_contracts.identifiers import CountyName, Source
from reliefstream_contracts.records import SourceRecord
from services.reconciliation.linkage.resemblance.negative_evidence import (
    NegativeEvidence,
    negative_evidence_of,
)

UNTOLD = frozenset({"", "other", "unknown", "x", "o"})
"""Races that say nothing."""


class Description(NamedTuple):
    """One record's person; empty where unknown."""

    source: Source
    county: CountyName
    evidence: NegativeEvidence
    race: str
    cii_numbers: tuple[str, ...]
    source_key: str
    """The source's own key of the person."""
    cases: frozenset[str]
    """``county/case number``, comparable, with and without a defendant's suffix, of the counts in the county that
    sent it."""


def description_of(record: SourceRecord) -> Description:
    """What can be compared of a record."""
    person, county = record.person, record.county
    numbers = {count.case_number for count in record.counts if count.county == county}
    race = (person.race or "").casefold().strip()
    return Description(
        source=record.source,
        county=county,
        evidence=negative_evidence_of(record),
        race="" if race in UNTOLD else race,
        cii_numbers=person.cii_numbers,
        source_key=person.source_subject_id or "",
        cases=frozenset([f"{county}/{case}" for number in numbers for case in _numbers(number)]),
    )


_numbers = lru_cache(maxsize=1024)(with_and_without_defendant)
