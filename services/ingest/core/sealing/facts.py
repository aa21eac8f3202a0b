"""The facts by which a count, and the person of a record, are recognised. Pure."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.case_numbers import with_and_without_defendant
from reliefstream_contracts.identifiers import (
    CaseNumber,
    CountKey,
    CountyName,
    RecordId,
    Source,
    count_key,
    record_key_of,
)
from reliefstream_contracts.records import Count, Person
from reliefstream_contracts.relief import RelievedConviction
from services.ingest.core.charges.code_sections import read_offense
from services.ingest.core.sealing.spellings import in_latin, near_numbers, plain_cii

_SUBDIVISIONS = re.compile(r"\([^)]*\)")
_MARKS = re.compile(r"[\W_]+")


class RecordKey(NamedTuple):
    """The key of a record: who sent it, and the source's own id."""

    county: CountyName
    source: Source
    record_id: RecordId

    def place(self) -> str:
        """The record as a place where a count may stand."""
        return f"record/{self.source}/{self.county}/{self.record_id}"


class CountFacts(NamedTuple):
    """``cases``: the case as a place where the count stands, with and without a defendant; empty: it has none.
    ``near``: places that it has in common with other writings of its number, and with other cases.

    ``section``: without punctuation; ``base``: without subdivisions too. ``numbers``: of each section that it
    names, without the code; empty: none could be read.
    """

    key: str
    record: str
    cases: tuple[str, ...]
    section: str
    base: str
    days: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def count_facts(count: Count, record: RecordKey) -> CountFacts:
    """The facts of one count of a record; a court that is not known is one of the county that sent it."""
    county = count.county or record.county
    offense = count.offense
    if not offense.as_written.isascii():
        offense = read_offense(in_latin(offense.as_written))
    return CountFacts(
        key=count_key(record.source, record.county, record.record_id, count.count_id),
        record=record.place(),
        cases=case_places(county, count.case_number),
        section=_plain(offense.shown),
        base=without_subdivisions(offense.shown),
        days=_days(count.conviction_date, count.disposition_date),
        numbers=tuple(section.section for section in offense.sections),
        near=near_places(county, count.case_number),
    )


def conviction_facts(conviction: RelievedConviction, count: CountKey) -> CountFacts:
    """The facts of one count of a conviction as relief knows it, in all writings of its case number."""
    numbers = dict.fromkeys((conviction.case_number, *conviction.source_case_numbers.values()))
    return CountFacts(
        key=count,
        record=f"record/{record_key_of(count)}",
        cases=tuple(place for number in numbers for place in case_places(conviction.county, number)),
        section=_plain(conviction.section),
        base=without_subdivisions(conviction.section),
        days=_days(conviction.conviction_date, conviction.disposition_date),
        near=tuple(
            dict.fromkeys(place for number in numbers for place in near_places(conviction.county, number))
        ),
    )


def case_places(county: CountyName, number: CaseNumber | str | None) -> tuple[str, ...]:
    """A case as a place where a count may stand: with and without a defendant's suffix; empty where it has none."""
    forms = with_and_without_defendant(CaseNumber(number) if number else None)
    return tuple(f"case/{county}/{form}" for form in dict.fromkeys(forms))


def near_places(county: CountyName, number: CaseNumber | str | None) -> tuple[str, ...]:
    """Places that a case has in common with other writings of its number."""
    return tuple(f"near/{county}/{one}" for one in sorted(near_numbers(number)))


def cii_place(number: str) -> str:
    """A person as a place where a count without a case number may stand."""
    return f"cii/{number}"


def person_facts(person: Person, record: RecordKey) -> Iterator[tuple[str, str]]:
    """What tells the person from others: the kind of fact, which is compared with its own kind only, and its value."""
    for number in person.cii_numbers:
        yield "cii", plain_cii(number)
    if person.birth_date:
        yield "birth", person.birth_date.isoformat()
    if person.source_subject_id:
        yield f"{record.source}/{record.county}", person.source_subject_id


def whole(one: CountFacts, person: Person, record: RecordKey) -> tuple[str, ...]:
    """All by which a count and its person are known, for a person who has said which conviction it is: whatever of it
    changes makes another one."""
    facts = {f"{kind} {value}" for kind, value in person_facts(person, record)}
    return (
        one.key,
        "\n".join(sorted(one.cases)),
        one.section,
        "\n".join(one.days),
        person.name.to_json().decode() if person.name else "",
        "\n".join(sorted(facts)),
    )


def _days(*days: date | None) -> tuple[str, ...]:
    return tuple(sorted({day.isoformat() for day in days if day}))


def _plain(section: str) -> str:
    return _MARKS.sub("", in_latin(section))


def without_subdivisions(section: str) -> str:
    """A section as sections are compared, without what stands in brackets: ``HS11359``."""
    return _plain(_SUBDIVISIONS.sub("", section))
