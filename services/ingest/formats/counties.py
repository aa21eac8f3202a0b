"""A county's name, however a source writes it."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from reliefstream_contracts.identifiers import CountyName

_SLUG = re.compile(r"[a-z]+(-[a-z]+)*")


class Door(NamedTuple):
    """The county whose door a record came through, with the names that its sources use for it."""

    county: CountyName
    names: frozenset[str] = frozenset()

    def county_of(self, text: str) -> CountyName | None:
        """The county that ``text`` names, this door's by any of its names; None: blank or not a name."""
        plain = plain_name(text)
        if plain in self.names or slug(plain) == self.county:
            return self.county
        return slug(plain)


def door(county: CountyName, names: Iterable[str] = ()) -> Door:
    """The door of a county; ``names`` as in its county.yaml."""
    return Door(county, frozenset(map(plain_name, names)))


def plain_name(text: str) -> str:
    """Trimmed, upper case, without ``COUNTY`` or ``COUNTY OF``: ``LOS ANGELES``."""
    words = text.upper().split()
    if words[:2] == ["COUNTY", "OF"]:
        words = words[2:]
    if words[-1:] == ["COUNTY"]:
        words = words[:-1]
    return " ".join(words)


def slug(text: str) -> CountyName | None:
    """Kebab-case of a county's name, None when it is blank or cannot be one."""
    found = "-".join(plain_name(text).lower().split())
    return CountyName(found) if _SLUG.fullmatch(found) and len(found) <= 40 else None
