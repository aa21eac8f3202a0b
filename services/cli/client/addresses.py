"""Where the servers are: from the environment, else the local ones."""

import json
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from services import SERVICES
from services.chassis.settings.kafka_address import KafkaAddress
from services.cli.client.local_root import local_root
from services.cli.client.session import current_token, session_file
from services.cli.terminal.exit import ServerMissing, WrongUsage

if TYPE_CHECKING:
    import httpx

BREAK_GLASS = "RELIEFSTREAM_BREAK_GLASS"


@dataclass(frozen=True)
class Addresses:
    """Every server that a command may need."""

    kafka: KafkaAddress
    urls: Mapping[str, str]
    operator_token: str = field(repr=False)
    county_tokens: Mapping[str, str] = field(repr=False)
    break_glass: str = ""
    """Why an operator looks at a case's content; empty: no such look."""
    audit_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What each service signs the heads of its audit log with; none where the servers are not the local ones."""
    ca_file: Path | None = None
    """PEM file of the authority whose certificate a service must show; None: those that this machine trusts."""

    def service(self, name: str) -> str:
        """The base URL of a service, without a slash at the end. Raises ServerMissing."""
        if name not in self.urls:
            raise ServerMissing(f"No address of {name}: set RELIEFSTREAM_{name.upper()}_URL")
        return self.urls[name]

    def verify(self) -> ssl.SSLContext | bool:
        """What an HTTP client checks certificates with. Raises OSError for a file that is not there."""
        return ssl.create_default_context(cafile=self.ca_file) if self.ca_file else True

    def client(self, service: str) -> "httpx.Client":
        """An HTTP client of a service with the operator's token. Raises ServerMissing without an address."""
        import httpx  # not above: every command that takes an address would wait for it

        return httpx.Client(
            base_url=self.service(service),
            headers={"Authorization": f"Bearer {self.operator_token}", **self._reason()},
            timeout=httpx.Timeout(30, read=600),
            verify=self.verify(),
        )

    def _reason(self) -> dict[str, str]:
        return {"X-Break-Glass": self.break_glass} if self.break_glass else {}


def addresses(environ: Mapping[str, str] | None = None, local_folder: Path | None = None) -> Addresses:
    """The servers named in the environment, else the local ones. Raises ServerMissing when there are neither.

    RELIEFSTREAM_KAFKA_BOOTSTRAP with RELIEFSTREAM_KAFKA_USERNAME and _PASSWORD; RELIEFSTREAM_INGEST_URL and so
    on for each service; RELIEFSTREAM_OPERATOR_TOKEN; RELIEFSTREAM_COUNTY_TOKENS_FILE; RELIEFSTREAM_BREAK_GLASS;
    RELIEFSTREAM_CA_FILE where Kafka and the services speak TLS. Who signed in (``reliefstream login``) goes before the
    operator's token. Raises Refused where that session has ended.
    """
    env = os.environ if environ is None else environ
    if "RELIEFSTREAM_KAFKA_BOOTSTRAP" not in env:
        return _local(local_folder or local_root(), env.get(BREAK_GLASS, ""))
    tokens = env.get("RELIEFSTREAM_COUNTY_TOKENS_FILE")
    ca_file = Path(env["RELIEFSTREAM_CA_FILE"]) if env.get("RELIEFSTREAM_CA_FILE") else None
    urls = {name: env.get(f"RELIEFSTREAM_{name.upper()}_URL", "").rstrip("/") for name in SERVICES}
    return Addresses(
        KafkaAddress(
            env["RELIEFSTREAM_KAFKA_BOOTSTRAP"],
            env.get("RELIEFSTREAM_KAFKA_USERNAME"),
            env.get("RELIEFSTREAM_KAFKA_PASSWORD"),
            ca_file,
        ),
        {name: url for name, url in urls.items() if url},
        current_token(session_file(env)) or env.get("RELIEFSTREAM_OPERATOR_TOKEN", ""),
        json.loads(Path(tokens).read_text()) if tokens else {},
        env.get(BREAK_GLASS, ""),
        ca_file=ca_file,
    )


def _local(folder: Path, break_glass: str) -> Addresses:
    from deploy.kafka.access import OPERATOR
    from deploy.local import addresses as local
    from deploy.local.servers.requirements import ServerMissingError

    try:
        found = local.read(folder)
    except ServerMissingError as missing:
        raise ServerMissing(str(missing)) from None
    return Addresses(
        found.kafka_of(OPERATOR),
        found.http,
        found.operator_token,
        found.county_tokens,
        break_glass,
        found.audit_keys,
    )


def known_service(name: str) -> str:
    """The name, if it is a service's. Raises WrongUsage."""
    if name not in SERVICES:
        raise WrongUsage(f"No service {name!r}: choose one of {', '.join(SERVICES)}")
    return name
