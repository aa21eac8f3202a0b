"""Oversized components: components with too many records to be linked as others are.

Wrong keys can connect any number of records, although each key is within its own limit. A component of more than
``MOST`` records, or of more than ``MOST_DIFFERENT`` names with birth dates, is oversized: its keys do not identify
persons, and comparing all its records with each other would take too long. Its records are linked at a level:

0. Not oversized: every key links.
1. Oversized: identifiers and decisions link; resemblance does not.
2. Oversized by identifiers and decisions alone: only decisions link.

Each record of an oversized component is in doubt. Its level depends only on the set of records in its component, not on
the order in which they arrived.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from reliefstream_contracts.records import SourceRecord
from services.reconciliation.linkage.identity.components import components
from services.reconciliation.linkage.identity.decisions import Decided
from services.reconciliation.linkage.identity.identifiers import Identifier
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.negative_evidence import negative_evidence_of
from services.reconciliation.linkage.resemblance.weights import Model

MOST = 1000
"""A thousand records are nobody's own: as MOST_HOLDERS of one identifier (identifiers.py)."""
MOST_DIFFERENT = 100
"""So many different names and birth dates are not one person's slips: a default number, a column shifted by one."""

BY_ALL: Final = 0
BY_IDENTIFIERS: Final = 1
BY_DECISIONS: Final = 2


def is_oversized(records: int, different: int) -> bool:
    """Whether so many records with so many different evidences (negative_evidence.py) are too many for one
    component.
    """
    return records > MOST or different > MOST_DIFFERENT


def component_levels(
    records: Iterable[SourceRecord],
    oversized: frozenset[Identifier] = frozenset(),
    model: Model[Description] | None = None,
    decided: Decided | None = None,
) -> dict[str, int]:
    """The level of each record in an oversized component, by key; ``records`` must be whole components."""
    given = list(records)
    if not _oversized(given):
        return {}
    level: dict[str, int] = {}
    for component in components(given, oversized, model, decided):
        if _oversized(component):
            level |= dict.fromkeys((record.key() for record in component), BY_IDENTIFIERS)
            for part in components(component, oversized, None, decided):
                if _oversized(part):
                    level |= dict.fromkeys((record.key() for record in part), BY_DECISIONS)
    return level


def _oversized(records: Collection[SourceRecord]) -> bool:
    return len(records) > min(MOST, MOST_DIFFERENT) and is_oversized(
        len(records), len({negative_evidence_of(record) for record in records if not record.withdrawn})
    )


def by_level(
    records: Iterable[SourceRecord], level: Mapping[str, int]
) -> list[tuple[int, list[SourceRecord]]]:
    """The records of each level that any of them has, lowest level first."""
    parts: dict[int, list[SourceRecord]] = {}
    for record in records:
        parts.setdefault(level.get(record.key(), BY_ALL), []).append(record)
    return sorted(parts.items())
