"""What several sources say of one fact: the value they agree on, or nothing and a doubt with each value."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from reliefstream_contracts.identifiers import Source
from reliefstream_contracts.vocabulary.offense import Doubt

T = TypeVar("T")


class Said(NamedTuple, Generic[T]):
    """One source's value of a fact; ``value`` None: it does not know, and ``doubts`` may say why."""

    source: Source
    value: T | None
    doubts: tuple[Doubt, ...] = ()


class Agreed(NamedTuple, Generic[T]):
    """``value`` None: nobody knows, or they differ, and then ``differing`` has (source, value), sorted."""

    value: T | None
    doubts: tuple[Doubt, ...] = ()
    differing: tuple[tuple[str, str], ...] = ()


def agree(field: str, said: Sequence[Said[T]], write: Callable[[T], str] = str) -> Agreed[T]:
    """The fact on which all who know it agree; ``write`` gives the text of a value where they do not.

    A source that knows the value settles the doubt of one that does not, unless that one contradicts itself: both of
    its values are on record. If no source knows it, every doubt stays.
    """
    if not said:
        return Agreed(None)
    first = said[0].value
    if first is not None and all(one.value == first and not one.doubts for one in said):
        return Agreed(first)
    torn = distinct(
        doubt for one in said if one.value is None for doubt in one.doubts if doubt.kind == "contradictory"
    )
    if torn:
        return Agreed(None, torn)
    known = [(one.source, one.value) for one in said if one.value is not None]
    if not known:
        return Agreed(None, distinct(doubt for one in said for doubt in one.doubts))
    if all(value == known[0][1] for _, value in known):
        doubts = (doubt for one in said if one.value is not None for doubt in one.doubts)
        return Agreed(known[0][1], distinct(doubts))
    differing = tuple(sorted({(source, write(value)) for source, value in known}))
    written = tuple(f"{source}: {value}" for source, value in differing)
    return Agreed(None, (Doubt(field=field, kind="contradictory", as_written=written),), differing)


def distinct(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Each doubt once, sorted."""
    once = set(doubts)
    return tuple(sorted(once, key=lambda doubt: (doubt.field, doubt.kind, doubt.as_written))) if once else ()
