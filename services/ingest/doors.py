"""The counties that send, from ``deploy/counties``: names that their sources use, and where their day begins."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import ValidationError

from reliefstream_contracts.event import Frozen
from reliefstream_contracts.identifiers import CountyName
from services.ingest.formats.counties import Door, door


class _CountyFile(Frozen):
    county: CountyName
    names: tuple[str, ...] = ()
    timezone: str = "America/Los_Angeles"


class CountyDoor(NamedTuple):
    """One county's door."""

    door: Door
    zone: ZoneInfo

    def day(self, now: datetime) -> date:
        """The day there at a moment."""
        return now.astimezone(self.zone).date()


Doors = Mapping[CountyName, CountyDoor]


def doors(folder: Path) -> Doors:
    """The door of every county below the folder. ValueError names the file that is wrong."""
    found: dict[CountyName, CountyDoor] = {}
    for path in sorted(folder.glob("*/county.yaml")):
        try:
            county = _CountyFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
            zone = ZoneInfo(county.timezone)
        except (ValidationError, yaml.YAMLError, ZoneInfoNotFoundError) as error:
            raise ValueError(f"{path}: {error}") from error
        found[county.county] = CountyDoor(door(county.county, county.names), zone)
    return found
