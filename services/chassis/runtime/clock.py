"""Time as an input."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from reliefstream_contracts.county_file import CALIFORNIA_TIME


class Clock(Protocol):
    """The source of a service's time."""

    def now(self) -> datetime:
        """The current time, in UTC."""
        ...

    def today(self, timezone: str = CALIFORNIA_TIME) -> date:
        """The date to judge by: the one fixed for a trial, else today in that time zone."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock; ``as_of`` fixes the date, never the moment."""

    as_of: date | None = None

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self, timezone: str = CALIFORNIA_TIME) -> date:
        return self.as_of or datetime.now(ZoneInfo(timezone)).date()
