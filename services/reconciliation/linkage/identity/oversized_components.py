"""Components too large to be taken in at once, and what still links records in them.

Wrong keys can chain any number of records, each key within its own limit. A component of more than ``MOST`` records, or
of more than ``MOST_DIFFERENT`` names with birth dates, is an oversized component: nobody can tell who is who in it
by what chains it
together, and comparing all with all would never end.

0. No oversized component: everything links.
1. In an oversized component resemblance links nobody; identifiers and decisions still do.
2. Where those alone make an oversized component, identifiers link nobody either; what a person decided does.

Whoever is in an oversized component is in doubt. The level of a record depends on the set of records only: of all of
its
component, never on the order in which they came.
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
    """The level of each record that is in an oversized component, by key; ``records`` are whole components."""
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
