"""What a conviction with relief, and one that waits for a person, add to the statistics. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from services.statistics.tables import Fact

UNKNOWN: Final = "unknown"
SEXES: Final = {"M": "male", "F": "female", "X": "nonbinary"}
TIMES: Final = (
    (timedelta(days=1), "within a day"),
    (timedelta(days=7), "within 7 days"),
    (timedelta(days=30), "within 30 days"),
    (timedelta(days=365), "within a year"),
)
LONGER: Final = "longer"
NOT_YET: Final = "not ordered"
ORDERED: Final = {"dismissal": "dismissed_and_sealed", "redesignation": "redesignated"}
"""Outcome of what a court ordered, by kind."""


def of_relief(row: Mapping[str, Any]) -> list[Fact]:
    """Outcome: ``waits``, ``challenged``, ``sustained``, ``withdrawn`` (the determination changed), or as ordered."""
    outcome = ORDERED[row["kind"]] if row["state"] == "ordered" else row["state"]
    took = NOT_YET if row["took"] is None else band(row["took"])
    challenge = (row["ruling"] or "pending") if row["challenged"] else "none"
    groups = {
        "level": row["level"] or UNKNOWN,
        "race": (row["race"] or UNKNOWN).lower(),
        "sex": SEXES.get(row["sex"] or "", UNKNOWN),
        "challenge": challenge,
        "record_to_order": took,
    }
    return [Fact(by, group, outcome) for by, group in groups.items()]


def of_review(row: Mapping[str, Any]) -> list[Fact]:
    """Outcome: ``open``, or ``prepared`` where it waits for a signature."""
    return [Fact("office", row["office"], row["state"]), Fact("waiting", band(row["waited"]), row["state"])]


def band(took: timedelta) -> str:
    """In which of the bands a time is."""
    return next((name for longest, name in TIMES if took <= longest), LONGER)
