"""Plain-SQL migrations by dbmate: the chassis' own, then the service's."""

import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

SERVICES = Path(__file__).parents[2]


class MigrationFailed(RuntimeError):
    """The database did not take a migration; the text is dbmate's."""


def migrate(service: str, database_url: str) -> None:
    """Brings the database of a service to its newest schema; does nothing when it is there.

    Raises MigrationFailed, with no password in its text.
    """
    beside_python = Path(sys.executable).with_name("dbmate")
    dbmate = str(beside_python) if beside_python.exists() else shutil.which("dbmate")
    if dbmate is None:
        raise MigrationFailed("dbmate is missing: install reliefstream with its dependencies")
    parts = urlsplit(database_url)
    url = urlunsplit(parts._replace(query=parts.query or "sslmode=disable"))
    done = subprocess.run(  # noqa: S603 - fixed program, our own arguments
        [
            dbmate,
            "--no-dump-schema",
            "--wait",
            "--migrations-dir",
            str(SERVICES / "chassis" / "migrations"),
            "--migrations-dir",
            str(SERVICES / service / "migrations"),
            "migrate",
        ],
        env={"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MigrationFailed(
            f"{service}: {(done.stderr or done.stdout).replace(url, 'its database').strip()}"
        )
