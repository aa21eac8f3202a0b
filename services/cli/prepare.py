"""``reliefstream prepare``: what the services need on Kafka and Postgres, made once and brought up to date."""

import asyncio
import os
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.kafka.access import grant
from deploy.kafka.topic_map import topic_map
from deploy.kafka.topics import Prepared, prepare_topics
from deploy.local.plan import counties
from deploy.local.servers.postgres import create_databases
from deploy.local.servers.requirements import ServerMissingError
from services import COUNTIES
from services.chassis.runtime.migrate import MigrationFailed, migrate
from services.chassis.settings.kafka_address import KafkaAddress
from services.chassis.settings.service_settings import PREFIX, WrongSettings, read_settings
from services.cli.terminal.exit import ServerMissing


class PrepareSettings(BaseSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals, or files in the secrets' folder."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    kafka_bootstrap: str
    kafka_username: str | None = None
    kafka_password: SecretStr | None = None
    database_urls: dict[str, SecretStr]
    """JSON object, service to the URL of its database."""
    postgres_admin_url: SecretStr | None = None
    """A superuser's: roles and databases are made with it. None: they are there."""
    counties_dir: Path = COUNTIES
    """One folder a county: each has topics of its own, and rights to them."""


def prepare() -> None:
    """Make databases, topics and rights, and bring each database to its newest schema; may be repeated.

    RELIEFSTREAM_KAFKA_BOOTSTRAP (with _USERNAME, _PASSWORD) and RELIEFSTREAM_DATABASE_URLS, a JSON object of
    service to database URL; RELIEFSTREAM_POSTGRES_ADMIN_URL where roles and databases are to be made. Each may be
    a file of that name in RELIEFSTREAM_SECRETS_DIR instead.
    """
    try:
        settings = read_settings(PrepareSettings, os.environ)
    except WrongSettings as wrong:
        raise ServerMissing(f"Set {wrong}, or use: reliefstream up") from None
    urls = {name: url.get_secret_value() for name, url in settings.database_urls.items()}
    if settings.postgres_admin_url:
        asyncio.run(make_databases(settings.postgres_admin_url.get_secret_value(), urls))
    password = settings.kafka_password.get_secret_value() if settings.kafka_password else None
    kafka = KafkaAddress(settings.kafka_bootstrap, settings.kafka_username, password)
    known = counties(settings.counties_dir)
    try:
        print(changes(prepare_topics(kafka, topic_map(), known)))
        if settings.kafka_username:
            grant(kafka, known)
            print(f"rights at Kafka: {', '.join(known)}, integrator")
    except ServerMissingError as error:
        raise ServerMissing(str(error)) from None
    for service, url in urls.items():
        try:
            migrate(service, url)
        except MigrationFailed as error:
            raise ServerMissing(f"The database of {error}") from None
        print(f"database of {service} is at its newest schema")


def changes(prepared: Prepared) -> str:
    """What was changed of the topics, one line each kind."""
    lines = [f"{len(prepared.made)} topics made"] if prepared.made else []
    lines += [f"topic {name}: partitions added" for name in prepared.extended]
    lines += [
        f"topic {name}: set {', '.join(f'{setting} to {value}' for setting, value in settings.items())}"
        for name, settings in prepared.set.items()
    ]
    return "\n".join(lines) or "topics are there"


async def make_databases(admin_url: str, urls: dict[str, str]) -> None:
    """A role and a database of its name for each service. Raises ServerMissing when Postgres refuses."""
    try:
        await create_databases(admin_url, {name: urlsplit(url).password or "" for name, url in urls.items()})
    except (OSError, asyncpg.PostgresError) as error:
        raise ServerMissing(f"Postgres does not let its superuser in: {type(error).__name__}") from None
    print(f"{len(urls)} databases are there")
