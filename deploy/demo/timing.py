"""Latency: from a county's record on its topic to the court order on relief-v1."""

from collections.abc import Iterable, Sequence

from deploy.demo.topic_reader import Stored
from reliefstream_contracts.relief import ReliefOrdered


def seconds_to_order(sources: Iterable[Stored], relief: Iterable[Stored]) -> list[float]:
    """Sorted seconds between each order and the arrival of its record on the county's topic."""
    came = {each.trace: each.at for each in sources}
    return sorted(
        (each.at - came[each.trace]).total_seconds()
        for each in relief
        if each.type == ReliefOrdered.TYPE and each.trace in came
    )


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile of sorted values; None of none."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
