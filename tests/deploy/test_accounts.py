"""Root and an ordinary user both run the servers, and nothing outside the state changes its permissions."""

import asyncio
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from deploy.local.servers import kafka, unprivileged
from deploy.local.servers.postgres import BINARIES
from deploy.local.testing import start, stop
from tests.deploy.conftest import JARS

REPOSITORY = Path(__file__).resolve().parents[2]
RUN = """
import os, sys, asyncio, asyncpg
from pathlib import Path
from deploy.local.testing import start, stop
root, jars = Path(sys.argv[1]), Path(sys.argv[2])
try:
    given = start(root, os.environ, jars)
    async def answer():
        connection = await asyncpg.connect(given.postgres_admin_dsn)
        return await connection.fetchval("SELECT current_setting('data_directory')")
    print(asyncio.run(answer()))
finally:
    stop(root)
"""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run it as somebody else")


def permissions(folder: Path) -> dict[str, tuple[int, int, int]]:
    found = {}
    for path in (folder, *folder.parents):
        stat = path.stat()
        found[str(path)] = (stat.st_mode, stat.st_uid, stat.st_gid)
    return found


def enters(become: list[str], python: str) -> bool:
    command = [*become, python, "-c", "import deploy.local.testing"]
    return subprocess.run(command, capture_output=True, check=False, cwd="/").returncode == 0


async def data_directory(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    try:
        return str(await connection.fetchval("SELECT current_setting('data_directory')"))
    finally:
        await connection.close()


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder like /root: nobody but its owner may enter."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    return folder


@pytest.mark.servers
@as_root
def test_root_runs_postgres_below_a_folder_that_nobody_else_may_enter(closed: Path) -> None:
    before = permissions(closed)
    kafka.fetch_jars(JARS, os.environ)
    try:
        given = start(closed / "local", os.environ, JARS)
        data = Path(asyncio.run(data_directory(given.postgres_admin_dsn)))
    finally:
        stop(closed / "local")
    assert data.resolve().is_relative_to(closed.resolve())
    assert permissions(closed) == before


@pytest.mark.servers
@as_root
def test_an_ordinary_user_runs_the_servers() -> None:
    account = pwd.getpwnam("nobody")
    become = [
        "setpriv",
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
        "env",
        "HOME=/nonexistent",
    ]
    become.append("PYTHONPATH=" + os.pathsep.join([str(REPOSITORY), *sys.path]))
    python = next((each for each in (sys.executable, "/usr/bin/python3") if enters(become, each)), None)
    if python is None:
        pytest.skip("this clone or its Python lies where no ordinary user may enter")
    kafka.fetch_jars(JARS, os.environ)
    root = Path("/var/tmp") / f"reliefstream-test-{os.getpid()}"
    root.mkdir()
    os.chown(root, account.pw_uid, account.pw_gid)
    try:
        command = [*become, python, "-c", RUN, str(root), str(JARS)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", timeout=900)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == str(root / "postgres" / "data")
        assert {path.stat().st_uid for path in root.rglob("*")} == {account.pw_uid}
    finally:
        shutil.rmtree(root)


@as_root
def test_each_way_that_this_system_allows_runs_a_binary_of_a_closed_folder(closed: Path) -> None:
    binary, data = closed / "postgres", closed / "data"
    shutil.copy(BINARIES / "postgres", binary)
    data.mkdir(mode=0o700)
    prefix = unprivileged.prefix_for(data, binary)
    user = subprocess.run([*prefix, "id", "-u"], capture_output=True, text=True, check=True).stdout
    assert int(user) != 0
    assert (
        subprocess.run([*prefix, str(binary), "--version"], capture_output=True, check=False).returncode == 0
    )
    assert subprocess.run([*prefix, "touch", str(data / "new")], check=False).returncode == 0


@as_root
def test_the_account_changes_with_the_way_and_takes_all_data_along(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "base").mkdir(parents=True)
    (data / "base" / "1").touch()
    for owner, _ in unprivileged.ways():
        unprivileged.give(data, owner)
        assert {path.stat().st_uid for path in (data, *data.rglob("*"))} == {owner}


@as_root
def test_without_any_way_root_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(unprivileged, "ways", lambda: iter([(0, ["false"])]))
    with pytest.raises(unprivileged.ServerMissingError, match="ordinary user"):
        unprivileged.prefix_for(tmp_path, BINARIES / "postgres")
