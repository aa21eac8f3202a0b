"""Which records are one person's: by exact identifiers, by what a person decided, then by resemblance.

Identifiers come first (by_identifiers.py). Then records that a person declared one are joined, and what is left is
compared (resemblance.py): that can join more, and settle a doubt where it shows whose a record is. Where it does
neither, the doubt stays.

No step looks at an order, so the result depends on the set of records only. What is unclear stays apart and in
review; a wrong link could clear the wrong person's record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from reliefstream_contracts.records import SourceRecord
from services.disjoint_sets import DisjointSets
from services.reconciliation.linkage.identity.by_identifiers import Doubtful, by_identifiers
from services.reconciliation.linkage.identity.decisions import Decided
from services.reconciliation.linkage.identity.identifiers import Identifier, holders
from services.reconciliation.linkage.resemblance.blocking import candidates
from services.reconciliation.linkage.resemblance.description import Description, description_of
from services.reconciliation.linkage.resemblance.resemblance import (
    Known,
    Resembling,
    apart,
    by_resemblance,
    worth_comparing,
)
from services.reconciliation.linkage.resemblance.weights import Model

Pair = tuple[str, str]
NOBODY: Final[Mapping[str, Description]] = MappingProxyType({})


class Linked(NamedTuple):
    """Records of one person, sorted by key. ``in_doubt``: a record may belong to this person or another.

    ``resembling``: records elsewhere that may be this person's though they share no identifier, as (own, other).
    """

    records: tuple[SourceRecord, ...]
    in_doubt: bool
    resembling: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """Persons as identifiers and decisions tell, and what their resemblance adds."""

    known: list[Known]
    found: Resembling
    doubts: list[Doubtful]


def persons(
    records: Iterable[SourceRecord],
    unusable: frozenset[Identifier] = frozenset(),
    model: Model[Description] | None = None,
    decided: Decided | None = None,
    described: Mapping[str, Description] = NOBODY,
) -> list[Linked]:
    """The records that are not withdrawn, grouped into subjects, sorted by their first record's key.

    ``unusable`` keys link nothing; an unusable identifier leaves whoever holds it in doubt. Without a ``model``
    nothing is linked by resemblance. Every record must come with all others of its component
    (components.py); a key may come once. ``described``: ``description_of`` of those records of which it is known.
    """
    live = {record.key(): record for record in sorted(records, key=SourceRecord.key) if not record.withdrawn}
    decided = decided or Decided()
    uncertain = {
        record.key()
        for identifier, having in (holders(live.values()).items() if unusable else ())
        if identifier in unusable
        for record in having
    }
    if len(live) < 2:
        return [Linked((record,), key in uncertain) for key, record in live.items()]
    return _linked(live, compared(live, unusable, model, decided, described), uncertain, decided)


def compared(
    live: Mapping[str, SourceRecord],
    unusable: frozenset[Identifier],
    model: Model[Description] | None,
    decided: Decided,
    described: Mapping[str, Description] = NOBODY,
) -> Compared:
    """As ``persons``, before groups become subjects; ``live`` by key and sorted."""
    held = holders(live.values()).items()
    shared = [
        [record.key() for record in having]
        for identifier, having in held
        if len(having) > 1 and identifier not in unusable
    ]
    descriptions = {key: described.get(key) or description_of(record) for key, record in live.items()}
    evidence = {key: description.evidence for key, description in descriptions.items()}
    groups, doubts = by_identifiers(evidence, shared, decided)
    groups = _with_decisions(groups, decided)
    known = [
        Known(tuple(group), tuple(dict.fromkeys(descriptions[key] for key in group))) for group in groups
    ]
    if model is None or len(known) < 2:
        return Compared(known, apart(known, decided), doubts)
    worth = _worth(known, descriptions, shared, unusable, model)
    return Compared(known, by_resemblance(known, worth, model, decided), doubts)


def _with_decisions(groups: list[list[str]], decided: Decided) -> list[list[str]]:
    place = {key: at for at, group in enumerate(groups) for key in group}
    told = [
        (place[one], place[other]) for one, other in decided.pairs(same=True) if {one, other} <= place.keys()
    ]
    if not told:
        return groups
    joined = DisjointSets(range(len(groups)))
    for one, other in told:
        joined.join(one, other)
    return sorted(sorted(key for at in together for key in groups[at]) for together in joined.groups())


def _worth(
    known: Sequence[Known],
    descriptions: Mapping[str, Description],
    shared: Iterable[Sequence[str]],
    unusable: frozenset[Identifier],
    model: Model[Description],
) -> set[tuple[int, int]]:
    """Places of persons worth comparing as a whole, as two of their records are."""
    place = {key: at for at, one in enumerate(known) for key in one.keys}
    pairs = {
        (min(pair), max(pair))
        for pair in candidates(descriptions, shared, unusable)
        if place[pair[0]] != place[pair[1]]
    }

    @cache
    def worth(one: Description, other: Description) -> bool:
        return worth_comparing(one, other, model)

    return {
        (min(place[one], place[other]), max(place[one], place[other]))
        for one, other in pairs
        if worth(descriptions[one], descriptions[other])
    }


def _linked(
    live: Mapping[str, SourceRecord], compared: Compared, uncertain: Iterable[str], decided: Decided
) -> list[Linked]:
    known, found = compared.known, compared.found
    group_of = {
        key: at for at, group in enumerate(found.groups) for place in group for key in known[place].keys
    }
    keys = [sorted(key for place in group for key in known[place].keys) for group in found.groups]
    in_doubt = {group_of[key] for key in uncertain}

    def settled(one: int, other: int) -> bool:
        if decided.apart(keys[one], keys[other]):
            return True
        ones, others = found.groups[one], found.groups[other]
        return len(ones) + len(others) > 2 and any(found.contradict(a, b) for a in ones for b in others)

    for these, those in compared.doubts:
        for one in {group_of[key] for key in these}:
            for other in {group_of[key] for key in those}:
                if one != other and not settled(one, other):
                    in_doubt |= {one, other}
    resembling: dict[int, list[Pair]] = {}
    for pair in found.undecided:
        own, its = known[pair.one].keys[0], known[pair.other].keys[0]
        in_doubt |= {group_of[own], group_of[its]}
        resembling.setdefault(group_of[own], []).append((own, its))
        resembling.setdefault(group_of[its], []).append((its, own))
    return sorted(
        (
            Linked(tuple(live[key] for key in group), at in in_doubt, tuple(sorted(resembling.get(at, ()))))
            for at, group in enumerate(keys)
        ),
        key=lambda linked: linked.records[0].key(),
    )
