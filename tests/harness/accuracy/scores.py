"""Pairwise precision, recall and F1 of groups of records against the truth."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.disjoint_sets import DisjointSets


@dataclass
class Score:
    """Pairs of records: put together, rightly so, and of one person in truth. Scores add up."""

    together: int = 0
    right: int = 0
    true: int = 0

    def add(self, other: "Score") -> "Score":
        return Score(self.together + other.together, self.right + other.right, self.true + other.true)

    @property
    def precision(self) -> float:
        return self.right / self.together if self.together else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def cells(self) -> str:
        """Precision, recall, F1 and the wrong and missed pairs, as cells of a table."""
        wrong, missed = self.together - self.right, self.true - self.right
        return f"{self.precision:.5f} | {self.recall:.5f} | {self.f1:.5f} | {wrong:,} | {missed:,}"


def of_groups(groups: Iterable[Sequence[str]], truth: Mapping[str, Hashable]) -> Score:
    """The score of groups that have every record of ``truth`` once."""
    score = Score(true=sum(n * (n - 1) // 2 for n in Counter(truth.values()).values()))
    for group in groups:
        score.together += len(group) * (len(group) - 1) // 2
        score.right += sum(n * (n - 1) // 2 for n in Counter(truth[key] for key in group).values())
    return score


def joined(keys: Iterable[str], pairs: Iterable[tuple[float, str, str]], at_least: float) -> list[list[str]]:
    """Groups of keys joined by every pair of at least that probability, and over others."""
    groups = DisjointSets(keys)
    for probability, one, other in pairs:
        if probability >= at_least:
            groups.join(one, other)
    return groups.groups()
