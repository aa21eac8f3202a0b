"""Settings of reconciliation: those that every service has."""

from services.chassis.settings import ServiceSettings


class ReconciliationSettings(ServiceSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""
