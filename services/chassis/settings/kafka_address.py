"""The address of Kafka and our user there, in the form that each client library takes."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MECHANISM = "SCRAM-SHA-512"
"""How every user proves its password: the password itself does not cross the network."""


@dataclass(frozen=True)
class KafkaAddress:
    """A cluster and a user. Without a user the broker must not ask for one. The password is left out of the repr."""

    bootstrap: str
    """host:port, several with commas."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    """PEM file of the authority whose certificate a broker must show, for the host by which it is reached; None: no
    TLS."""

    def ssl_context(self) -> ssl.SSLContext | None:
        """What a client checks a broker's certificate with; None: no TLS. Raises OSError for a missing file."""
        return ssl.create_default_context(cafile=self.ca_file) if self.ca_file else None

    def client_options(self) -> dict[str, Any]:
        """Keyword arguments of any aiokafka client. Raises OSError as ``ssl_context``."""
        options: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap.split(","),
            "security_protocol": self._protocol(),
        }
        if self.ca_file:
            options["ssl_context"] = self.ssl_context()
        if self.username:
            options |= {
                "sasl_mechanism": MECHANISM,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        return options

    def admin_options(self) -> dict[str, Any]:
        """The configuration of confluent-kafka's AdminClient, by librdkafka's names."""
        options: dict[str, Any] = {"bootstrap.servers": self.bootstrap, "security.protocol": self._protocol()}
        if self.ca_file:
            options["ssl.ca.location"] = str(self.ca_file)
        if self.username:
            options |= {
                "sasl.mechanism": MECHANISM,
                "sasl.username": self.username,
                "sasl.password": self.password,
            }
        return options

    def _protocol(self) -> str:
        transport = "SSL" if self.ca_file else "PLAINTEXT"
        return f"SASL_{transport}" if self.username else transport
