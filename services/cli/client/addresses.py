"""Where the servers are: from the environment, else the local ones."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
ACT_AS = "RELIEFSTREAM_ACT_AS"


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
    account_tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of the accounts of a trial that act as an office; none with real records."""
    ca_file: Path | None = None
    """PEM file of the authority whose certificate a service must show; None: those that this machine trusts."""

    def service(self, name: str) -> str:
        """The base URL of a service, without a slash at the end. Raises ServerMissing."""
        if name not in self.urls:
            raise ServerMissing(f"No address of {name}: set RELIEFSTREAM_{name.upper()}_URL")
        return self.urls[name]

    def acting_as(self, account: str) -> "Addresses":
        """The same servers, with the token of a trial's account. Raises WrongUsage where there is none."""
        if account not in self.account_tokens:
            known = ", ".join(sorted(self.account_tokens)) or "this installation has none"
            raise WrongUsage(f"{ACT_AS}: no account {account!r}: {known}")
        return replace(self, operator_token=self.account_tokens[account])

    def client(self, service: str) -> "httpx.Client":
        """An HTTP client of a service with the operator's token. Raises ServerMissing without an address."""
        import httpx  # not above: every command that takes an address would wait for it

        from services.chassis.http.trusted import trusted

        return httpx.Client(
            base_url=self.service(service),
            headers={"Authorization": f"Bearer {self.operator_token}", **self._reason()},
            timeout=httpx.Timeout(30, read=600),
            verify=trusted(self.service(service), self.ca_file),
        )

    def _reason(self) -> dict[str, str]:
        return {"X-Break-Glass": self.break_glass} if self.break_glass else {}


def addresses(environ: Mapping[str, str] | None = None, local_folder: Path | None = None) -> Addresses:
    """The servers named in the environment, else the local ones. Raises ServerMissing when there are neither.

    RELIEFSTREAM_KAFKA_BOOTSTRAP with RELIEFSTREAM_KAFKA_USERNAME and _PASSWORD; RELIEFSTREAM_INGEST_URL and so
    on for each service; RELIEFSTREAM_OPERATOR_TOKEN; RELIEFSTREAM_COUNTY_TOKENS_FILE; RELIEFSTREAM_ACCOUNT_TOKENS_FILE;
    RELIEFSTREAM_BREAK_GLASS; RELIEFSTREAM_CA_FILE where Kafka and the services speak TLS. What is sent is the token of
    the trial's account that RELIEFSTREAM_ACT_AS names, else of who signed in (``reliefstream login``), else the
    operator's. Raises Refused where that session has ended, WrongUsage for an account that there is not.
    """
    env = os.environ if environ is None else environ
    local = "RELIEFSTREAM_KAFKA_BOOTSTRAP" not in env
    found = _local(local_folder or local_root(), env) if local else _named(env)
    return found.acting_as(env[ACT_AS]) if env.get(ACT_AS) else found


def _named(env: Mapping[str, str]) -> Addresses:
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
        _signed_in(env, env.get("RELIEFSTREAM_OIDC_ISSUER")) or env.get("RELIEFSTREAM_OPERATOR_TOKEN", ""),
        _tokens(env.get("RELIEFSTREAM_COUNTY_TOKENS_FILE")),
        env.get(BREAK_GLASS, ""),
        account_tokens=_tokens(env.get("RELIEFSTREAM_ACCOUNT_TOKENS_FILE")),
        ca_file=ca_file,
    )


def _local(folder: Path, env: Mapping[str, str]) -> Addresses:
    from deploy.kafka.users import OPERATOR
    from deploy.local import addresses as local
    from deploy.local.servers.requirements import ServerMissingError

    try:
        found = local.read(folder)
    except ServerMissingError as missing:
        raise ServerMissing(str(missing)) from None
    return Addresses(
        found.kafka_of(OPERATOR),
        found.http,
        _signed_in(env, found.sign_in) or found.operator_token,
        found.county_tokens,
        env.get(BREAK_GLASS, ""),
        found.audit_keys,
        found.account_tokens,
    )


def _signed_in(env: Mapping[str, str], issuer: str | None) -> str | None:
    """The token of who signed in with this provider (None: with any); None: nobody did."""
    return current_token(session_file(env), issuer)


def _tokens(path: str | None) -> dict[str, str]:
    found: dict[str, str] = json.loads(Path(path).read_text()) if path else {}
    return found


def known_service(name: str) -> str:
    """The name, if it is a service's. Raises WrongUsage."""
    if name not in SERVICES:
        raise WrongUsage(f"No service {name!r}: choose one of {', '.join(SERVICES)}")
    return name
