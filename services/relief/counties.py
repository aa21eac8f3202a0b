"""What relief needs to know of each county: how its court orders, and where its day begins."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from reliefstream_contracts.county_file import CALIFORNIA_TIME, CountyFile
from reliefstream_contracts.identifiers import CountyName
from services import county_files
from services.chassis.settings.yaml_model import read_model

Counties = Mapping[CountyName, CountyFile]


def counties(folder: Path) -> Counties:
    """Every county that has a ``county.yaml`` below the folder. Raises WrongFile."""
    found = [read_model(path, CountyFile) for path in county_files(folder)]
    return {county.county: county for county in found}


DAYS_ELSEWHERE = 30


def due_on(counties: Counties, county: CountyName, opened_at: datetime) -> date:
    """The day by which the county's offices decide what is opened then; 30 days where the county has no folder."""
    file = counties.get(county)
    days = file.review_days if file else DAYS_ELSEWHERE
    return day_in(counties, county, opened_at) + timedelta(days=days)


def day_in(counties: Counties, county: CountyName, at: datetime) -> date:
    """The day in the county at that moment; California's where the county has no folder."""
    file = counties.get(county)
    return at.astimezone(ZoneInfo(file.timezone if file else CALIFORNIA_TIME)).date()
