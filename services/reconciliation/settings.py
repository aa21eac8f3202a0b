"""Settings of reconciliation: those that every service has, which weights link, and where the counties' files are."""

from pathlib import Path

from services import COUNTIES
from services.chassis.settings.service_settings import ServiceSettings
from services.reconciliation.weights_file import CURRENT


class ReconciliationSettings(ServiceSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    linkage_weights: str = CURRENT
    """The version of the weights by which persons are linked, a file of ``weights/``."""
    counties_dir: Path = COUNTIES
    """One folder a county, with its ``county.yaml``: by when it answers what community groups hand in."""
