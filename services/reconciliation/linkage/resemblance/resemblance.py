"""Which of several persons are one after all, by how much they resemble each other.

Each person here is what exact identifiers have put together (persons.py). Two whose records resemble each other are
scored (weights.py) and compared for contradictions, which no score outweighs: other birth dates, given names or
suffixes, two rap sheets that DOJ keeps apart by fingerprints, a person's decision.

1. From the strongest pair down, two are joined that reach the link threshold, unless someone on one side contradicts
   someone on the other.
2. Where that keeps a pair apart, and the links in its way are not clearly stronger than the pair itself
   (``MARGIN``), nobody can say which of them is right: the weakest link in its way and the pair are both for a person
   to decide, and it starts over without them. A pair between the two thresholds speaks against links like that too.
3. What is left for a person to decide are these pairs and those between the two thresholds, but for those that
   clearly stronger links speak against.

Every step goes by weight, then by record key, so the result depends on the set of records only.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from services.reconciliation.linkage.identity.decisions import Decided
from services.reconciliation.linkage.resemblance.comparison import ANCHORS, CONTRADICTIONS, FIELDS, NOT_ALONE
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.weights import Evidence, Field, Model

MARGIN = 10.0
"""Bits by which a link must be stronger than a pair that speaks against it: a thousand to one."""


class Known(NamedTuple):
    """One person as identifiers tell: record keys, sorted, and their different descriptions."""

    keys: tuple[str, ...]
    descriptions: tuple[Description, ...]


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Two places among the persons, the first the smaller, and what speaks for one person, in bits."""

    bits: float
    one: int
    other: int
    linked: bool
    """False: for a person to decide."""
    evidence: tuple[Evidence, ...]

    @property
    def order(self) -> tuple[float, int, int]:
        return -self.bits, self.one, self.other


@dataclass(frozen=True, slots=True)
class Resembling:
    """Groups of places, each group one person; the links that made them; and pairs for a person to decide."""

    groups: list[list[int]]
    links: list[Resemblance]
    undecided: list[Resemblance]
    contradict: Callable[[int, int], bool]
    """Whether two places cannot be one person."""


def apart(known: Sequence[Known], decided: Decided) -> Resembling:
    """Nobody joined, where nothing is compared."""
    return Resembling([[at] for at in range(len(known))], [], [], _contradictions(known, decided))


def by_resemblance(
    known: Sequence[Known], pairs: Iterable[tuple[int, int]], model: Model[Description], decided: Decided
) -> Resembling:
    """Persons joined; ``known`` is sorted by first key, ``pairs`` has the places that are worth comparing."""
    contradict = _contradictions(known, decided)
    found = sorted(
        (
            resemblance
            for one, other in sorted(set(pairs))
            if not contradict(one, other)
            and (resemblance := resemblance_of(known[one], known[other], model, one, other))
        ),
        key=lambda resemblance: resemblance.order,
    )
    unclear = {pair for pair in found if not pair.linked}
    while True:
        joined = _Joined(len(known), contradict)
        more = {its for link in found if link not in unclear for its in joined.add(link)}
        more.update(its for pair in unclear for its in joined.weaker_than(pair))
        if more <= unclear:
            break
        unclear |= more
    undecided = [pair for pair in found if pair in unclear and joined.open(pair)]
    return Resembling(joined.groups(), joined.links, undecided, contradict)


def worth_comparing(one: Description, other: Description, model: Model[Description]) -> bool:
    """Whether two records that share a block or an identifier bring their persons together to be compared.

    This, an identifier and a decision are all that can make records one component (components.py). Two rap sheets
    never do: DOJ tells persons apart by fingerprints, and nothing in the words of two sheets could know better.
    """
    if one.source == other.source == "doj" or not model.may_be_one(one, other):
        return False
    return not any(field.level(one, other) in levels for field, levels in _CONTRADICTORY)


