"""What two scrapes of a service's /metrics say: totals, rates, how soon a share of events came. Pure.

Prometheus computes the quantiles of alerts and dashboards. ``status`` works without it, and so says only what the
histogram holds: a bound that was not exceeded, not an estimate between two bounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

Labels = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Scrape:
    """The samples of one moment, by name and labels; ``at`` in seconds of any clock that only goes on."""

    at: float
    samples: Mapping[str, Mapping[Labels, float]]

    def total(self, name: str, **labels: str) -> float:
        """The sum over every sample of that name that has these labels."""
        wanted = frozenset(labels.items())
        return sum(value for has, value in self.samples.get(name, {}).items() if wanted <= has)

    def by(self, name: str, label: str, **labels: str) -> dict[str, float]:
        """Sums by the value of one label, in order of that value."""
        wanted, found = frozenset(labels.items()), dict[str, float]()
        for has, value in self.samples.get(name, {}).items():
            if wanted <= has:
                key = dict(has).get(label, "")
                found[key] = found.get(key, 0.0) + value
        return dict(sorted(found.items()))

    def by_partition(self, name: str, **labels: str) -> dict[str, float]:
        """Values by topic and partition, as ``TOPIC/PARTITION``, in that order; by "" where a sample has neither."""
        wanted, found = frozenset(labels.items()), dict[str, float]()
        for has, value in self.samples.get(name, {}).items():
            if wanted <= has:
                named = dict(has)
                found["/".join(named[part] for part in ("topic", "partition") if part in named)] = value
        return dict(sorted(found.items()))


def scrape(text: str, at: float) -> Scrape:
    """What stands in Prometheus' text format."""
    samples: dict[str, dict[Labels, float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            samples.setdefault(sample.name, {})[frozenset(sample.labels.items())] = sample.value
    return Scrape(at, samples)


def per_second(before: Scrape, now: Scrape, counter: str, **labels: str) -> float:
    """How fast a counter grew; one that began anew in between counts from 0."""
    grown, seconds = now.total(counter, **labels) - before.total(counter, **labels), now.at - before.at
    if seconds <= 0:
        return 0.0
    return (grown if grown >= 0 else now.total(counter, **labels)) / seconds


def buckets(before: Scrape | None, now: Scrape, histogram: str, **labels: str) -> dict[float, float]:
    """Cumulative counts by upper bound, of what came between the two; ``before`` None: since the process began."""
    counts = {float(le): value for le, value in now.by(f"{histogram}_bucket", "le", **labels).items()}
    if before is not None:
        earlier = before.by(f"{histogram}_bucket", "le", **labels)
        less = {float(le): value for le, value in earlier.items()}
        if all(value >= less.get(le, 0.0) for le, value in counts.items()):  # else it began anew in between
            counts = {le: value - less.get(le, 0.0) for le, value in counts.items()}
    return dict(sorted(counts.items()))


def within(share: float, counts: Mapping[float, float]) -> float | None:
    """The least upper bound that this share of what was counted does not exceed; infinite above the last bound.

    None where nothing was counted.
    """
    total = max(counts.values(), default=0.0)
    if not total:
        return None
    return next(bound for bound, count in sorted(counts.items()) if count >= share * total)
