"""Each county's own file, as the services that need all of it read it."""

from collections.abc import Mapping
from pathlib import Path

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import CountyName
from services import county_files
from services.chassis.settings.yaml_model import read_model

Counties = Mapping[CountyName, CountyFile]


def counties(folder: Path) -> Counties:
    """Every county that has a ``county.yaml`` below the folder. Raises WrongFile."""
    found = [read_model(path, CountyFile) for path in county_files(folder)]
    return {county.county: county for county in found}


def sign_in_strengths(folder: Path) -> dict[str, str]:
    """The strength of sign-in of each county that asks for one. Raises WrongFile."""
    return {name: each.sign_in_strength for name, each in counties(folder).items() if each.sign_in_strength}
