"""Weights from data without knowing who is who: expectation and maximisation over pairs of records.

``u`` comes from pairs drawn at random, of whom next to none are one person's, and for a value with term
frequencies from the frequencies themselves. ``m`` and the share of pairs that are one person's come from
iterating: how likely is each pair one person's, given the weights; what are the weights, given these
likelihoods. Only pairs that blocking finds are looked at; all others count as two persons. This does not bias ``m`` as
long as blocking loses few, since a pair is found by any of several keys. What is a key by itself, such as an
identifier, is too rare among strangers to be met at random: its ``u`` comes from the pairs that blocking finds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Generic

from services.reconciliation.linkage.resemblance.weights import Field, Frequencies, R, Weights, probability_of

SMOOTHING = 0.5
"""Pairs that are added to each level, so that what was never seen is rare and not impossible."""
MOST_LISTED = 400
"""Values whose frequency is kept, of each field."""
ROUNDS = 60

Levels = tuple[int | None, ...]
Table = list[list[float]]
"""A number for each level of each field."""


@dataclass(frozen=True, slots=True)
class Drawn(Generic[R]):
    """Pairs to learn from: ``candidates`` that blocking finds among so many ``records``, and random ``strangers``."""

    records: int
    candidates: Sequence[tuple[R, R]]
    strangers: Sequence[tuple[R, R]]
    frequencies: Mapping[str, Frequencies]


def frequencies_of(values: Iterable[str], rarest: float = 0.0) -> Frequencies:
    """How frequent each value is; the most frequent by name, all others as one, at ``rarest`` at least."""
    counted = Counter(values)
    total = sum(counted.values())
    if not total:
        return Frequencies({}, 1.0)
    listed = {value: n / total for value, n in sorted(counted.most_common(MOST_LISTED)) if n > 1}
    rest = [n for value, n in counted.items() if value not in listed]
    # The frequency of the value that one meets: a mean in which each value weighs what it is frequent.
    other = sum(n * n for n in rest) / (sum(rest) * total) if rest else SMOOTHING / total
    return Frequencies(listed, max(other, rarest))


def estimate(
    fields: Sequence[Field[R]], drawn: Drawn[R], *, version: str, link_at: float, review_at: float
) -> Weights:
    """The weights of ``fields`` that make the pairs drawn likeliest."""
    met, known = _among_strangers(fields, drawn.strangers)
    u = [*met]
    patterns = _patterns(fields, drawn, u)
    everything = drawn.records * (drawn.records - 1) / 2
    m = [[0.9] + [0.1 / max(len(f.levels) - 1, 1)] * (len(f.levels) - 1) for f in fields]
    matches = drawn.records / 2
    for _ in range(ROUNDS):
        before = matches
        likely = list(_expected(patterns, m, u, log2(matches / (everything - matches))))
        matches = min(max(sum(number for _, number, _ in likely), 1.0), everything / 2)
        m = [
            [number / sum(row) for number in row] for row in _counted(fields, ((p, n) for p, n, _ in likely))
        ]
        strange = _counted(fields, ((pattern, other) for pattern, _, other in likely))
        for at, f in enumerate(fields):
            if f.keyed:
                share = strange[at][0] / (everything * known[at])
                u[at] = [share, *(level * (1 - share) / sum(u[at][1:]) for level in u[at][1:])]
            elif f.value is None and f.among is None:
                u[at] = _without(met[at], m[at], matches / everything, SMOOTHING / len(drawn.strangers))
        if abs(matches - before) < 1e-5 * before:
            break
    agreement = {
        f.name: {level: (m[at][place], u[at][place]) for place, level in enumerate(f.levels)}
        for at, f in enumerate(fields)
    }
    persons = round(everything / matches)
    return Weights(version, persons, link_at, review_at, agreement, dict(drawn.frequencies))


def _among_strangers(fields: Sequence[Field[R]], pairs: Sequence[tuple[R, R]]) -> tuple[Table, list[float]]:
    """``u``, and in which share of the pairs both know the field."""
    place = {field.name: at for at, field in enumerate(fields)}
    counted = [[SMOOTHING] * len(field.levels) for field in fields]
    known = [SMOOTHING] * len(fields)
    for one, other in pairs:
        levels = [field.level(one, other) for field in fields]
        for at, field in enumerate(fields):
            level = levels[at]
            known[at] += level is not None
            if level is not None and (field.among is None or levels[place[field.among]] == 0):
                counted[at][level] += 1
    return [[n / sum(row) for n in row] for row in counted], [n / (len(pairs) + 1) for n in known]


def _without(met: Sequence[float], m: Sequence[float], matches: float, least: float) -> list[float]:
    """``u`` of pairs met at random, but for the few of them that are one person's."""
    left = [max(share - matches * level, least) for share, level in zip(met, m, strict=True)]
    return [share / sum(left) for share in left]


def _patterns(fields: Sequence[Field[R]], drawn: Drawn[R], u: Table) -> Counter[tuple[Levels, float]]:
    """Pairs by their levels and by what their values' frequencies add to the levels' bits, to a tenth."""
    found: Counter[tuple[Levels, float]] = Counter()
    for one, other in drawn.candidates:
        pattern = tuple(field.level(one, other) for field in fields)
        extra = 0.0
        for at, f in enumerate(fields):
            if pattern[at] == 0 and f.value is not None and f.name in drawn.frequencies:
                extra += log2(u[at][0] / drawn.frequencies[f.name].of(f.value(one, other)))
        found[pattern, round(extra, 1)] += 1
    return found


def _expected(
    patterns: Mapping[tuple[Levels, float], int], m: Table, u: Table, prior: float
) -> Iterator[tuple[Levels, float, float]]:
    """Of each pattern, how many pairs are one person's and how many are not."""
    bits = [
        [log2(it / its) for it, its in zip(one, other, strict=True)] for one, other in zip(m, u, strict=True)
    ]
    for (pattern, extra), number in patterns.items():
        total = prior + extra + sum(bits[at][level] for at, level in enumerate(pattern) if level is not None)
        share = number * probability_of(total)
        yield pattern, share, number - share


def _counted(fields: Sequence[Field[R]], patterns: Iterable[tuple[Levels, float]]) -> Table:
    counted = [[SMOOTHING] * len(field.levels) for field in fields]
    for pattern, number in patterns:
        for at, level in enumerate(pattern):
            if level is not None:
                counted[at][level] += number
    return counted
