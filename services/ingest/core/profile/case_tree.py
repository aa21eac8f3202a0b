"""A case of a feed taken apart: the case, its charges, their sentence parts and later relief, each with its columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from services.ingest.core.profile.profile import Part
from services.ingest.core.source_location import SourceLocation


class NotAText(Exception):
    """There is something else than one text; the argument says what there is."""


class Source(Protocol):
    """Where a part's columns are looked up."""

    def text(self, column: str) -> str:
        """What stands there, empty where nothing does. Raises NotAText."""

    def where(self, column: str) -> SourceLocation:
        """That column of it, for a person to look at."""


@dataclass(slots=True)
class Node:
    """One part of a case. ``sources`` are the rows (or the one object) that speak of it."""

    sources: list[Source]
    children: dict[tuple[Part, int], list["Node"]] = field(default_factory=dict)
    """By kind, and by which of the profile's groups of that kind."""

    def of(self, part: Part, group: int = 0) -> list["Node"]:
        """Its parts of that kind and group, in order."""
        return self.children.get((part, group), [])

    def add(self, part: Part, group: int, node: "Node") -> None:
        """One more part."""
        self.children.setdefault((part, group), []).append(node)


@dataclass(frozen=True, slots=True)
class Row:
    """The columns of one row, or of the rows with fixed columns that make one part."""

    texts: Mapping[str, str]
    places: Mapping[str, SourceLocation] | SourceLocation
    """The row, by column where they differ."""
    names: Mapping[str, str]
    """A column's name as the file writes it."""

    def text(self, column: str) -> str:
        return self.texts.get(column, "")

    def where(self, column: str) -> SourceLocation:
        places = self.places
        row = (
            places
            if isinstance(places, SourceLocation)
            else places.get(column) or next(iter(places.values()))
        )
        return row.in_column(self.names.get(column, column))
