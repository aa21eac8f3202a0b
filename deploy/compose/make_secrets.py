"""What docker-compose.yml mounts of passwords, tokens and certificates.

`.venv/bin/python -m deploy.compose.make_secrets` writes them.

They are generated on first use and then kept. Run it again after adding a county or an integrator, then `docker
compose up -d --force-recreate`.
"""

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from deploy.compose.certificates import make_certificates
from deploy.kafka.access import rules
from deploy.kafka.integrators import INTEGRATORS, Integrators, read_integrators
from deploy.kafka.topic_map import topic_map
from deploy.local.layout import REPOSITORY
from deploy.local.passwords import audit_key, county_tokens, integrator_tokens, password
from deploy.local.servers import kafka
from deploy.local.trial_accounts import write_trial_grants
from services import CONSOLE, SERVICES, counties
from services.chassis.identity.grants.edit import write_grants
from services.chassis.identity.grants.file import GrantsFile
from services.chassis.runtime.private_file import write_private

FOLDER = REPOSITORY / ".local" / "compose"
MADE_AS_THEY_ARE = (
    "kafka-admin",
    *(f"kafka-{name}" for name in SERVICES),
    *(f"audit-key-{name}" for name in SERVICES),
    "postgres-superuser",
    "operator-token",
    "grafana-admin",
    "pairwise-secret",
    "sealing-keys",
    "webhook-keys",
    "county-tokens.json",
    "integrator-tokens.json",
    "console-keys",
    "console-client-secret",
    "ca.pem",
    *(f"{name}-{part}.pem" for name in (*SERVICES, CONSOLE, "postgres") for part in ("certificate", "key")),
)
"""Files of one password, of tokens or a certificate, that containers read too."""
TLS = "sslmode=verify-full&sslrootcert=/run/secrets/ca"
"""Of a database's URL, as containers read it."""
PORTS = {"kafka": 9094} | {name: 8081 + place for place, name in enumerate((*SERVICES, CONSOLE))}


def make(folder: Path, counties: Sequence[str], integrators: Integrators, now: datetime) -> None:
    """Writes missing files in `folder`, those that a new county changes, and certificates that end soon.

    Only the owner can enter the folder (0700). Files that a container reads are readable by everyone (0444): each is
    mounted by itself, and the accounts in the containers do not exist on this machine.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    # A server's name is its host in the Compose network; its port is published on loopback.
    hosts = {name: (name, "localhost", "127.0.0.1") for name in ("kafka", "postgres", *SERVICES, CONSOLE)}
    make_certificates(folder, hosts, now)
    users = rules(topic_map(), counties, integrators)
    databases = {name: database_url(name, name, password(folder, f"postgres-{name}")) for name in SERVICES}
    owners = {
        name: database_url(name, f"{name}_owner", password(folder, f"postgres-{name}-owner"))
        for name in SERVICES
    }
    superuser = password(folder, "postgres-superuser")
    texts = {
        "kafka-jaas": jaas(password(folder, f"kafka-{kafka.ADMIN}")),
        "kafka-format": kafka.format_arguments(password(folder, f"kafka-{kafka.ADMIN}")),
        # As Kafka reads a PEM key store: the key and the certificate in one file.
        "kafka-tls": (folder / "kafka-key.pem").read_text() + (folder / "kafka-certificate.pem").read_text(),
        "kafka-users": json.dumps({user: password(folder, f"kafka-{user}") for user in users}),
        "postgres-admin-url": f"postgresql://postgres:{superuser}@postgres:5432/postgres?{TLS}",
        "database-urls": json.dumps(databases),
        "owner-urls": json.dumps(owners),
        **{f"database-url-{name}": url for name, url in databases.items()},
    }
    for name, text in texts.items():
        write_private(folder / name, text)
    for name in (
        "operator-token",
        "grafana-admin",
        "pairwise-secret",
        "sealing-keys",
        "webhook-keys",
        "console-keys",
    ):
        password(folder, name)
    secret = folder / "console-client-secret"
    if not secret.exists():  # the provider gives it; a public client has none
        write_private(secret, "")
    for name in SERVICES:
        audit_key(folder, name)
    county_tokens(folder, counties)
    integrator_tokens(folder, integrators)
    write_private(folder / "cli.env", cli_environment(folder))
    for name in (*texts, *MADE_AS_THEY_ARE):
        (folder / name).chmod(0o444)
    make_grants(folder)


def make_grants(folder: Path) -> None:
    """Writes the files of grants, which hold no secret: an installation's own, which grants nothing yet, and a trial's.

    A folder is mounted, not a file: a change puts a new file in the old one's place.
    """
    grants = folder / "grants"
    grants.mkdir(exist_ok=True)
    own, trial = grants / "grants.yaml", grants / "trial.yaml"
    if not own.exists():
        write_grants(own, GrantsFile())
    write_trial_grants(trial, folder)
    grants.chmod(0o755)
    for path in (own, trial):
        path.chmod(0o644)


def database_url(service: str, role: str, secret: str) -> str:
    """A service's own database, as the containers reach it."""
    return f"postgresql://{role}:{secret}@postgres:5432/{service}?{TLS}"


