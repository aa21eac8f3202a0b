"""How likely two records are one person's: the model of Fellegi and Sunter (1969) with term frequencies.

Each field of a pair reaches a level of agreement. A level has ``m``, how often records of one person reach it,
and ``u``, how often records of two do; its evidence is log2(m / u) bits. Where the first level is reached, ``u`` is the
frequency of the very value: that two are called ZUMWALT says more than that two are called GARCIA. The bits of
all fields and of the prior add up to the log odds that the two are one person. ``m``, ``u`` and the frequencies are
estimated from data (estimation.py), never set by hand.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Field(Generic[R]):
    """One thing in which two records can agree."""

    name: str
    levels: tuple[str, ...]
    """From equal to different."""
    level: Callable[[R, R], int | None]
    """The place in ``levels`` that two records reach; None where one of them does not know."""
    value: Callable[[R, R], str] | None = None
    """The value in which two records agree at the first level, where it matters how frequent it is."""
    keyed: bool = False
    """Blocking finds every pair that reaches the first level: it is a key by itself."""
    among: str | None = None
    """The field that must be equal in the pairs that ``u`` is taken from, as this one depends on it even among
    strangers: sex on the given name, race on the surname."""


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How frequent a field's values are among records; ``other``: any value that is not listed."""

    listed: Mapping[str, float]
    other: float

    def of(self, value: str) -> float:
        return self.listed.get(value, self.other)


@dataclass(frozen=True, slots=True)
class Weights:
    """What a model was estimated to be."""

    version: str
    persons: int
    """One pair of records in so many is one person's, before anything is compared."""
    link_at: float
    """From this probability on two records are linked."""
    review_at: float
    """From this probability on a person decides."""
    agreement: Mapping[str, Mapping[str, tuple[float, float]]]
    """Field and level to ``m`` and ``u``."""
    frequencies: Mapping[str, Frequencies]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field says of a pair, in bits; positive: for one person."""

    field: str
    level: str
    bits: float


class Model(Generic[R]):
    """Fields with their weights: scores pairs of records, and groups of records of one person each."""

    def __init__(self, fields: Sequence[Field[R]], weights: Weights) -> None:
        self.fields, self.weights = tuple(fields), weights
        self.prior = -log2(max(weights.persons - 1, 1))
        self.link_at, self.review_at = bits_of(weights.link_at), bits_of(weights.review_at)
        self._bits = [[_bits(*weights.agreement[f.name][level]) for level in f.levels] for f in self.fields]
        self._rarest = [self._at_most(at, f) for at, f in enumerate(self.fields)]
        """The most that each field and those after it can add."""
        for at in reversed(range(len(self.fields) - 1)):
            self._rarest[at] += self._rarest[at + 1]

    def may_be_one(self, one: R, other: R) -> bool:
        """Whether two records are worth a person's look at least; stops at the field that rules it out."""
        total = self.prior
        for at, f in enumerate(self.fields):
            if total + self._rarest[at] < self.review_at:
                return False
            level = f.level(one, other)
            if level is not None:
                total += self._of(at, f, level, one, other)
        return total >= self.review_at

    def evidence(self, ones: Sequence[R], others: Sequence[R]) -> list[Evidence]:
        """What each field that both sides know says: the best that any two records of the two sides reach."""
        found = []
        for at, f in enumerate(self.fields):
            reached = [
                (level, -self._of(at, f, level, one, other))
                for one in ones
                for other in others
                if (level := f.level(one, other)) is not None
            ]
            if reached:
                level, against = min(reached)
                found.append(Evidence(f.name, f.levels[level], -against))
        return found

    def bits(self, evidence: Iterable[Evidence]) -> float:
        """The log2 odds that the two are one person, all in all."""
        return self.prior + sum(one.bits for one in evidence)

    def _of(self, at: int, field: Field[R], level: int, one: R, other: R) -> float:
        if level == 0 and field.value is not None:
            frequencies = self.weights.frequencies.get(field.name)
            if frequencies is not None:
                return float(
                    self._bits[at][0] + log2(self._u(field) / frequencies.of(field.value(one, other)))
                )
        return self._bits[at][level]

    def _u(self, field: Field[R]) -> float:
        return self.weights.agreement[field.name][field.levels[0]][1]

    def _at_most(self, at: int, field: Field[R]) -> float:
        best = max(0.0, *self._bits[at])
        frequencies = self.weights.frequencies.get(field.name) if field.value else None
        if frequencies is None:
            return best
        rarest = min((frequencies.other, *frequencies.listed.values()))
        return float(max(best, self._bits[at][0] + log2(self._u(field) / rarest)))


def bits_of(probability: float) -> float:
    """The log2 odds of a probability."""
    return log2(probability / (1 - probability))


def probability_of(bits: float) -> float:
    """The probability of log2 odds."""
    return float(1 / (1 + 2.0 ** -max(min(bits, 1000.0), -1000.0)))


def _bits(m: float, u: float) -> float:
    return float(log2(m / u))
