"""Settings of everything that listens for HTTP: address, certificate, slow clients, log."""

from datetime import date
from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "RELIEFSTREAM_"


class HttpSettings(BaseSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, use_attribute_docstrings=True
    )

    http_host: str = "127.0.0.1"
    """The address that the service listens on for HTTP, every route of it."""
    http_port: int = Field(default=0, ge=0, le=65535)
    """The port that the service listens on for HTTP; 0: any free port."""
    http_certificate_file: Path | None = None
    """PEM file of the certificate, with its chain, for HTTPS; None: HTTP without TLS. It is read at the start."""
    http_key_file: Path | None = Field(default=None, validate_default=True)
    """PEM file of the certificate's key."""
    http_connections: int = Field(default=500, ge=1)
    """HTTP connections open at a time; beyond it one without a request makes room, else the new one gets 503."""
    http_head_seconds: float = Field(default=10.0, gt=0)
    """Seconds within which a request's line and headers have to arrive, the first one's from the connection on."""
    instance: str = "0"
    """The name of this replica, the same after a restart, so that the replica gets its partitions back at once."""
    ca_file: Path | None = None
    """PEM file of the authority whose certificate the servers that are called must show; None: no TLS to Kafka, and to
    other services the machine's own authorities."""
    oidc_issuer: str = ""
    """The OpenID Connect provider that people sign in with, as its tokens name it (``iss``); empty: nobody can."""
    as_of: date | None = None
    """The date to judge by, for trials; else today in the county."""
    log_level: str = "INFO"
    """The lowest level of log lines: DEBUG, INFO, WARNING, ERROR or CRITICAL."""

    @field_validator("http_key_file")
    @classmethod
    def _of_a_certificate(cls, key: Path | None, others: ValidationInfo) -> Path | None:
        if (key is None) != (others.data.get("http_certificate_file") is None):
            raise ValueError("a certificate and its key are given together, or neither")
        return key
