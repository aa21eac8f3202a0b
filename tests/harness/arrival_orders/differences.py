"""Two ends of the same records: what differs, and which difference nothing explains."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.harness.arrival_orders.holdings import Held, Key, relieved


@dataclass(frozen=True, slots=True)
class Difference:
    """How many are not the same in both; no name, no identifier."""

    subjects: int
    determinations: int
    discrepancies: int
    relief: int
    """Convictions on which other orders stand; each must be explained."""
    unexplained: int
    """Of these, the ones that no open discrepancy names where the relief stands."""
    decisions: int
    """Convictions on which relief by a person's decision came to something else, and no open discrepancy is."""

    @property
    def none_matters(self) -> bool:
        return not (
            self.subjects or self.determinations or self.discrepancies or self.unexplained or self.decisions
        )


def difference(one: Held, other: Held) -> Difference:
    """Between two installations that got the same records."""
    said = one.said | other.said
    of_relief = _unlike(relieved(one), relieved(other))
    return Difference(
        len(_unlike(one.subjects, other.subjects)),
        len(_unlike(one.determinations, other.determinations)),
        sum(((one.discrepancies - other.discrepancies) + (other.discrepancies - one.discrepancies)).values()),
        len(of_relief),
        sum(not _explained(conviction, one, other) for conviction in of_relief),
        sum(said.isdisjoint(counts) for counts in _unlike(one.decided, other.decided)),
    )


def _unlike(one: Mapping[Key, object], other: Mapping[Key, object]) -> set[Key]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def _explained(conviction: Key, one: Held, other: Held) -> bool:
    """The side on which more was ordered says why."""
    more = max((one, other), key=lambda held: len({held.reliefs[c] for c in conviction if c in held.reliefs}))
    return not more.said.isdisjoint(conviction)
