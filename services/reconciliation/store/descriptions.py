"""Descriptions of records as text, stored beside them so that candidates are compared without being read whole."""

from datetime import date
from functools import lru_cache
from typing import Any

from pydantic_core import from_json, to_json

from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.names import Name
from services.reconciliation.linkage.resemblance.negative_evidence import NegativeEvidence


def as_text(description: Description) -> str:
    """A description as a JSON array."""
    evidence = description.evidence
    return to_json(
        [
            description.source,
            description.county,
            evidence.name.surname,
            evidence.name.given,
            evidence.name.middle,
            evidence.name.suffix,
            evidence.birth_date.isoformat() if evidence.birth_date else None,
            evidence.sex,
            evidence.contradicts_itself,
            description.race,
            description.cii_numbers,
            description.source_key,
            sorted(description.cases),
        ]
    ).decode()


@lru_cache(maxsize=4096)
def from_text(text: str) -> Description:
    """The description that ``as_text`` wrote."""
    it: list[Any] = from_json(text)
    evidence = NegativeEvidence(
        name=Name(tuple(it[2]), tuple(it[3]), tuple(it[4]), it[5]),
        birth_date=date.fromisoformat(it[6]) if it[6] else None,
        sex=it[7],
        contradicts_itself=it[8],
    )
    return Description(it[0], it[1], evidence, it[9], tuple(it[10]), it[11], frozenset(it[12]))
