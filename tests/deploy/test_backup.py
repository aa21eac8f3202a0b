"""A backup from before a sealing, restored with its archived log, has nothing of it; on a real Postgres."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.backup_keys import key_of_day
from deploy.local.servers.postgres import BINARIES
from deploy.local.servers.unprivileged import prefix_for

pytestmark = [pytest.mark.servers, pytest.mark.slow]
SCRIPTS = Path(__file__).parents[2] / "deploy" / "backup"
GONE, STAYS = b"ZZGONE PERSON", b"ZZSTAYS PERSON"


class Place:
    """A folder in which an unprivileged account may run Postgres."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self._prefix = prefix_for(folder, BINARIES / "postgres")
        path = f"{BINARIES}:{os.environ['PATH']}"
        self._environ = {"PATH": path, "PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": "postgres"}

    def run(self, *command: str | Path) -> str:
        """Its output. Raises CalledProcessError."""
        return subprocess.run(
            [*self._prefix, *map(str, command)],
            cwd=self.folder,
            env=self._environ,
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        ).stdout

    def sql(self, *statements: str) -> str:
        return self.run("psql", "-qAt", *(part for one in statements for part in ("-c", one))).strip()

    @contextmanager
    def started(self, data: str) -> Iterator[None]:
        self.run("pg_ctl", "-D", data, "-l", "log", "-w", "start")
        try:
            yield
        finally:
            self.run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")


def test_a_restore_applies_every_seal(tmp_path: Path, unused_tcp_port: int) -> None:
    folder = tmp_path / "postgres"
    keys, backups = folder / "keys", folder / "backups"
    backups.mkdir(parents=True)
    key = key_of_day(keys, datetime.now(UTC).date(), os.urandom)
    place = Place(folder, unused_tcp_port)
    place.run("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "--no-sync")
    with (folder / "data" / "postgresql.conf").open("a") as settings:
        settings.write(
            f"port = {unused_tcp_port}\nunix_socket_directories = ''\nwal_recycle = off\narchive_mode = on\n"
            f"archive_command = '{SCRIPTS / 'archive_log.sh'} {keys} {backups} %p %f'\n"
            f"restore_command = '{SCRIPTS / 'restore_log.sh'} {keys} {backups} %f %p'\n"
        )
    with place.started("data"):
        place.sql(
            "CREATE TABLE person (name text)",
            f"INSERT INTO person VALUES ('{GONE.decode()}'), ('{STAYS.decode()}')",
            "CHECKPOINT",
        )
        place.run(SCRIPTS / "base.sh", keys, backups)
        place.sql(f"DELETE FROM person WHERE name = '{GONE.decode()}'", "SELECT pg_switch_wal()")
    kept = {file.name: file.read_bytes() for file in backups.iterdir()}
    assert f"{key.stem}-base.enc" in kept and not any(GONE in each or STAYS in each for each in kept.values())

    place.run("mkdir", "-m", "700", "restored")
    unpack = 'openssl enc -d -aes-256-ctr -pbkdf2 -pass "file:$0" < "$1" | tar -x -C restored'
    place.run("sh", "-c", unpack, key, backups / f"{key.stem}-base.enc")
    place.run("touch", "restored/recovery.signal")
    with place.started("restored"):
        while place.sql("SELECT pg_is_in_recovery()") != "f":
            time.sleep(0.1)
        assert place.sql("SELECT name FROM person") == STAYS.decode()
    key.unlink()
    with pytest.raises(subprocess.CalledProcessError):
        place.run(SCRIPTS / "restore_log.sh", keys, backups, "000000010000000000000001", folder / "again")
