"""Settings of the console."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from services.chassis.settings.http_settings import HttpSettings
from services.chassis.settings.secret_keys import SecretKeys


class ConsoleSettings(HttpSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    console_url: str
    """The address that people open, without a slash at the end: https:// anywhere but on this machine itself."""
    console_keys: SecretKeys
    """Keys that seal sessions and kept forms in the browser's cookies: at least 32 random characters each, the newest
    first, with commas between them. Without an older one its sessions end."""
    console_client: str = "console"
    """The console's client id at the sign-in provider."""
    console_client_secret: SecretStr = SecretStr("")
    """The client's secret there; empty: a public client, which proves itself by PKCE alone."""
    console_scope: str = "openid"
    """The scopes that the console asks the provider for."""
    ingest_url: str
    """The base URL of ingest, without a slash at the end."""
    reconciliation_url: str
    """The base URL of reconciliation."""
    eligibility_url: str
    """The base URL of eligibility."""
    relief_url: str
    """The base URL of relief."""
    service_seconds: float = Field(default=10.0, gt=0)
    """Seconds that the console waits for a service's answer."""
    idle_minutes: int = Field(default=30, ge=1)
    """Minutes without a page after which a person has to sign in again."""
    account_names_file: Path | None = None
    """YAML with names of accounts (``names``), which pages show in the place of ids; empty: ids. Read at the start."""
    session_hours: int = Field(default=10, ge=1)
    """Hours after which a person has to sign in again in any case."""

    @field_validator("console_url")
    @classmethod
    def _is_safe(cls, url: str) -> str:
        parts = urlsplit(url)
        loopback = parts.hostname in ("127.0.0.1", "::1", "localhost")
        if not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
            raise ValueError("is https://HOST; http:// only on 127.0.0.1")
        if parts.path or parts.query:
            raise ValueError("is scheme, host and port alone, without a slash at the end")
        return url

    @property
    def services(self) -> dict[str, str]:
        """Base URL by service."""
        return {
            "ingest": self.ingest_url,
            "reconciliation": self.reconciliation_url,
            "eligibility": self.eligibility_url,
            "relief": self.relief_url,
        }
