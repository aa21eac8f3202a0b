"""Settings that every service has; built once, by the command that runs the service."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings
from pydantic_settings.exceptions import SettingsError

from services import SERVICES
from services.chassis.settings.http_settings import PREFIX, HttpSettings
from services.chassis.settings.kafka_address import KafkaAddress

S = TypeVar("S", bound=BaseSettings)


class WrongSettings(ValueError):
    """Settings are missing or wrong; the text names each and says why, without its value."""


def read_settings(kind: type[S], environ: Mapping[str, str]) -> S:
    """Settings from the environment, or from files of their names in RELIEFSTREAM_SECRETS_DIR.

    Raises WrongSettings.
    """
    try:
        return kind(_secrets_dir=environ.get(f"{PREFIX}SECRETS_DIR"))
    except ValidationError as error:
        raise WrongSettings(", ".join(_wrong(error))) from None
    except SettingsError as error:  # says which field, and nothing of its value
        raise WrongSettings(f"{str(error).partition(' from source')[0]}: JSON is expected") from None


def _wrong(error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_input=False, include_url=False, include_context=False):
        yield f"{PREFIX}{str(one['loc'][0]).upper()} ({one['msg'][:1].lower()}{one['msg'][1:]})"


class ServiceSettings(HttpSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    kafka_bootstrap: str
    """host:port, several with commas."""
    kafka_username: str | None = None
    """The SASL user; None: Kafka asks for none."""
    kafka_password: SecretStr | None = None
    """The SASL user's password."""
    database_url: SecretStr
    """postgresql://role:password@host:port/database, for TLS with ?sslmode=verify-full&sslrootcert=FILE; each service
    has its own."""
    public_host: str = "127.0.0.1"
    """The address of the public listener."""
    public_port: int | None = Field(default=None, ge=0, le=65535)
    """The port of a second listener, for other hosts: without metrics, status and all that only an operator, an auditor
    or an administrator may call; 0: any free port. None: there is none, and the first one, which answers everything,
    is not to be reached from other hosts."""
    operator_token: SecretStr = SecretStr("")
    """The bearer token of the commands' own account, which is an operator and nothing else; empty: it has none."""
    audit_key: SecretStr = SecretStr("")
    """The Ed25519 private key that signs the heads of this service's audit log: 64 hexadecimal digits, its own. Empty:
    no heads are published, and a rewritten log is not noticed."""
    grants_file: Path | None = None
    """YAML: machines with the hashes of their tokens, grants of persons, and who was revoked."""
    oidc_audience: str = "reliefstream"
    """What its access tokens are for (``aud``)."""
    oidc_jwks_url: str = ""
    """Where its keys are; empty: as its ``/.well-known/openid-configuration`` says."""
    oidc_groups_claim: str = "groups"
    """The claim that lists a person's groups; ``reliefstream:ROLE:COUNTY...`` is a grant as it stands."""
    oidc_groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """A JSON object of group to grants, for groups that are named otherwise."""
    oidc_strength: str = ""
    """The ``acr`` or ``amr``, such as ``mfa``, without which no person is granted anything, but in a county whose
    ``county.yaml`` asks for its own (``sign_in_strength``); empty: none is asked for."""
    oidc_longest_s: int = Field(default=900, ge=60)
    """Seconds from issue to expiry that an access token may have: for so long a person who left may still be in."""
    batch_max_records: int = Field(default=1000, ge=1)
    """The most records of one batch, which is one transaction."""
    batch_timeout_ms: int = Field(default=20, ge=1)
    """Milliseconds that a fetch waits for records."""
    outbox_limit: int = Field(default=100_000, ge=1)
    """Events in the outbox above which the service stops consuming."""
    dead_letter_limit: int = Field(default=100, ge=0)
    """Open dead letters of one consumer above which a partition waits instead of adding another."""
    watched: tuple[str, ...] = SERVICES
    """Services whose consumers this service measures, so that the lag of a service that is down is still exported."""
    watch_seconds: float = Field(default=15.0, gt=0)
    """Seconds between two measurements of the servers and of consumer lag."""
    session_seconds: float = Field(default=10.0, ge=1)
    """Seconds without a heartbeat after which Kafka gives the partitions of a replica to the others."""
    stall_seconds: float = Field(default=90.0, gt=0)
    """Seconds without progress, while records wait, after which a consumer ends the process."""

    @property
    def kafka(self) -> KafkaAddress:
        """Kafka and this service's user there; a name or a password alone counts as none."""
        if not (self.kafka_username and self.kafka_password):
            return KafkaAddress(self.kafka_bootstrap, ca_file=self.ca_file)
        password = self.kafka_password.get_secret_value()
        return KafkaAddress(self.kafka_bootstrap, self.kafka_username, password, self.ca_file)
