"""The roles of Postgres: for each service an owner, which migrates, and a role that runs it and can change no schema.

What a running service may do stands in its migrations, granted to ``reliefstream_flow`` (its consumers, jobs and acts)
and to ``reliefstream_reader`` (what it shows over HTTP, under row security); its role is a member of both.
"""

from typing import Any, TypeAlias

import asyncpg

from deploy.local.servers.postgres_address import owner

GROUPS = ("reliefstream_flow", "reliefstream_reader")
LIMITS = {"statement_timeout": "120s", "lock_timeout": "60s", "idle_in_transaction_session_timeout": "120s"}
"""Of a running service: what hangs longer holds locks that others wait for."""
Connection: TypeAlias = "asyncpg.Connection[Any]"


async def make_groups(superuser: Connection) -> None:
    """Makes the roles that migrations grant to; safe to repeat, also at the same time."""
    for name in GROUPS:
        if not await superuser.fetchval("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", name):
            try:
                await superuser.execute(f"CREATE ROLE {name} NOLOGIN")
            except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
                continue  # another has just made it


async def make_login(superuser: Connection, name: str, password: str) -> None:
    """Makes a role that may log in with this password and nothing else; one that is there gets the password."""
    exists = await superuser.fetchval("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", name)
    # CREATE ROLE takes no parameters: the server quotes both.
    statement = await superuser.fetchval(
        "SELECT format($1 || ' ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L', $2::text, $3::text)",
        "ALTER" if exists else "CREATE",
        name,
        password,
    )
    await superuser.execute(statement)


async def make_service(superuser: Connection, service: str, owner_password: str, password: str) -> None:
    """Makes both roles of a service; safe to repeat."""
    await make_login(superuser, owner(service), owner_password)
    await make_login(superuser, service, password)
    # Rewriting ends with a checkpoint (deploy/rewriting.py).
    await superuser.execute(f'GRANT pg_checkpoint TO "{owner(service)}"')
    flow, reader = GROUPS
    await superuser.execute(f'GRANT {flow} TO "{service}"')
    # Not inherited: it takes the reader's rights, and loses all others, for the rest of a transaction.
    await superuser.execute(f'GRANT {reader} TO "{service}" WITH INHERIT FALSE, SET TRUE')
    for name, value in LIMITS.items():
        await superuser.execute(f"ALTER ROLE \"{service}\" SET {name} = '{value}'")


async def make_database(superuser: Connection, service: str, name: str) -> bool:
    """Makes a database of the service's owner, which no other service may enter; False when it was there already."""
    new = not await superuser.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name)
    if new:
        await superuser.execute(f'CREATE DATABASE "{name}" OWNER "{owner(service)}"')
    await superuser.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    await superuser.execute(f'GRANT CONNECT ON DATABASE "{name}" TO "{service}"')
    return new


async def let_owner_rewrite(superuser_in_database: Connection, service: str) -> None:
    """Lets the owner end the file that Postgres' log is written to, as its rewriting does; safe to repeat."""
    await superuser_in_database.execute(f'GRANT EXECUTE ON FUNCTION pg_switch_wal() TO "{owner(service)}"')
