"""The days of a county: by when its offices decide, and where its day begins."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from reliefstream_contracts.county_file import CALIFORNIA_TIME
from reliefstream_contracts.identifiers import CountyName
from services.county_folders import Counties

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
