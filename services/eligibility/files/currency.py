"""How current each statute's file is: the amendment it was read at, where, on which day, and until when to rely on it.

``python -m services.eligibility.files.currency`` warns of each that is stale today; ``make check`` runs it.
"""

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from services.chassis.settings.located_yaml import Located, at, only, read_yaml
from services.eligibility.files.file_fields import day, text

STATUTE = Path(__file__).parents[1] / "statute_data"
KEYS = {"amended_by", "source", "read_on", "good_until"}


@dataclass(frozen=True, slots=True)
class Currency:
    """Which text a statute's file follows."""

    statute: str
    amended_by: str
    """The last amendment that the reading knows of."""
    source: str
    read_on: date
    good_until: date
    """From this day on the reading is stale: somebody has to look for later amendments."""

    def is_stale(self, on: date) -> bool:
        """Whether the reading may no longer be relied on on that day."""
        return on >= self.good_until


def statute_yaml(path: Path) -> Located:
    """What a statute's file says of the law, without how current it is. Raises WrongFile."""
    source = read_yaml(path)
    _currency(path, source)
    del source["read"]
    return source


def currencies(directory: Path = STATUTE) -> tuple[Currency, ...]:
    """How current each statute's file is, by name. Raises WrongFile."""
    return tuple(_currency(path, read_yaml(path)) for path in sorted(directory.glob("*.yaml")))


def stale(on: date, directory: Path = STATUTE) -> tuple[Currency, ...]:
    """The files whose reading may no longer be relied on on that day. Raises WrongFile."""
    return tuple(one for one in currencies(directory) if one.is_stale(on))


def in_words(one: Currency) -> str:
    """One line for a person: ``pc_290_c: as amended by ..., read on 2026-11-28 (...), good until 2027-01-01``."""
    return (
        f"{one.statute}: as amended by {one.amended_by}; read on {one.read_on} ({one.source}); "
        f"good until {one.good_until}"
    )


def _currency(path: Path, source: Located) -> Currency:
    if not isinstance(source.get("read"), Located):
        raise at(path, source, "read", "read: amended_by, source, read_on and good_until are expected")
    read = only(path, source["read"], KEYS)
    found = Currency(
        statute=path.stem,
        amended_by=text(path, read, "amended_by"),
        source=text(path, read, "source"),
        read_on=day(path, read, "read_on"),
        good_until=day(path, read, "good_until"),
    )
    if found.good_until <= found.read_on:
        raise at(path, read, "good_until", "good_until: a day after the day of the reading is expected")
    return found


if __name__ == "__main__":
    for old in stale(datetime.now(UTC).date()):
        sys.stderr.write(f"warning: the reading of a statute is stale: {in_words(old)}\n")