def jaas(secret: str) -> str:
    """What each of Kafka's listeners compares with; the broker itself is the administrator, whose password this is."""
    login = f'required username="{kafka.ADMIN}" password="{secret}"'
    return (
        f"internal.KafkaServer {{ {kafka.SCRAM} {login}; }};\n"
        f"external.KafkaServer {{ {kafka.SCRAM} required; }};\n"
        f'controller.KafkaServer {{ {kafka.PLAIN} {login} user_{kafka.ADMIN}="{secret}"; }};\n'
    )


def cli_environment(folder: Path) -> str:
    """What the `reliefstream` command on this machine needs, to be read by a shell (`set -a; . cli.env`)."""
    address = {
        name: f"https://127.0.0.1:${{RELIEFSTREAM_{name.upper()}_PORT:-{PORTS[name]}}}" for name in SERVICES
    }
    settings = {
        "RELIEFSTREAM_KAFKA_BOOTSTRAP": f"127.0.0.1:${{RELIEFSTREAM_KAFKA_PORT:-{PORTS['kafka']}}}",
        "RELIEFSTREAM_KAFKA_USERNAME": "operator",
        "RELIEFSTREAM_KAFKA_PASSWORD": password(folder, "kafka-operator"),
        "RELIEFSTREAM_CA_FILE": os.fspath(folder / "ca.pem"),
        "RELIEFSTREAM_OPERATOR_TOKEN": password(folder, "operator-token"),
        "RELIEFSTREAM_COUNTY_TOKENS_FILE": os.fspath(folder / "county-tokens.json"),
        "RELIEFSTREAM_ACCOUNT_TOKENS_FILE": os.fspath(folder / "account-tokens.json"),
        "RELIEFSTREAM_GRANTS_FILE": os.fspath(folder / "grants" / "grants.yaml"),
        **{f"RELIEFSTREAM_{name.upper()}_URL": url for name, url in address.items()},
        "RELIEFSTREAM_CONSOLE_URL": f"https://localhost:${{RELIEFSTREAM_CONSOLE_PORT:-{PORTS[CONSOLE]}}}",
    }
    return "".join(f'{name}="{value}"\n' for name, value in settings.items())


def main() -> None:
    """Writes the secrets of every county in deploy/counties and of every integrator in deploy/integrators.yaml."""
    known, integrators = counties(), read_integrators(INTEGRATORS)
    make(FOLDER, known, integrators, datetime.now(UTC))
    sys.stdout.write(
        f"{FOLDER}: passwords, tokens and certificates for {', '.join((*known, *integrators))}\n"
    )


if __name__ == "__main__":
    main()
