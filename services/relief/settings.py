"""Settings of relief."""

from pathlib import Path

from services import COUNTIES
from services.chassis.settings.service_settings import ServiceSettings


class ReliefSettings(ServiceSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    counties_dir: Path = COUNTIES
    """One folder a county, with its ``county.yaml``: the order mode is read from it."""
