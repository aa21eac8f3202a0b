"""Which records are one person's: exact identifiers, unless name, birth date or sex contradict them.

Not contradicting is not transitive: a record without a birth date fits father and son, who do not fit each
other. Linking all that is connected would make one person of two. The rule here:

1. Records that share an identifier and do not contradict each other (bearing.py) are connected. A record that
   contradicts itself (two names or birth dates in one rap sheet) may mix two persons, and is connected with
   none.
2. Within what is connected, a record that fits two records which contradict each other could be either's: it
   stays apart, as a subject of its own, and it and all whom it may belong to are in doubt.
3. What is left connected is one subject. No two records in it can contradict each other: on a chain A-B-C in
   which A contradicts C, B fits both and was taken out in step 2.
4. Two records that share an identifier and are kept apart, though they may yet be one person's, are in doubt:
   the same birth date and given name under a changed surname, another given name where no birth date tells,
   whoever shares an identifier with a record that contradicts itself.

No step looks at an order, so the result depends on the set of records only. A record taken out is not joined
even with its like (two records without a birth date may be the father's and the son's). That errs on the
side of apart and in review; a wrong link could clear the wrong person's record.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from reliefstream_contracts.records import SourceRecord
from services.reconciliation.linkage.bearing import Bearing, bearing_of
from services.reconciliation.linkage.grouping import Groups
from services.reconciliation.linkage.identifiers import Identifier, holders


@dataclass(frozen=True, slots=True)
class Linked:
    """Records of one person, sorted by key. ``in_doubt``: a record may belong to this person or another."""

    records: tuple[SourceRecord, ...]
    in_doubt: bool


def persons(records: Iterable[SourceRecord], unusable: frozenset[Identifier] = frozenset()) -> list[Linked]:
    """The records that are not withdrawn, parted into subjects, sorted by their first record's key.

    ``unusable`` identifiers link nothing and leave whoever holds them in doubt. Every record must come with
    all others that share a usable identifier with it; a key may come once.
    """
    live = {record.key(): record for record in sorted(records, key=SourceRecord.key) if not record.withdrawn}
    bearings = {key: bearing_of(record) for key, record in live.items()}
    shared: list[list[str]] = []
    doubtful: set[str] = set()
    for identifier, having in holders(live.values()).items():
        if identifier in unusable:
            doubtful.update(record.key() for record in having)
        elif len(having) > 1:
            shared.append([record.key() for record in having])
    connected = _connected(live, shared, bearings)
    doubtful.update(key for having in shared for key in _perhaps_one(having, bearings))
    ambiguous: set[str] = set()
    for cluster in connected.groups():
        torn = _fit_two_who_differ({bearings[key] for key in cluster}) if len(cluster) > 2 else set()
        if torn:
            ambiguous.update(key for key in cluster if bearings[key] in torn)
            doubtful.update(cluster)
    clear = [key for key in live if key not in ambiguous]
    within = [[key for key in having if key not in ambiguous] for having in shared]
    groups = _connected(clear, within, bearings).groups() if ambiguous else connected.groups()
    groups += [[key] for key in sorted(ambiguous)]
    return sorted(
        (Linked(tuple(live[key] for key in group), not doubtful.isdisjoint(group)) for group in groups),
        key=lambda linked: linked.records[0].key(),
    )


def _connected(
    keys: Iterable[str], shared: Iterable[Sequence[str]], bearings: dict[str, Bearing]
) -> Groups[str]:
    groups = Groups(keys)
    for having in shared:
        first_with: dict[Bearing, str] = {}
        for key in having:
            if not bearings[key].contradicts_itself:
                groups.join(first_with.setdefault(bearings[key], key), key)
        for (one, one_key), (other, other_key) in combinations(first_with.items(), 2):
            if one.fits(other):
                groups.join(one_key, other_key)
    return groups


def _perhaps_one(having: Sequence[str], bearings: dict[str, Bearing]) -> set[str]:
    """Those of the holders of one identifier that do not fit another holder and may yet be the same person."""
    alike: dict[Bearing, list[str]] = {}
    for key in having:
        alike.setdefault(bearings[key], []).append(key)
    found: set[str] = set()
    for one, other in combinations(alike, 2):
        if not one.fits(other) and one.may_yet_be(other):
            found.update(alike[one], alike[other])
    return found


def _fit_two_who_differ(bearings: set[Bearing]) -> set[Bearing]:
    """Those that fit two others which do not fit each other. Bit sets, as a cluster may have a thousand."""
    if len(bearings) < 3:
        return set()
    known = list(bearings)
    fits = [sum(1 << at for at, other in enumerate(known) if one.fits(other)) for one in known]
    return {
        one
        for at, one in enumerate(known)
        if any(fits[at] >> other & 1 and fits[at] & ~fits[other] for other in range(len(known)))
    }
