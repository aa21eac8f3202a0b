"""A county that files are judged for: as its folder describes it, else any other of California's 58 by its name."""

from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from reliefstream_contracts.county_file import CALIFORNIA_TIME
from reliefstream_contracts.identifiers import CountyName
from services.chassis.settings.located_yaml import WrongFile
from services.cli.terminal.exit import WrongUsage
from services.eligibility.files.county_files import read_counties
from services.eligibility.law.engine.case import County
from services.ingest.core.counties import COUNTIES, intake
from services.ingest.core.profile.profile import Profile
from services.ingest.profiles.counties import SendingCounty, sending_counties


class OfflineCounty(NamedTuple):
    """What the law and intake need of it. Without a folder no city prosecutes, and its court writes our JSON."""

    county: County
    source: SendingCounty


PROFILE = (
    "court: which of the county's profiles describes the files (else county.yaml's); none: our JSON lines"
)


def profile_named(source: SendingCounty, named: str | None) -> Profile | None:
    """The county's court profile of that name, else the one that its county.yaml names; None: our JSON.

    Raises WrongUsage where the county has no such profile.
    """
    name = named or source.court_profile
    if name is None or name == "none":
        return None
    if name not in source.profiles:
        there = ", ".join(source.profiles) or "none"
        raise WrongUsage(f"--profile {name}: no profile of {source.intake.county}; there are: {there}")
    return source.profiles[name]


def offline_county(name: str, folder: Path) -> OfflineCounty:
    """The county of that name. Raises WrongUsage where California has none of it, or its file is wrong."""
    try:
        known = read_counties(folder)
        if name in known:
            return OfflineCounty(known[CountyName(name)].county, sending_counties(folder)[CountyName(name)])
    except (WrongFile, ValueError) as error:
        raise WrongUsage(str(error)) from error
    if name not in COUNTIES.values():
        raise WrongUsage(
            f"No county {name!r}: one of California's 58, in lower case with dashes, such as los-angeles or yolo; "
            f"of {', '.join(known)} there is a folder too"
        )
    county = CountyName(name)
    return OfflineCounty(County(county), SendingCounty(intake(county), ZoneInfo(CALIFORNIA_TIME)))
