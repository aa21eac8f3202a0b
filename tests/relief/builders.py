"""Determinations and snapshots as eligibility sends them; each argument is what the test is about."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from reliefstream_contracts.determinations import Determination, DeterminationsChanged
from reliefstream_contracts.identifiers import derived
from reliefstream_contracts.relief import CourtOrder

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ORDER = CourtOrder(number="BO-1", judge="A. Reyes", on=TODAY)
STANDING = CourtOrder(number="SO-1", judge="A. Reyes", on=date(2026, 1, 5), standing=True)


def a_subject(name: str) -> UUID:
    return derived("test subject", name)


def count(name: str) -> str:
    """The key of a count; ``d1`` is DOJ's, ``c1`` a court's."""
    source = "court" if name.startswith("c") else "doj"
    return f"{source}/los-angeles/record/{name}"


def a_determination(*counts: str, **facts: Any) -> Determination:
    """A felony under HS 11359 that the policy dismisses, on these counts (``d1``, ``c1``)."""
    keys = tuple(sorted(map(count, counts)))
    known: dict[str, Any] = {
        "conviction_id": derived("test conviction", *keys),
        "counts": keys,
        "source": "doj",
        "county": "los-angeles",
        "case_number": "BA123456",
        "section": "HS 11359",
        "level": "felony",
        "conviction_date": date(1998, 4, 2),
        "disposition_date": date(1998, 4, 2),
        "outcome": "dismissal",
        "route": "district_attorney",
        "reason": "no_convictions_in_past_10_years",
        "determination_label": "Dismissal",
        "reason_label": "No convictions in past 10 years",
        "legal_minimum": "redesignation",
        "policy": "los-angeles-2020",
        "law": "2023-01-01",
        "as_of": TODAY,
        "next_review_on": None,
        "grounds": (),
    }
    return Determination(**(known | facts))


def a_snapshot(
    subject: str, version: int, *determinations: Determination, retired_into: str | None = None
) -> DeterminationsChanged:
    return DeterminationsChanged(
        subject_id=a_subject(subject),
        version=version,
        retired_into=a_subject(retired_into) if retired_into else None,
        sex="M",
        race="HISPANIC",
        determinations=determinations,
    )
