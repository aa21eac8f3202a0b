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


class OfflineCounty(NamedTuple):
    """What the law and the door need of it. Without a folder no city prosecutes, and its court writes our JSON."""

    county: County
    way_in: CountyDoor


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
