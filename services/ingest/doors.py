"""The counties that send, from ``deploy/counties``: names that their sources use, and where their day begins."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from reliefstream_contracts.event import Frozen
from reliefstream_contracts.identifiers import CountyName
from services.chassis.located_yaml import read_yaml
from services.ingest.formats.counties import Door, door
from services.ingest.profile_files import read_profiles
from services.ingest.reading import NO_PROFILES, Profiles


class _CountyFile(Frozen):
    county: CountyName
    names: tuple[str, ...] = ()
    timezone: str = "America/Los_Angeles"
    city_prosecutors: tuple[str, ...] = ()
    court_profile: str | None = None


class CountyDoor(NamedTuple):
    """One county's door."""

    door: Door
    zone: ZoneInfo
    profiles: Profiles = NO_PROFILES
    """The county's own court feeds, by name."""
    court_profile: str | None = None
    """The one that its court's files have if nothing else is said; None: the strict JSON."""

    def day(self, now: datetime) -> date:
        """The day there at a moment."""
        return now.astimezone(self.zone).date()


Doors = Mapping[CountyName, CountyDoor]


def doors(folder: Path) -> Doors:
    """The door of every county below the folder. ValueError names the file that is wrong."""
    found = [door_in(path) for path in sorted(folder.glob("*/county.yaml"))]
    return {one.door.county: one for one in found}


def door_in(path: Path) -> CountyDoor:
    """The door that one ``county.yaml`` describes. ValueError names the file and what is wrong."""
    try:
        county = _CountyFile.model_validate(read_yaml(path))
        zone = ZoneInfo(county.timezone)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise ValueError(f"{path}: {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}") from None
    except ZoneInfoNotFoundError as error:
        raise ValueError(f"{path}: {error}") from error
    profiles = read_profiles(path.parent, county.city_prosecutors)
    if county.court_profile is not None and county.court_profile not in profiles:
        known = ", ".join(profiles) or "none"
        raise ValueError(f"{path}: court_profile: no profile {county.court_profile!r}; there are {known}")
    return CountyDoor(door(county.county, county.names), zone, profiles, county.court_profile)
