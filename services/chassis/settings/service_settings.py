"""Settings that every service has; built once, by the command that runs the service."""

from datetime import date

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.chassis.settings.kafka_address import KafkaAddress


class ServiceSettings(BaseSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    model_config = SettingsConfigDict(env_prefix="RELIEFSTREAM_", extra="ignore", frozen=True)

    kafka_bootstrap: str
    """host:port, several with commas."""
    kafka_username: str | None = None
    kafka_password: SecretStr | None = None
    database_url: SecretStr
    """postgresql://role:password@host:port/database; each service has its own."""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=0, ge=0, le=65535)
    http_connections: int = Field(default=500, ge=1)
    """Open at a time; more get 503 at once."""
    instance: str = "0"
    """Names this replica; kept over restarts, so that it gets its partitions back at once."""
    operator_token: SecretStr = SecretStr("")
    """Opens the operator's endpoints; empty closes them."""
    as_of: date | None = None
    """The date to judge by, for trials; else today in the county."""
    log_level: str = "INFO"
    batch_max_records: int = Field(default=1000, ge=1)
    batch_timeout_ms: int = Field(default=20, ge=1)
    outbox_limit: int = Field(default=100_000, ge=1)
    """Events waiting in the outbox above which consuming pauses."""
    dead_letter_limit: int = Field(default=100, ge=0)
    """Open dead letters of one consumer above which a partition waits instead of burying one more."""
    watched: tuple[str, ...] = ("ingest", "reconciliation", "eligibility", "relief", "notification")
    """Services whose readers this one looks at from outside, so that one that is down is seen by the others."""
    watch_seconds: float = Field(default=15.0, gt=0)
    """Between two looks at the servers and at what waits."""
    session_seconds: float = Field(default=10.0, ge=1)
    """Silence after which Kafka gives the partitions of a replica to the others."""
    stall_seconds: float = Field(default=90.0, gt=0)
    """A consumer that has records waiting and makes no progress for so long ends the process."""

    @property
    def kafka(self) -> KafkaAddress:
        """Kafka and this service's user there; a name or a password alone counts as none."""
        if not (self.kafka_username and self.kafka_password):
            return KafkaAddress(self.kafka_bootstrap)
        return KafkaAddress(self.kafka_bootstrap, self.kafka_username, self.kafka_password.get_secret_value())
