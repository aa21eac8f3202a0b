"""Components of too many records to be taken in at once, and what still links records in them.

Wrong keys can chain any number of records, each key within its own limit. A component of more than ``MOST`` records is
a tangle, and nobody can tell who is who in it by what chains it together:

0. no tangle: everything links.
1. In a tangle resemblance links nobody; identifiers and decisions still do.
2. Where those alone chain more than ``MOST``, identifiers link nobody either; what a person decided does.

Whoever is in a tangle is in doubt. The level of a record depends on the set of records only: of all of its
component, never on the order in which they came.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from reliefstream_contracts.records import SourceRecord
from services.reconciliation.linkage.components import components
from services.reconciliation.linkage.decisions import Decided
from services.reconciliation.linkage.description import Description
from services.reconciliation.linkage.identifiers import Identifier
from services.reconciliation.linkage.weights import Model

MOST = 1000
"""A thousand records are nobody's own: as CROWD of one identifier (identifiers.py)."""

BY_ALL: Final = 0
BY_IDENTIFIERS: Final = 1
BY_DECISIONS: Final = 2


def tangles(
    records: Iterable[SourceRecord],
    crowded: frozenset[Identifier] = frozenset(),
    model: Model[Description] | None = None,
    decided: Decided | None = None,
) -> dict[str, int]:
    """The level of each record that is in a tangle, by key; ``records`` are whole components."""
    given = list(records)
    if len(given) <= MOST:
        return {}
    level: dict[str, int] = {}
    for component in components(given, crowded, model, decided):
        if len(component) > MOST:
            level |= dict.fromkeys((record.key() for record in component), BY_IDENTIFIERS)
            for part in components(component, crowded, None, decided):
                if len(part) > MOST:
                    level |= dict.fromkeys((record.key() for record in part), BY_DECISIONS)
    return level


def by_level(
    records: Iterable[SourceRecord], level: Mapping[str, int]
) -> list[tuple[int, list[SourceRecord]]]:
    """The records of each level that any of them has, lowest level first."""
    parts: dict[int, list[SourceRecord]] = {}
    for record in records:
        parts.setdefault(level.get(record.key(), BY_ALL), []).append(record)
    return sorted(parts.items())
