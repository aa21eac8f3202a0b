"""A county that files are judged for: as its folder describes it, else any other of California's 58 by its name."""

from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from reliefstream_contracts.county_file import CALIFORNIA_TIME, CountyFile
from reliefstream_contracts.identifiers import CountyName
from services.chassis.settings.yaml_model import read_model
from services.eligibility.files.county_files import read_counties
from services.eligibility.law.input.judged_conviction import County
from services.ingest.core.counties import COUNTIES, intake
from services.ingest.core.profile.profile import Profile
from services.ingest.profiles.counties import SendingCounty, sending_counties
from services.ingest.profiles.profile_file import read_profile


class UnknownCounty(ValueError):
    """California has no county of this name; the text names those that there are."""


class UnknownProfile(ValueError):
    """The county has no profile of this name; the text names those that it has."""


class OfflineCounty(NamedTuple):
    """What the law and intake need of it. Without a folder no city prosecutes, and its court writes our JSON."""

    county: County
    source: SendingCounty


def profile_named(source: SendingCounty, named: str | None) -> Profile | None:
    """The county's court profile of that name, else the one that its county.yaml names; None: our JSON.

    Raises UnknownProfile where the county has none of this name.
    """
    name = named or source.court_profile
    if name is None or name == "none":
        return None
    if name not in source.profiles:
        there = ", ".join(source.profiles) or "none"
        raise UnknownProfile(f"--profile {name}: no profile of {source.intake.county}; there are: {there}")
    return source.profiles[name]


def offline_county(name: str, folder: Path) -> OfflineCounty:
    """The county of that name, as a folder describes it or by its name alone.

    Raises UnknownCounty, or ValueError with what is wrong in a county's files.
    """
    known = read_counties(folder)
    if name in known:
        return OfflineCounty(known[CountyName(name)].county, sending_counties(folder)[CountyName(name)])
    if name not in COUNTIES.values():
        raise UnknownCounty(
            f"No county {name!r}: one of California's 58, in lower case with dashes, such as los-angeles or yolo; "
            f"of {', '.join(known)} there is a folder too"
        )
    county = CountyName(name)
    return OfflineCounty(County(county), SendingCounty(intake(county), ZoneInfo(CALIFORNIA_TIME)))


def profile_or_file(source: SendingCounty, named: str, counties: Path) -> Profile:
    """The county's profile of that name, else the one in that file, read as if it lay in the county's folder.

    Raises UnknownProfile, WrongFile.
    """
    if named in source.profiles:
        return source.profiles[named]
    path, county = Path(named), source.intake.county
    if not path.is_file():
        there = ", ".join(source.profiles) or "none"
        raise UnknownProfile(
            f"--profile {named}: no such file, and no profile of {county} (there are: {there})"
        )
    return read_profile(path, _cities(counties / county))


def profile_in(path: Path) -> Profile:
    """The profile in a file; the cities that prosecute are those of the county in whose folder it lies.

    Raises WrongFile.
    """
    return read_profile(path, _cities(path.absolute().parent.parent))


def _cities(folder: Path) -> tuple[str, ...]:
    file = folder / "county.yaml"
    return read_model(file, CountyFile).city_prosecutors if file.is_file() else ()
