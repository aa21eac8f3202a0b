"""The counties that send, from ``deploy/counties``: names that their sources use, and where their day begins."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from reliefstream_contracts.event import Frozen
from reliefstream_contracts.identifiers import CountyName
from services.chassis.settings.located_yaml import read_yaml
from services.ingest.core.counties import CountyIntake, intake
from services.ingest.core.parse import NO_PROFILES, Profiles
from services.ingest.profiles.profile_file import read_profiles


class _CountyFile(Frozen):
    county: CountyName
    names: tuple[str, ...] = ()
    timezone: str = "America/Los_Angeles"
    city_prosecutors: tuple[str, ...] = ()
    court_profile: str | None = None


class SendingCounty(NamedTuple):
    """One county's intake."""

    intake: CountyIntake
    zone: ZoneInfo
    profiles: Profiles = NO_PROFILES
    """The county's own court feeds, by name."""
    court_profile: str | None = None
    """The one that its court's files have if nothing else is said; None: the strict JSON."""

    def day(self, now: datetime) -> date:
        """The day there at a moment."""
        return now.astimezone(self.zone).date()


SendingCounties = Mapping[CountyName, SendingCounty]


def sending_counties(folder: Path) -> SendingCounties:
    """The intake of every county below the folder. ValueError names the file that is wrong."""
    found = [sending_county_in(path) for path in sorted(folder.glob("*/county.yaml"))]
    return {one.intake.county: one for one in found}


def sending_county_in(path: Path) -> SendingCounty:
    """The intake that one ``county.yaml`` describes. ValueError names the file and what is wrong."""
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
    return SendingCounty(intake(county.county, county.names), zone, profiles, county.court_profile)
