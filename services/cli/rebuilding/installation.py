"""What a replay works on: a service's settings, its database now, and the one that is to take its place."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from pydantic import SecretStr

from deploy.local import addresses as local
from deploy.local.layout import Layout
from deploy.local.plan import Plan, service_environment
from deploy.local.servers import postgres
from deploy.local.servers.requirements import ServerMissingError
from deploy.local.supervision.process_status import progress
from services.chassis.runtime.private_file import write_private
from services.chassis.settings.service_settings import ServiceSettings, WrongSettings, read_settings
from services.cli.client.addresses import known_service
from services.cli.terminal.exit import ServerMissing, WrongUsage

NO_REPLAY = {
    "ingest": "What counties send by HTTP is on no topic, and their own topics are kept for 90 days: a database of "
    "ingest is brought back from a backup of Postgres",
    "relief": "Orders, challenges and lists are entered by people and are on no topic whole: a database of relief is "
    "brought back from a backup of Postgres",
}


@dataclass(frozen=True)
class Target:
    """``layout`` is None where servers and services are not the local ones."""

    service: str
    settings: ServiceSettings = field(repr=False)
    """As the service has them, with the database that it has now, as its owner."""
    into: str = field(repr=False)
    """The URL of the database that is to take over, as its owner."""
    layout: Layout | None

    @property
    def old(self) -> str:
        return self.settings.database_url.get_secret_value()

    @property
    def database(self) -> str:
        """The name of the new database."""
        return urlsplit(self.into).path.removeprefix("/")

    def rebuilt_settings(self) -> ServiceSettings:
        """The settings on the new database."""
        return self.settings.model_copy(update={"database_url": SecretStr(self.into)})

    def keep_as_current(self) -> None:
        """From the next start on ``reliefstream up`` runs the service on the new database."""
        if self.layout is not None:
            names = local.database_names(self.layout) | {self.service: self.database}
            write_private(self.layout.databases, json.dumps(names, indent=2, sort_keys=True))


def target(service: str, into: str | None, local_root: Path, environ: Mapping[str, str]) -> Target:
    """From the environment as ``run`` takes it, else of the local servers. Raises WrongUsage, ServerMissing."""
    known_service(service)
    if service in NO_REPLAY:
        raise WrongUsage(f"{NO_REPLAY[service]}.")
    settings_type = import_module(f"services.{service}.app").Settings
    if "RELIEFSTREAM_KAFKA_BOOTSTRAP" in environ:
        if into is None:
            raise WrongUsage("Name the new database, which is beside the old one: --into DATABASE")
        try:
            settings = read_settings(settings_type, environ)
        except WrongSettings as wrong:
            raise WrongUsage(f"{service}: missing or wrong in the environment: {wrong}") from None
        found = Target(service, settings, _beside(settings.database_url.get_secret_value(), into), None)
    else:
        found = _local_target(service, into, Layout(local_root), settings_type)
    if found.into == found.old:
        raise WrongUsage("--into names the database that the service runs on")
    return found


def _local_target(service: str, into: str | None, layout: Layout, settings_type: Any) -> Target:
    try:
        given = local.read(layout.root)
    except ServerMissingError as missing:
        raise ServerMissing(str(missing)) from None
    plan = Plan.model_validate(progress(layout).get("plan", {"jars": layout.jars}))
    values = service_environment(layout, plan, given, service)
    named: dict[str, Any] = {
        name.removeprefix("RELIEFSTREAM_").lower(): each for name, each in values.items()
    }
    if "policy" in named:
        named["policy"] = plan.policy
    owner_url = given.owner_urls[service]
    settings = settings_type(**{**named, "database_url": owner_url})
    url = _beside(owner_url, into or following(urlsplit(owner_url).path.removeprefix("/")))
    return Target(service, settings, url, layout)


def _beside(url: str, database: str) -> str:
    """The URL of another database of the same server and role. Raises WrongUsage for what is no name."""
    if not re.fullmatch("[a-z][a-z0-9_]*", database):
        raise WrongUsage(
            "--into is the name of a database: small letters, digits and _ (no URL: it has a password)"
        )
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def following(database: str) -> str:
    """The name of the database after this one: reconciliation, reconciliation_2, reconciliation_3."""
    name, number = re.fullmatch(r"(.*?)(?:_(\d+))?", database).groups()  # type: ignore[union-attr] # matches any text
    return f"{name}_{int(number or 1) + 1}"


def make_database(found: Target, *, anew: bool) -> None:
    """Makes a local database where it is missing; elsewhere the operator has made it. Raises ServerMissing."""
    if found.layout is None:
        if anew:
            raise WrongUsage("--anew is for local servers: make an empty database, and name it with --into")
        return
    given = local.read(found.layout.root)
    try:
        asyncio.run(
            postgres.create_database(given.postgres_admin_dsn, found.service, found.database, anew=anew)
        )
    except (OSError, asyncpg.PostgresError):
        raise ServerMissing("Postgres does not answer. Start the servers: reliefstream up") from None
