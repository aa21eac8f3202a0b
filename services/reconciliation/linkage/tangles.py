"""Components too large to be taken in at once, and what still links records in them.

Wrong keys can chain any number of records, each key within its own limit. A component of more than ``MOST`` records, or
of more than ``MOST_DIFFERENT`` names with birth dates, is a tangle: nobody can tell who is who in it by what chains it
together, and comparing all with all would never end.

0. No tangle: everything links.
1. In a tangle resemblance links nobody; identifiers and decisions still do.
2. Where those alone make a tangle, identifiers link nobody either; what a person decided does.

Whoever is in a tangle is in doubt. The level of a record depends on the set of records only: of all of its
component, never on the order in which they came.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from reliefstream_contracts.records import SourceRecord
from services.reconciliation.linkage.bearing import bearing_of
from services.reconciliation.linkage.components import components
from services.reconciliation.linkage.decisions import Decided
from services.reconciliation.linkage.description import Description
from services.reconciliation.linkage.identifiers import Identifier
from services.reconciliation.linkage.weights import Model

MOST = 1000
"""A thousand records are nobody's own: as CROWD of one identifier (identifiers.py)."""
MOST_DIFFERENT = 100
"""So many different names and birth dates are not one person's slips: a default number, a column shifted by one."""

BY_ALL: Final = 0
BY_IDENTIFIERS: Final = 1
BY_DECISIONS: Final = 2


def is_tangle(records: int, different: int) -> bool:
    """Whether so many records with so many different bearings (bearing.py) are too many for one component."""
    return records > MOST or different > MOST_DIFFERENT


def tangles(
    records: Iterable[SourceRecord],
    crowded: frozenset[Identifier] = frozenset(),
    model: Model[Description] | None = None,
    decided: Decided | None = None,
) -> dict[str, int]:
    """The level of each record that is in a tangle, by key; ``records`` are whole components."""
    given = list(records)
    if not _tangled(given):
        return {}
    level: dict[str, int] = {}
    for component in components(given, crowded, model, decided):
        if _tangled(component):
            level |= dict.fromkeys((record.key() for record in component), BY_IDENTIFIERS)
            for part in components(component, crowded, None, decided):
                if _tangled(part):
                    level |= dict.fromkeys((record.key() for record in part), BY_DECISIONS)
    return level


def _tangled(records: Collection[SourceRecord]) -> bool:
    return len(records) > min(MOST, MOST_DIFFERENT) and is_tangle(
        len(records), len({bearing_of(record) for record in records if not record.withdrawn})
    )


def by_level(
    records: Iterable[SourceRecord], level: Mapping[str, int]
) -> list[tuple[int, list[SourceRecord]]]:
    """The records of each level that any of them has, lowest level first."""
    parts: dict[int, list[SourceRecord]] = {}
    for record in records:
        parts.setdefault(level.get(record.key(), BY_ALL), []).append(record)
    return sorted(parts.items())
