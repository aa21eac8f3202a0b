"""What the services need on Kafka and Postgres, made once and brought up to date."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.kafka.access import grant
from deploy.kafka.credentials import set_passwords
from deploy.kafka.integrators import INTEGRATORS, read_integrators
from deploy.kafka.quotas import limit, quotas
from deploy.kafka.topic_map import topic_map
from deploy.kafka.topics import Prepared, prepare_topics
from deploy.local.servers.postgres import create_databases
from deploy.local.servers.postgres_address import Passwords
from deploy.local.servers.requirements import ServerMissingError
from services import COUNTIES, counties
from services.chassis.runtime.migrate import MigrationFailed, migrate
from services.chassis.settings.http_settings import PREFIX
from services.chassis.settings.kafka_address import KafkaAddress


class OwnerSettings(BaseSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals, or files in the secrets' folder."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    owner_urls: dict[str, SecretStr]
    """JSON object, service to the URL of its database as its owner, who migrates and rewrites."""


class PrepareSettings(OwnerSettings):
    """As the owners', with all that is to be made."""

    kafka_bootstrap: str
    kafka_username: str | None = None
    kafka_password: SecretStr | None = None
    ca_file: Path | None = None
    """PEM file of the authority whose certificate Kafka must show; None: no TLS to Kafka."""
    kafka_users: dict[str, SecretStr] = {}
    """JSON object, user to password, of every user but the administrator. Empty: their passwords stay."""
    database_urls: dict[str, SecretStr] = {}
    """The same as the role that runs the service; only for ``postgres_admin_url``."""
    postgres_admin_url: SecretStr | None = None
    """A superuser's: roles and databases are made with it. None: they are there."""
    counties_dir: Path = COUNTIES
    """One folder a county: each has topics of its own, and rights to them."""
    integrators_file: Path = INTEGRATORS
    """YAML, integrator's name to a list of counties: whose dismissals it reads from Kafka."""


def prepare(settings: PrepareSettings, say: Callable[[str], None]) -> None:
    """Makes databases, topics and rights, and brings each database to its newest schema; may be repeated.

    ``say`` is given each step that is done. Raises ServerMissingError.
    """
    urls = {name: url.get_secret_value() for name, url in settings.owner_urls.items()}
    if settings.postgres_admin_url:
        asyncio.run(_make_databases(settings.postgres_admin_url.get_secret_value(), _passwords(settings)))
        say(f"{len(urls)} databases are there")
    password = settings.kafka_password.get_secret_value() if settings.kafka_password else None
    kafka = KafkaAddress(settings.kafka_bootstrap, settings.kafka_username, password, settings.ca_file)
    known = counties(settings.counties_dir)
    say(changes(prepare_topics(kafka, topic_map(), known)))
    if settings.kafka_username:
        if settings.kafka_users:
            set_passwords(kafka, {user: one.get_secret_value() for user, one in settings.kafka_users.items()})
            say(f"passwords at Kafka: {len(settings.kafka_users)} users")
        integrators = read_integrators(settings.integrators_file)
        grant(kafka, topic_map(), known, integrators)
        limit(kafka, quotas(topic_map(), known, integrators))
        say(f"rights and quotas at Kafka: the services, operator, {', '.join((*known, *integrators))}")
    with ThreadPoolExecutor(len(urls)) as threads:
        for service, done in [
            (service, threads.submit(migrate, service, url)) for service, url in urls.items()
        ]:
            try:
                done.result()
            except MigrationFailed as error:
                raise ServerMissingError(f"The database of {error}") from None
            say(f"database of {service} is at its newest schema")


def changes(prepared: Prepared) -> str:
    """What was changed of the topics, one line each kind."""
    lines = [f"{len(prepared.made)} topics made"] if prepared.made else []
    lines += [f"topic {name}: partitions added" for name in prepared.extended]
    lines += [
        f"topic {name}: set {', '.join(f'{setting} to {value}' for setting, value in settings.items())}"
        for name, settings in prepared.set.items()
    ]
    return "\n".join(lines) or "topics are there"


def _passwords(settings: PrepareSettings) -> dict[str, Passwords]:
    """Of both roles of each service. Raises ServerMissingError."""
    if missing := sorted(settings.owner_urls.keys() - settings.database_urls):
        raise ServerMissingError(f"{PREFIX}DATABASE_URLS names no database of {', '.join(missing)}")
    return {
        name: Passwords(_password(url), _password(settings.database_urls[name]))
        for name, url in settings.owner_urls.items()
    }


def _password(url: SecretStr) -> str:
    return unquote(urlsplit(url.get_secret_value()).password or "")


async def _make_databases(admin_url: str, passwords: dict[str, Passwords]) -> None:
    """Makes two roles and a database of its name for each service."""
    try:
        await create_databases(admin_url, passwords)
    except (OSError, asyncpg.PostgresError) as error:
        raise ServerMissingError(f"Postgres does not let its superuser in: {type(error).__name__}") from None
