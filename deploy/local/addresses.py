"""The addresses and credentials of the local servers."""

import json
import random
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from deploy.kafka.users import OPERATOR
from deploy.local.layout import Layout
from deploy.local.passwords import account_tokens, audit_key, county_tokens, password
from deploy.local.servers import kafka
from deploy.local.servers.postgres_address import SUPERUSER, Passwords, dsn, owner
from deploy.local.servers.requirements import ServerMissingError
from services import CONSOLE
from services.chassis.settings.kafka_address import KafkaAddress

KAFKA, CONTROLLER, POSTGRES, SIGN_IN = "kafka", "kafka-controller", "postgres", "sign-in"

# Below the ports that the system hands out to clients: none takes ours while a server restarts.
PORTS = range(20_000, 32_000)


@dataclass(frozen=True)
class Addresses:
    """What a client needs; all on 127.0.0.1. Passwords are left out of its repr."""

    kafka_bootstrap: str
    kafka_username: str
    postgres_port: int
    http: dict[str, str]
    """Each service's base URL, and the console's where there is one, without a slash at the end."""
    kafka_password: str = field(repr=False)
    kafka_passwords: dict[str, str] = field(repr=False)
    """Of each service and of the operator, as users of Kafka."""
    postgres_admin_dsn: str = field(repr=False)
    database_urls: dict[str, str] = field(repr=False)
    """Each service's own database, as the role that runs it."""
    owner_urls: dict[str, str] = field(repr=False)
    """The same databases as the roles that own and migrate them."""
    audit_keys: dict[str, str] = field(repr=False)
    """What each service signs the heads of its audit log with."""
    operator_token: str = field(repr=False)
    pairwise_secret: str = field(repr=False)
    """What notification makes an integrator's ids of persons with."""
    sealing_keys: str = field(repr=False)
    """What ingest and notification recognise a sealed conviction by."""
    webhook_keys: str = field(repr=False)
    """What notification seals the signing secrets of webhooks with."""
    console_keys: str = field(repr=False)
    """What the console seals sessions with."""
    county_tokens: dict[str, str] = field(repr=False)
    account_tokens: dict[str, str] = field(repr=False)
    """Of each account of a trial that acts as an office (`trial_accounts`)."""
    sign_in: str | None = None
    """The built-in sign-in provider, as its tokens name it; None: there is none."""
    postgres_host: str = "127.0.0.1"

    @property
    def kafka(self) -> KafkaAddress:
        """Kafka with its administrator."""
        return KafkaAddress(self.kafka_bootstrap, self.kafka_username, self.kafka_password)

    def kafka_of(self, user: str) -> KafkaAddress:
        """Kafka with a service's user or the operator's."""
        return KafkaAddress(self.kafka_bootstrap, user, self.kafka_passwords[user])


def read(root: Path) -> Addresses:
    """The addresses of the servers under `root` (`.local`), running or not.

    ServerMissingError before the first start.
    """
    layout = Layout(root)
    if not layout.state.exists():
        raise ServerMissingError("The local servers were never started. Start them: reliefstream up")
    return addresses(layout, json.loads(layout.state.read_text())["ports"])


def addresses(layout: Layout, ports: dict[str, int]) -> Addresses:
    """The addresses at these ports; generates a missing password."""
    services = [name for name in ports if name not in (KAFKA, CONTROLLER, POSTGRES, SIGN_IN, CONSOLE)]
    port, secrets = ports[POSTGRES], layout.secrets
    names = database_names(layout)
    roles = database_passwords(secrets, services)
    return Addresses(
        kafka_bootstrap=f"127.0.0.1:{ports[KAFKA]}",
        kafka_username=kafka.ADMIN,
        kafka_password=password(secrets, f"kafka-{kafka.ADMIN}"),
        kafka_passwords={name: password(secrets, f"kafka-{name}") for name in (*services, OPERATOR)},
        postgres_port=port,
        postgres_admin_dsn=dsn(port, SUPERUSER, password(secrets, "postgres-superuser"), "postgres"),
        database_urls={
            name: dsn(port, name, secret.service, names.get(name, name)) for name, secret in roles.items()
        },
        owner_urls={
            name: dsn(port, owner(name), secret.owner, names.get(name, name))
            for name, secret in roles.items()
        },
        audit_keys={name: audit_key(secrets, name) for name in services},
        http={name: f"http://127.0.0.1:{ports[name]}" for name in (*services, CONSOLE) if name in ports},
        operator_token=password(secrets, "operator-token"),
        pairwise_secret=password(secrets, "pairwise-secret"),
        sealing_keys=password(secrets, "sealing-keys"),
        webhook_keys=password(secrets, "webhook-keys"),
        console_keys=password(secrets, "console-keys"),
        county_tokens=county_tokens(secrets, ()),
        account_tokens=account_tokens(secrets, ()),
        sign_in=f"http://127.0.0.1:{ports[SIGN_IN]}" if SIGN_IN in ports else None,
    )


def database_passwords(secrets: Path, services: Iterable[str]) -> dict[str, Passwords]:
    """The passwords of each service's two roles; those that are missing are made."""
    return {
        name: Passwords(password(secrets, f"postgres-{name}-owner"), password(secrets, f"postgres-{name}"))
        for name in services
    }


def database_names(layout: Layout) -> dict[str, str]:
    """The current database of each service whose first one was replaced, by service."""
    if not layout.databases.exists():
        return {}
    names: dict[str, str] = json.loads(layout.databases.read_text())
    return names


def choose_ports(layout: Layout, names: Iterable[str]) -> dict[str, int]:
    """A free port for each name, the one of last time when it is still free; written to state.json."""
    kept: dict[str, int] = {}
    if layout.state.exists():
        kept = json.loads(layout.state.read_text())["ports"]
    chosen: dict[str, int] = {}
    for name in names:
        taken = set(chosen.values())
        if name in kept and kept[name] not in taken and is_free(kept[name]):
            chosen[name] = kept[name]
        else:
            taken |= set(kept.values())
            candidates = random.sample(PORTS, len(PORTS))
            chosen[name] = next(each for each in candidates if each not in taken and is_free(each))
    new = layout.state.with_suffix(".new")
    new.write_text(json.dumps({"host": "127.0.0.1", "ports": chosen}, indent=2))
    new.replace(layout.state)
    return chosen


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
