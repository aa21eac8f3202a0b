"""Which records are one person's, by exact identifiers, unless name, birth date or sex contradict them.

Not contradicting is not transitive: a record without a birth date fits father and son, who do not fit each other.
Linking all that is connected would make one person of two. The rule here:

1. Records that share an identifier and do not contradict each other (negative_evidence.py) are connected. A record that
   contradicts itself (two names or birth dates in one rap sheet) may mix two persons, and is connected with
   none. What a person decided about two records goes before what they say.
2. Within what is connected, a record that fits two records which contradict each other could be either's: it
   stays apart, and it and all whom it may belong to are in doubt.
3. What is left connected is one person. No two records in it can contradict each other: on a chain A-B-C in
   which A contradicts C, B fits both and was taken out in step 2.
4. Two records that share an identifier and are kept apart, though they may yet be one person's, are in doubt:
   the same birth date and given name under a changed surname, another given name (a twin's number, perhaps),
   whoever shares an identifier with a record that contradicts itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from services.disjoint_sets import DisjointSets
from services.reconciliation.linkage.identity.decisions import Decided
from services.reconciliation.linkage.resemblance.negative_evidence import NegativeEvidence

Doubtful = tuple[list[str], list[str]]
"""Records each of which may be one person's with each of the others."""


class _Seen(NamedTuple):
    """What contradicts: a evidence, and the record's key where a person decided about that record."""

    evidence: NegativeEvidence
    key: str


def by_identifiers(
    evidence: Mapping[str, NegativeEvidence], shared: Iterable[Sequence[str]], decided: Decided
) -> tuple[list[list[str]], list[Doubtful]]:
    """Groups of record keys, each one person as far as identifiers tell, and whose records may be another's.

    ``evidence`` is sorted by key; ``shared``: groups of keys that share one identifier.
    """
    seen = {key: _Seen(its, key if key in decided.keys else "") for key, its in evidence.items()}
    fits = _fits(decided)
    shared = list(shared)
    connected = _connected(evidence, shared, seen, fits)
    doubts = [doubt for having in shared for doubt in _perhaps_one(having, seen, fits)]
    ambiguous: set[str] = set()
    for cluster in connected.groups():
        if len(cluster) > 2:
            torn, among = _torn(cluster, seen, fits)
            ambiguous |= torn
            doubts += among
    if not ambiguous:
        return connected.groups(), doubts
    clear = [key for key in evidence if key not in ambiguous]
    within = [[key for key in having if key not in ambiguous] for having in shared]
    groups = _connected(clear, within, seen, fits).groups() + [[key] for key in ambiguous]
    return sorted(groups), doubts


def _fits(decided: Decided) -> Callable[[_Seen, _Seen], bool]:
    def fits(one: _Seen, other: _Seen) -> bool:
        if one.key and other.key:
            told = decided.same(one.key, other.key)
            if told is not None:
                return told
        return one.evidence.fits(other.evidence)

    return fits


def _connected(
    keys: Iterable[str],
    shared: Iterable[Sequence[str]],
    seen: Mapping[str, _Seen],
    fits: Callable[[_Seen, _Seen], bool],
) -> DisjointSets[str]:
    groups = DisjointSets(keys)
    for having in shared:
        first_with: dict[_Seen, str] = {}
        for key in having:
            if not seen[key].evidence.contradicts_itself:
                groups.join(first_with.setdefault(seen[key], key), key)
        for (one, one_key), (other, other_key) in combinations(first_with.items(), 2):
            if fits(one, other):
                groups.join(one_key, other_key)
    return groups


def _alike(keys: Iterable[str], seen: Mapping[str, _Seen]) -> dict[_Seen, list[str]]:
    alike: dict[_Seen, list[str]] = {}
    for key in keys:
        alike.setdefault(seen[key], []).append(key)
    return alike


def _perhaps_one(
    having: Sequence[str], seen: Mapping[str, _Seen], fits: Callable[[_Seen, _Seen], bool]
) -> Iterator[Doubtful]:
    """Holders of one identifier that do not fit each other and may yet be the same person."""
    alike = _alike(having, seen)
    for one, other in combinations(alike, 2):
        if not fits(one, other) and one.evidence.may_yet_be(other.evidence):
            yield alike[one], alike[other]
    for one, keys in alike.items():
        if len(keys) > 1 and one.evidence.contradicts_itself:
            yield keys, keys


def _torn(
    cluster: Iterable[str], seen: Mapping[str, _Seen], fits: Callable[[_Seen, _Seen], bool]
) -> tuple[set[str], list[Doubtful]]:
    """Records that fit two others which do not fit each other, and with whom each of them may be one.

    Bit sets, as a cluster may have a thousand.
    """
    alike = _alike(cluster, seen)
    known = list(alike)
    if len(known) < 3:
        return set(), []
    fitting = [sum(1 << at for at, other in enumerate(known) if fits(one, other)) for one in known]
    torn = [
        at
        for at in range(len(known))
        if any(fitting[at] >> other & 1 and fitting[at] & ~fitting[other] for other in range(len(known)))
    ]
    doubts = [
        (alike[known[at]], alike[other])
        for at in torn
        for place, other in enumerate(known)
        if fitting[at] >> place & 1
    ]
    return {key for at in torn for key in alike[known[at]]}, doubts
