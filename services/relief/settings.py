"""Settings of relief."""

from pathlib import Path

from pydantic import Field

from services import COUNTIES
from services.chassis.settings.sealing_keys import SealingKeys
from services.chassis.settings.service_settings import ServiceSettings


class ReliefSettings(ServiceSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    counties_dir: Path = COUNTIES
    """One folder a county, with its ``county.yaml``: the order mode is read from it."""
    sealing_keys: SealingKeys
    """Keys of the hashes by which a certificate of relief is verified: at least 32 random characters each, the newest
    first, with commas between them; they may be those of ingest and notification. An older one is needed as long as
    certificates of it are to be verified."""
    statistics_every_s: float = Field(default=900.0, gt=0)
    """Seconds that statistics are shown for before they are counted anew; two countings can be subtracted."""
