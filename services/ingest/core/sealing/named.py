"""Which counts of a record are the conviction that relief names, as its source may have numbered them anew. Pure."""

from collections.abc import Collection, Iterable, Sequence

from services.ingest.core.sealing.facts import CountFacts


def sealed_in(
    conviction: CountFacts, shown: Sequence[CountFacts], named: Collection[str], *, moved: bool
) -> set[str]:
    """The keys of the counts of one record that are the conviction.

    A count under a named key is another conviction where two of case, section and day differ, or one differs and
    another count of the record agrees in all. ``moved``: where none of ``named`` is it, one that agrees in all is.
    """
    agreeing = sorted(one.key for one in shown if one.key not in named and _agrees(one, conviction))
    limit = 1 if agreeing else 2
    found = {one.key for one in shown if one.key in named and sum(differing(one, conviction)) < limit}
    return found or set(agreeing[:1] if moved else ())


def differing(one: CountFacts, other: CountFacts) -> Iterable[bool]:
    """Of case, section without subdivisions and day: whether each differs."""
    yield _differ(one.cases, other.cases)
    yield one.base != other.base
    yield _differ(one.days, other.days)


def _differ(some: Sequence[str], others: Sequence[str]) -> bool:
    """What one of the two does not have differs not."""
    return bool(some and others) and set(some).isdisjoint(others)


def _agrees(one: CountFacts, other: CountFacts) -> bool:
    return bool(one.cases and one.days) and not any(differing(one, other))
