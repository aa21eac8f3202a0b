"""What a person decided about two records: one person's, or two persons'. It holds over any recomputation."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from hashlib import blake2b

from services.reconciliation.linkage.identity.identifiers import Identifier


@dataclass(frozen=True, slots=True, order=True)
class IdentityDecision:
    """About the records of two keys, the smaller first."""

    one: str
    other: str
    same: bool


def decision_key(decision: IdentityDecision) -> Identifier:
    """The key that the two records hold, so that they are always looked at together."""
    return Identifier(
        "said:" + blake2b(f"{decision.one}\n{decision.other}".encode(), digest_size=9).hexdigest()
    )


def by_decision(key: Identifier) -> bool:
    """Whether a key only says that a person decided; an identifier links by itself."""
    return key.startswith("said:")


class Decided:
    """Decisions at hand; a pair has one at most."""

    def __init__(self, decisions: Iterable[IdentityDecision] = ()) -> None:
        self._same = {(d.one, d.other): d.same for d in decisions}
        self.keys = frozenset(key for pair in self._same for key in pair)

    def same(self, one: str, other: str) -> bool | None:
        """What was decided about two records; None: nothing."""
        if one not in self.keys or other not in self.keys:
            return None
        return self._same.get((one, other) if one < other else (other, one))

    def pairs(self, *, same: bool) -> list[tuple[str, str]]:
        """The pairs that were decided so, sorted."""
        return sorted(pair for pair, decided in self._same.items() if decided is same)

    def about(self, keys: Container[str]) -> list[tuple[str, str]]:
        """The pairs of which both are among ``keys``, sorted."""
        return sorted(pair for pair in self._same if pair[0] in keys and pair[1] in keys)

    def apart(self, ones: Iterable[str], others: Iterable[str]) -> bool:
        """Whether any of ``ones`` was told apart from any of ``others``."""
        mine, its = self.keys.intersection(ones), self.keys.intersection(others)
        return any(self.same(one, other) is False for one in mine for other in its)