def resemblance_of(
    one: Known, other: Known, model: Model[Description], at: int = 0, other_at: int = 1
) -> Resemblance | None:
    """What speaks for two persons being one; None below the review threshold."""
    evidence = tuple(model.evidence(one.descriptions, other.descriptions))
    bits = round(model.bits(evidence), 6)
    if bits < model.review_at:
        return None
    anchored = any((it.field, it.level) in ANCHORS for it in evidence)
    enough = anchored or not any(it.level in NOT_ALONE.get(it.field, ()) for it in evidence)
    return Resemblance(bits, at, other_at, enough and bits >= model.link_at, evidence)


def _contradictions(known: Sequence[Known], decided: Decided) -> Callable[[int, int], bool]:
    @cache
    def contradict(one: int, other: int) -> bool:
        ones, others = known[one], known[other]
        if decided.apart(ones.keys, others.keys):
            return True
        if any(d.source == "doj" for d in ones.descriptions) and any(
            d.source == "doj" for d in others.descriptions
        ):
            return True
        return any(
            _best(field, ones.descriptions, others.descriptions) in levels for field, levels in _CONTRADICTORY
        )

    return lambda one, other: contradict(one, other) if one < other else contradict(other, one)


_CONTRADICTORY = [
    (field, frozenset(field.levels.index(level) for level in CONTRADICTIONS[field.name]))
    for field in FIELDS
    if field.name in CONTRADICTIONS
]


def _best(
    field: Field[Description], ones: Iterable[Description], others: Sequence[Description]
) -> int | None:
    levels = (field.level(one, other) for one in ones for other in others)
    return min((level for level in levels if level is not None), default=None)


class _Joined:
    """Groups as they are joined, each a tree of links."""

    def __init__(self, persons: int, contradict: Callable[[int, int], bool]) -> None:
        self._contradict = contradict
        self._members: dict[int, list[int]] = {at: [at] for at in range(persons)}
        self._group = list(range(persons))
        self._beside: dict[int, list[Resemblance]] = {}
        self.links: list[Resemblance] = []

    def add(self, link: Resemblance) -> Iterable[Resemblance]:
        """Joins what the link links, or returns what nobody can tell because of it."""
        one, other = self._group[link.one], self._group[link.other]
        if one == other:
            return ()
        if any(self._in_the_way(link)):
            unclear = list(self.weaker_than(link))
            return (*unclear, link) if unclear else ()
        for member in self._members[other]:
            self._group[member] = one
        self._members[one] += self._members.pop(other)
        self.links.append(link)
        for end in (link.one, link.other):
            self._beside.setdefault(end, []).append(link)
        return ()

    def weaker_than(self, pair: Resemblance) -> Iterator[Resemblance]:
        """The links in a pair's way that are not clearly stronger than the pair."""
        if self._group[pair.one] != self._group[pair.other]:
            yield from (weakest for weakest in self._in_the_way(pair) if weakest.bits - pair.bits < MARGIN)

    def open(self, pair: Resemblance) -> bool:
        """Whether a person still has to decide about a pair."""
        if self._group[pair.one] == self._group[pair.other]:
            return False
        return not any(self._in_the_way(pair)) or any(self.weaker_than(pair))

    def groups(self) -> list[list[int]]:
        return sorted(sorted(members) for members in self._members.values())

    def _in_the_way(self, pair: Resemblance) -> Iterator[Resemblance]:
        """The weakest link on the way between each two who contradict each other, were the pair one person."""
        weakest_to = self._weakest_from(pair.one) | self._weakest_from(pair.other)
        for one in self._members[self._group[pair.one]]:
            for other in self._members[self._group[pair.other]]:
                if self._contradict(one, other):
                    links = [weakest_to[end] for end in (one, other) if end in weakest_to]
                    yield max(links, key=lambda link: link.order)

    def _weakest_from(self, start: int) -> dict[int, Resemblance]:
        weakest: dict[int, Resemblance] = {}
        frontier = [start]
        while frontier:
            at = frontier.pop()
            for link in self._beside.get(at, ()):
                to = link.other if link.one == at else link.one
                if to != start and to not in weakest:
                    weakest[to] = max(link, weakest.get(at, link), key=lambda one: one.order)
                    frontier.append(to)
        return weakest
