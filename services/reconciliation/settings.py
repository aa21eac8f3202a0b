"""Settings of reconciliation: those that every service has, and which weights link."""

from services.chassis.settings.service_settings import ServiceSettings
from services.reconciliation.weights_file import CURRENT


class ReconciliationSettings(ServiceSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    linkage_weights: str = CURRENT
    """The version of the weights by which persons are linked, a file of ``weights/``."""
