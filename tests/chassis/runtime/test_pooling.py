"""A pooler that gives each transaction another session is refused at the start, with what to change."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from services.chassis.runtime import pooling
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.chassis.runtime.pooling import TransactionPooling, refuse_transaction_pooling
from tests.servers import Servers

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NOBODY = 65534


def answering(monkeypatch: pytest.MonkeyPatch, *sessions: int) -> None:
    """Connections that say, one query after the other, by which session they are served."""
    left = list(sessions)

    class Connection:
        async def fetchval(self, _: str) -> int:
            return left.pop(0)

        async def close(self) -> None: ...

    async def connect(*_: Any, **__: Any) -> Connection:
        return Connection()

    monkeypatch.setattr(pooling.asyncpg, "connect", connect)


@pytest.mark.parametrize("sessions", [(7, 7, 7), (7, 8, 8)])
async def test_a_session_that_is_shared_or_changes_is_refused(
    monkeypatch: pytest.MonkeyPatch, sessions: tuple[int, ...]
) -> None:
    answering(monkeypatch, *sessions)
    with pytest.raises(TransactionPooling, match="pool_mode to session"):
        await refuse_transaction_pooling("postgresql://")


async def test_a_session_of_its_own_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 7, 8, 7)
    await refuse_transaction_pooling("postgresql://")


@asynccontextmanager
async def pgbouncer(servers: Servers, mode: str) -> AsyncIterator[str]:
    """The URL of the servers' Postgres through a PgBouncer in this mode."""
    assert PGBOUNCER
    address = urlsplit(servers.postgres_admin_dsn)
    with TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        config = Path(folder) / "pgbouncer.ini"
        config.write_text(
            f"[databases]\n* = host={address.hostname} port={address.port} user={address.username} "
            f"password={address.password}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
            f"auth_type = any\npool_mode = {mode}\nunix_socket_dir =\n"
        )
        as_root = os.getuid() == 0  # which PgBouncer does not run as
        if as_root:
            os.chown(folder, NOBODY, NOBODY)
            os.chown(config, NOBODY, NOBODY)
        process = await asyncio.create_subprocess_exec(
            PGBOUNCER, "-q", str(config), user=NOBODY if as_root else None, stderr=asyncio.subprocess.DEVNULL
        )
        url = address._replace(netloc=f"postgres@127.0.0.1:{port}").geturl()
        try:
            async with asyncio.timeout(60):
                while True:
                    try:
                        await (await asyncpg.connect(url)).close()
                        break
                    except OSError:
                        await asyncio.sleep(0.05)
            yield url
        finally:
            process.terminate()
            await process.wait()


@pytest.mark.servers
@pytest.mark.skipif(not PGBOUNCER, reason="pgbouncer is not here (Debian: pgbouncer)")
@pytest.mark.parametrize(
    ("mode", "refused"), [("transaction", True), ("statement", True), ("session", False)]
)
async def test_pgbouncer_is_refused_unless_it_keeps_sessions(
    servers: Servers, mode: str, refused: bool
) -> None:
    async with pgbouncer(servers, mode) as url:
        database = Database(url, "toy", SystemClock())
        if refused:
            with pytest.raises(TransactionPooling):
                await database.open()
            return
        await database.open()
        async with database.transaction() as work:
            assert await work.db.fetchval("SELECT 1") == 1
        await database.close()
