"""Settings of eligibility."""

from pathlib import Path

from pydantic import Field

from reliefstream_contracts.identifiers import CountyName
from services import COUNTIES
from services.chassis.settings.service_settings import ServiceSettings


class EligibilitySettings(ServiceSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    counties_dir: Path = COUNTIES
    """One folder a county, with its ``county.yaml``: policies by date, cities with prosecutors of their own."""
    policy: dict[CountyName, str] = Field(default_factory=dict)
    """A JSON object of county to policy: used instead of the one in force, for trials."""
    review_every_s: float = Field(default=30.0, gt=0)
    """Seconds between looks for what the day, a law or a policy has made due."""
    statistics_every_s: float = Field(default=900.0, gt=0)
    """Seconds that statistics are shown for before they are counted anew; two countings can be subtracted."""
