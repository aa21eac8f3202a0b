"""Databases that live as long as a test needs them, on whatever server the tests have."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from deploy.local.servers.postgres_roles import make_groups
from services.chassis.runtime.migrate import migrate
from tests.servers import Servers


@dataclass(frozen=True)
class TemporaryDatabase:
    """Its name, and the URL of its owner."""

    name: str
    url: str = field(repr=False)


@asynccontextmanager
async def temporary_database(
    servers: Servers, service: str, template: TemporaryDatabase | None = None
) -> AsyncIterator[TemporaryDatabase]:
    """A database with the service's schema, copied from the template where one is given; dropped at the end."""
    name = f"{service}_{uuid.uuid4().hex[:12]}"
    url = urlunsplit(urlsplit(servers.postgres_admin_dsn)._replace(path=f"/{name}"))
    admin = await asyncpg.connect(servers.postgres_admin_dsn)
    try:
        await make_groups(admin)
        await admin.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template.name}" if template else ""))
        if template is None:
            migrate(service, url)
        yield TemporaryDatabase(name, url)
    finally:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.close()
