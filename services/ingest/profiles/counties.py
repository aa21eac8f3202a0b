"""The counties that send, from ``deploy/counties``: names that their sources use, and where their day begins."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import CountyName
from services import county_files
from services.chassis.settings.located_yaml import WrongFile
from services.chassis.settings.yaml_model import read_model
from services.ingest.core.counties import CountyIntake, intake, other_countys_name
from services.ingest.core.parse import NO_PROFILES, Profiles
from services.ingest.profiles.profile_file import read_profiles


class SendingCounty(NamedTuple):
    """One county's intake."""

    intake: CountyIntake
    zone: ZoneInfo
    profiles: Profiles = NO_PROFILES
    """The county's own court feeds, by name."""
    court_profile: str | None = None
    """The one that its court's files have if nothing else is said; None: the strict JSON."""

    topic_formats: frozenset[str] = frozenset({"court", "doj"})
    """What is taken from its topic."""

    def day(self, now: datetime) -> date:
        """The day there at a moment."""
        return now.astimezone(self.zone).date()


SendingCounties = Mapping[CountyName, SendingCounty]


def sending_counties(folder: Path) -> SendingCounties:
    """The intake of every county below the folder. Raises WrongFile."""
    found = [sending_county_in(path) for path in county_files(folder)]
    return {one.intake.county: one for one in found}


def sending_county_in(path: Path) -> SendingCounty:
    """The intake that one ``county.yaml`` describes. Raises WrongFile."""
    county = read_model(path, CountyFile)
    profiles = read_profiles(path.parent, county.city_prosecutors)
    if county.court_profile is not None and county.court_profile not in profiles:
        known = ", ".join(profiles) or "none"
        raise WrongFile(f"{path}: court_profile: no profile {county.court_profile!r}; there are {known}")
    if taken := other_countys_name(county.county, county.names):
        raise WrongFile(
            f"{path}: names: {taken} is another county's name, whose convictions would count as this one's: remove it"
        )
    zone = ZoneInfo(county.timezone)
    return SendingCounty(
        intake(county.county, county.names),
        zone,
        profiles,
        county.court_profile,
        frozenset(county.topic_formats),
    )
