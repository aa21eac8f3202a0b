"""A county that files are judged for: as its folder describes it, else any other of California's 58 by its name."""

from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from reliefstream_contracts.identifiers import CountyName
from services.chassis.located_yaml import WrongFile
from services.cli.exit import WrongUsage
from services.eligibility.county_files import read_counties
from services.eligibility.law.case import County
from services.ingest.doors import CountyDoor, doors
from services.ingest.formats.counties import COUNTIES, door
from services.ingest.formats.profile import Profile


class OfflineCounty(NamedTuple):
    """What the law and the door need of it. Without a folder no city prosecutes, and its court writes our JSON."""

    county: County
    way_in: CountyDoor


PROFILE = (
    "court: which of the county's profiles describes the files (else county.yaml's); none: our JSON lines"
)


def profile_named(way_in: CountyDoor, named: str | None) -> Profile | None:
    """The county's court profile of that name, else the one that its county.yaml names; None: our JSON.

    Raises WrongUsage where the county has no such profile.
    """
    name = named or way_in.court_profile
    if name is None or name == "none":
        return None
    if name not in way_in.profiles:
        there = ", ".join(way_in.profiles) or "none"
        raise WrongUsage(f"--profile {name}: no profile of {way_in.door.county}; there are: {there}")
    return way_in.profiles[name]


def offline_county(name: str, folder: Path) -> OfflineCounty:
    """The county of that name. Raises WrongUsage where California has none of it, or its file is wrong."""
    try:
        known = read_counties(folder)
        if name in known:
            return OfflineCounty(known[CountyName(name)].county, doors(folder)[CountyName(name)])
    except (WrongFile, ValueError) as error:
        raise WrongUsage(str(error)) from error
    if name not in COUNTIES.values():
        raise WrongUsage(
            f"No county {name!r}: one of California's 58, in lower case with dashes, such as los-angeles or yolo; "
            f"of {', '.join(known)} there is a folder too"
        )
    county = CountyName(name)
    return OfflineCounty(County(county), CountyDoor(door(county), ZoneInfo("America/Los_Angeles")))
