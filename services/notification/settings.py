"""Settings of notification."""

from ipaddress import ip_address
from pathlib import Path

from pydantic import Field, SecretStr

from services import COUNTIES
from services.chassis.settings.sealing_keys import SealingKeySettings
from services.chassis.settings.secret_keys import SecretKeys


class NotificationSettings(SealingKeySettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    integrator_tokens_file: Path | None = None
    """JSON object, integrator's name to bearer token; None: only the operator has subscriptions."""
    counties_dir: Path = COUNTIES
    """One folder a county: the names that a subscription may filter by."""
    pairwise_secret: SecretStr = Field(min_length=32)
    """At least 32 characters, kept for ever: each integrator's ids of persons are made with it (pairwise.py)."""
    webhook_keys: SecretKeys
    """Keys that seal the signing secrets of webhooks in the database: at least 32 random characters each, the newest
    first, with commas between them. An older one is needed until the service has sealed all anew, at its next start."""
    webhook_allow_loopback: bool | None = None
    """Webhooks to this machine, without TLS if need be. None: when the service itself listens on loopback."""
    webhook_allow_private: bool = False
    """Webhooks into private networks (RFC 1918, RFC 4193). Link-local and metadata addresses stay refused."""
    webhook_require_https: bool = True
    """Refuses ``http://`` to anything but loopback."""
    webhook_timeout_seconds: float = Field(default=10.0, gt=0, le=60)
    """Seconds after which an attempt that got no answer has failed."""
    webhook_in_flight: int = Field(default=4, ge=1, le=32)
    """Attempts at a time for one subscription, in each replica."""
    webhook_in_flight_in_all: int = Field(default=64, ge=1)
    """Attempts at a time for all subscriptions, in each replica."""
    webhook_poll_seconds: float = Field(default=0.25, gt=0)
    """How often a replica looks for deliveries that are due."""

    suppression_batch: int = Field(default=100, ge=1, le=1000)
    """Counts that an integrator may ask about at a time: POST /v1/suppression."""
    suppression_per_hour: int = Field(default=5000, ge=1)
    """Counts that an integrator may ask about in an hour, at all replicas together."""

    @property
    def loopback_allowed(self) -> bool:
        """The setting, or what follows from where the service listens."""
        if self.webhook_allow_loopback is not None:
            return self.webhook_allow_loopback
        return is_loopback(self.http_host)


def is_loopback(host: str) -> bool:
    """Whether a host, as a URL writes it, names this machine by itself, without asking a name server."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
