"""What each source says of a person and of each count, before sources are weighed against each other. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import BaseModel

from reliefstream_contracts.identifiers import CaseNumber, CountKey, Source
from reliefstream_contracts.records import Count, Person, PersonName, SourceRecord
from reliefstream_contracts.vocabulary.offense import Level, SentencePart
from services.reconciliation.linkage.conviction.reported_count import convicted_counts


class CountSaid(BaseModel):
    """One convicted count as its source has it; null: it does not say."""

    key: CountKey
    source: Source
    section: str
    as_written: str
    level: Level | None
    case_number: CaseNumber | None
    offense_date: date | None
    arrest_date: date | None
    conviction_date: date | None
    disposition_date: date | None
    prosecuting_agency: str | None
    sentence: tuple[SentencePart, ...]


def counts_said(records: Iterable[SourceRecord]) -> list[dict[str, Any]]:
    """Every convicted count, sorted by key."""
    found = [
        _said(one.key, one.source, one.reference().section, one.count) for one in convicted_counts(records)
    ]
    return [one.model_dump(mode="json") for one in sorted(found, key=lambda one: one.key)]


def names_said(persons: Iterable[Person]) -> list[str]:
    """Each name that records give, the most frequent first: ``SURNAME, GIVEN MIDDLE SUFFIX``."""
    written = [_written(one.name) for one in persons if one.name]
    return sorted(set(written) - {""}, key=lambda name: (-written.count(name), name))


def _said(key: CountKey, source: Source, section: str, count: Count) -> CountSaid:
    return CountSaid(
        key=key,
        source=source,
        section=section,
        as_written=count.offense.as_written,
        level=count.level_convicted,
        case_number=count.case_number,
        offense_date=count.offense_date,
        arrest_date=count.arrest_date,
        conviction_date=count.conviction_date,
        disposition_date=count.disposition_date,
        prosecuting_agency=count.prosecuting_agency,
        sentence=count.sentence,
    )


def _written(name: PersonName) -> str:
    first = " ".join(part for part in (name.given, name.middle, name.suffix) if part)
    return ", ".join(part for part in (name.surname, first) if part)
