"""Settings of the daily digest: the mail server, and where the pages are."""

from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.chassis.settings.http_settings import PREFIX


class MailSettings(BaseSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, use_attribute_docstrings=True
    )

    smtp_host: str
    """The mail server that the digest is handed to."""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    """Its port."""
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is encrypted; none: only to a server on this machine."""
    smtp_username: str = ""
    """The name to sign in with there; empty: without."""
    smtp_password: SecretStr = SecretStr("")
    """The password of that name."""
    smtp_seconds: float = Field(default=30.0, gt=0)
    """Seconds that the server may take for an answer."""
    mail_from: str
    """The sender's address."""
    console_url: str
    """The address of the console, which each mail names."""

    @field_validator("smtp_tls")
    @classmethod
    def _is_safe(cls, tls: str, others: ValidationInfo) -> str:
        if tls == "none" and others.data.get("smtp_host") not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("is starttls or tls; none only to a server on this machine")
        return tls
