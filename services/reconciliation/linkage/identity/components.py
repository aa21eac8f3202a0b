"""Which records must be looked at together: components that no identifier, decision or resemblance crosses.

Two records are in one component if they share an identifier (identifiers.py), if a person decided about the two, or if
they share a block (blocking.py) and are worth comparing (resemblance.py), directly or through other records. Oversized
keys do not count. The result for a record depends on its component and on nothing else.
"""

from collections import Counter
from collections.abc import Collection, Iterable

from reliefstream_contracts.records import SourceRecord
from services.disjoint_sets import DisjointSets
from services.reconciliation.linkage.identity.decisions import Decided
from services.reconciliation.linkage.identity.identifiers import (
    MOST_HOLDERS,
    Identifier,
    holders,
    identifiers_of,
)
from services.reconciliation.linkage.resemblance.blocking import (
    LARGEST_BLOCK,
    blocks_of,
    candidates,
    is_block,
)
from services.reconciliation.linkage.resemblance.description import Description, description_of
from services.reconciliation.linkage.resemblance.resemblance import worth_comparing
from services.reconciliation.linkage.resemblance.weights import Model


def keys_of(record: SourceRecord) -> tuple[Identifier, ...]:
    """The identifiers and blocks of a record; none of a withdrawn one."""
    return () if record.withdrawn else (*identifiers_of(record), *blocks_of(description_of(record)))


def most_of(key: Identifier) -> int:
    """How many records may hold a key before it is oversized and counts no more."""
    return LARGEST_BLOCK if is_block(key) else MOST_HOLDERS


def oversized_keys(records: Iterable[SourceRecord]) -> frozenset[Identifier]:
    """Keys that too many of these records hold."""
    held = Counter(key for record in records for key in keys_of(record))
    return frozenset(key for key, number in held.items() if number > most_of(key))


def components(
    records: Iterable[SourceRecord],
    oversized: frozenset[Identifier] = frozenset(),
    model: Model[Description] | None = None,
    decided: Decided | None = None,
) -> list[list[SourceRecord]]:
    """The records in their components; a withdrawn one stands alone."""
    by_key = {record.key(): record for record in records}
    groups = DisjointSets(by_key)
    shared = [
        having for identifier, having in holders(by_key.values()).items() if identifier not in oversized
    ]
    for having in shared:
        for record in having[1:]:
            groups.join(having[0].key(), record.key())
    for one, other in (decided or Decided()).about(by_key):
        groups.join(one, other)
    if model is not None:
        _join_alike(groups, by_key.values(), oversized, model)
    return [[by_key[key] for key in group] for group in groups.groups()]


def _join_alike(
    groups: DisjointSets[str],
    records: Collection[SourceRecord],
    oversized: frozenset[Identifier],
    model: Model[Description],
) -> None:
    described = {record.key(): description_of(record) for record in records if not record.withdrawn}
    for one, other in candidates(described, (), oversized):
        if groups.find(one) != groups.find(other) and worth_comparing(
            described[one], described[other], model
        ):
            groups.join(one, other)
