"""Settings of relief."""

from pathlib import Path

from pydantic import Field

from services import COUNTIES
from services.chassis.settings.sealing_keys import SealingKeySettings


class ReliefSettings(SealingKeySettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    counties_dir: Path = COUNTIES
    """One folder a county, with its ``county.yaml``: the order mode is read from it."""
    statistics_every_s: float = Field(default=900.0, gt=0)
    """Seconds that statistics are shown for before they are counted anew; two countings can be subtracted."""
