"""The address of Kafka and our user there, in the form that each client library takes."""

from dataclasses import dataclass, field
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

    def client_options(self) -> dict[str, Any]:
        """Keyword arguments of any aiokafka client."""
        options: dict[str, Any] = {"bootstrap_servers": self.bootstrap.split(",")}
        if self.username:
            options |= {
                "security_protocol": "SASL_PLAINTEXT",
                "sasl_mechanism": MECHANISM,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        return options

    def admin_options(self) -> dict[str, Any]:
        """The configuration of confluent-kafka's AdminClient, by librdkafka's names."""
        options: dict[str, Any] = {"bootstrap.servers": self.bootstrap}
        if self.username:
            options |= {
                "security.protocol": "SASL_PLAINTEXT",
                "sasl.mechanism": MECHANISM,
                "sasl.username": self.username,
                "sasl.password": self.password,
            }
        return options
